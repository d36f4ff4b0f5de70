import type { Expression } from "../../decision/expression";
import { DEAD } from "./machine";
import type { Machine, State } from "./machine";

/** The characters of header values and names of clients; their order is that in which they are chosen for an example. */
const ALPHABET = [
  ..."x1yzwvutsrqponmlkjihgfedcba023456789-_~ABCDEFGHIJKLMNOPQRSTUVWXYZ.!$&'()*+,;=:@ \"#%/<>?[\\]^`{|}",
];
/** Places of an expression, repetitions written out, up to which it is followed. */
const MOST_PLACES = 600;

/** Thrown where an expression looks around, or is too long. */
class Unsupported extends Error {}

/**
 * Expressions that a whole value has to match as machines over printable ASCII, exactly. A state is the set of places
 * of the expression that may have been read last (Glushkov's construction), one bit each.
 *
 * @returns undefined where one of them looks around, or is too long
 */
export function regexMachines(expressions: readonly Expression[]): readonly Machine[] | undefined {
  try {
    const built = expressions.map((expression) => new Places(expression));
    // One character for all those that no place of any expression tells apart.
    const examples = new Map<string, string>();
    for (const character of ALPHABET) {
      const told = built.map((places) => places.taking(character)).join();
      if (!examples.has(told)) examples.set(told, character);
    }
    return built.map((places) => places.machine([...examples.values()]));
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

/** What a part of an expression can begin and end with. */
interface Part {
  readonly first: bigint;
  readonly last: bigint;
  readonly empty: boolean;
}

const NOTHING: Part = { first: 0n, last: 0n, empty: true };

class Places {
  readonly #reads: ((code: number) => boolean)[] = [];
  readonly #follow: bigint[] = [];
  readonly #whole: Part;
  readonly #taking = new Map<string, bigint>();

  constructor(expression: Expression) {
    this.#whole = this.#place(inside(inside(expression, "start"), "end"));
  }

  /** The places that take a character. */
  taking(character: string): bigint {
    let places = this.#taking.get(character);
    if (places === undefined) {
      const code = character.charCodeAt(0);
      places = this.#reads.reduce((set, reads, at) => (reads(code) ? set | (1n << BigInt(at)) : set), 0n);
      this.#taking.set(character, places);
    }
    return places;
  }

  machine(examples: readonly string[]): Machine {
    const start = 1n << BigInt(this.#reads.length);
    const { first, last, empty } = this.#whole;
    return {
      start,
      step: (state, character): State => {
        if (typeof state !== "bigint") return DEAD;
        let next = state === start ? first : 0n;
        this.#follow.forEach((places, at) => {
          if ((state >> BigInt(at)) & 1n) next |= places;
        });
        next &= this.taking(character);
        return next === 0n ? DEAD : next;
      },
      accepts: (state) => typeof state === "bigint" && ((state & last) !== 0n || (empty && state === start)),
      live: (state) => (typeof state === "bigint" ? examples : []),
    };
  }

  #place(expression: Expression): Part {
    switch (expression.kind) {
      case "character": {
        if (this.#reads.length >= MOST_PLACES) throw new Unsupported();
        const place = 1n << BigInt(this.#reads.push(expression.reads) - 1);
        this.#follow.push(0n);
        return { first: place, last: place, empty: false };
      }
      case "sequence":
        return expression.parts.reduce((before, one) => this.#after(before, this.#place(one)), NOTHING);
      case "choice": {
        const parts = expression.parts.map((one) => this.#place(one));
        return {
          first: parts.reduce((places, { first }) => places | first, 0n),
          last: parts.reduce((places, { last }) => places | last, 0n),
          empty: parts.some(({ empty }) => empty),
        };
      }
      case "repeat":
        return this.#repeat(expression.part, expression.least, expression.most);
      default:
        throw new Unsupported();
    }
  }

  #repeat(part: Expression, least: number, most: number): Part {
    let needed = NOTHING;
    for (let time = 0; time < least; time++) needed = this.#after(needed, this.#place(part));
    if (most === Infinity) {
      const again = this.#place(part);
      this.#link(again.last, again.first);
      return this.#after(needed, { ...again, empty: true });
    }
    // a{0,3} is (a(a(a)?)?)?, written from the inside.
    let more = NOTHING;
    for (let time = least; time < most; time++) more = { ...this.#after(this.#place(part), more), empty: true };
    return this.#after(needed, more);
  }

  #after(before: Part, after: Part): Part {
    this.#link(before.last, after.first);
    return {
      first: before.first | (before.empty ? after.first : 0n),
      last: after.last | (after.empty ? before.last : 0n),
      empty: before.empty && after.empty,
    };
  }

  #link(from: bigint, to: bigint): void {
    this.#follow.forEach((places, at) => {
      if ((from >> BigInt(at)) & 1n) this.#follow[at] = places | to;
    });
  }
}

/** Without `^` at the start, or `$` at the end, where they say nothing new of a whole value. */
function inside(expression: Expression, side: "start" | "end"): Expression {
  if (expression.kind === "choice") {
    return { ...expression, parts: expression.parts.map((part) => inside(part, side)) };
  }
  if (expression.kind === "place") {
    const holds = side === "start" ? expression.holds("ab", 0) : expression.holds("ab", 2);
    return holds ? { kind: "sequence", parts: [] } : expression;
  }
  if (expression.kind !== "sequence") return expression;
  const at = side === "start" ? 0 : expression.parts.length - 1;
  return { ...expression, parts: expression.parts.map((part, index) => (index === at ? inside(part, side) : part)) };
}
