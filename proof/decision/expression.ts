/**
 * Regular expressions matched in time that grows with the text and with the expression, and with nothing else: all ways
 * through an expression are followed at once (Thompson's construction). Where ways are tried one after the other, as
 * JavaScript and Java do, a caller can send a text for which there are more of them than anybody can wait for.
 */
export type Expression =
  | { readonly kind: "character"; readonly reads: (code: number) => boolean }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Expression[] }
  /** `most` may be `Infinity`. */
  | { readonly kind: "repeat"; readonly part: Expression; readonly least: number; readonly most: number }
  /** Reads nothing; the place has to be one that it knows. */
  | { readonly kind: "place"; readonly holds: (text: string, at: number) => boolean }
  /** Reads nothing; what stands ahead of the place, or behind it, has to match or must not. */
  | { readonly kind: "look"; readonly part: Expression; readonly ahead: boolean; readonly matches: boolean };

/** States that an expression takes: what the work for each character of a text is bounded by. */
export function sizeOf(expression: Expression): number {
  switch (expression.kind) {
    case "sequence":
    case "choice":
      return expression.parts.reduce((sum, part) => sum + sizeOf(part), 1);
    case "repeat": {
      const { part, least, most } = expression;
      return (sizeOf(part) + 1) * (most === Infinity ? least + 1 : most);
    }
    case "look":
      return 1 + sizeOf(expression.part);
    default:
      return 1;
  }
}

/** @returns whether a whole text matches */
export function matcherOf(expression: Expression): (text: string) => boolean {
  const looks: Machine[] = [];
  const whole = assemble(expression, false, looks);
  return (text) => {
    const seen: Places[] = [];
    for (const look of looks) seen.push(run(look, text, seen, true));
    return run(whole, text, seen, false)[text.length] === 1;
  };
}

/** For each place of a text, from 0 to its length, 1 where something is so. */
type Places = Uint8Array;

/** Reads a character, or passes on without where its condition holds. */
interface State {
  readonly reads?: (code: number) => boolean;
  readonly holds?: (text: string, at: number, looks: readonly Places[]) => boolean;
  readonly next: State[];
  /** The step at which it was last entered; no two steps of any run have the same number. */
  entered?: number;
}

interface Machine {
  readonly start: State;
  readonly end: State;
  /** It reads a text from its end. */
  readonly backwards: boolean;
}

/** @param looks takes the machines of what is looked for, each behind those it asks itself */
function assemble(expression: Expression, backwards: boolean, looks: Machine[]): Machine {
  /** Where one enters to read the expression and go on at `then`. */
  const into = (found: Expression, then: State): State => {
    switch (found.kind) {
      case "character":
        return { reads: found.reads, next: [then] };
      case "sequence": {
        const lastRead = backwards ? found.parts : found.parts.toReversed();
        return lastRead.reduce((next, part) => into(part, next), then);
      }
      case "choice":
        return { next: found.parts.map((part) => into(part, then)) };
      case "repeat": {
        let entry = then;
        if (found.most === Infinity) {
          entry = { next: [then] };
          entry.next.push(into(found.part, entry));
        } else {
          for (let more = found.least; more < found.most; more++) entry = { next: [then, into(found.part, entry)] };
        }
        for (let needed = 0; needed < found.least; needed++) entry = into(found.part, entry);
        return entry;
      }
      case "place":
        return { holds: found.holds, next: [then] };
      case "look": {
        // What stands ahead of every place is found in one go, from the end of the text.
        const index = looks.push(assemble(found.part, found.ahead, looks)) - 1;
        return { holds: (_, at, seen) => (seen[index]?.[at] === 1) === found.matches, next: [then] };
      }
    }
  };
  const end: State = { next: [] };
  return { start: into(expression, end), end, backwards };
}

let steps = 0;

/** The places at which the machine is through. @param anywhere it begins at every place, not only at the first */
function run({ start, end, backwards }: Machine, text: string, looks: readonly Places[], anywhere: boolean): Places {
  const through = new Uint8Array(text.length + 1);
  let entering = [start];
  for (let done = 0; done <= text.length; done++) {
    steps += 1;
    const at = backwards ? text.length - done : done;
    const code = text.charCodeAt(backwards ? at - 1 : at);
    const read: State[] = anywhere ? [start] : [];
    for (let state = entering.pop(); state !== undefined; state = entering.pop()) {
      if (state.entered === steps) continue;
      state.entered = steps;
      if (state.reads?.(code) === true) read.push(...state.next);
      if (state.reads === undefined && state.holds?.(text, at, looks) !== false) entering.push(...state.next);
    }
    if (end.entered === steps) through[at] = 1;
    entering = read;
  }
  return through;
}
