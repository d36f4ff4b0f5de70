import { DEAD } from "./machine";
import type { Machine, State } from "./machine";

/** Strings of a language on which the same machines accept. */
export interface Cell {
  /** A shortest string of the cell. */
  readonly witness: string;
  /** For each machine, in their order, whether it accepts the strings of the cell. */
  readonly accepted: readonly boolean[];
}

/** Tried in this order to stand for all characters that no machine tells apart. */
const FRESH = "x1yzwvutsrqponmlkjihgfedcba023456789-_~ABCDEFGHIJKLMNOPQRSTUVWXYZ.!$&'()*+,;=:@";

/** Steps of single machines for each state of a budget: a second or two for all of it. */
const STEPS = 500;

export interface PartitionOptions {
  /** States of the product that may be looked at; fewer where there are many machines, as each is asked at each. */
  readonly budget: number;
  /** Characters to prefer for what is left open, before all others. */
  readonly fresh?: string;
  /** What else tells cells apart, of the states in which the machines are at the end of a string. */
  readonly also?: (states: readonly State[]) => string;
}

/**
 * Cuts a language by machines: every cell that is not empty, each with a shortest witness; exact, since the product of
 * the machines is searched through.
 *
 * @returns undefined where the budget does not suffice
 */
export function partition(
  language: Machine,
  machines: readonly Machine[],
  { budget, fresh = "", also }: PartitionOptions,
): readonly Cell[] | undefined {
  const all = [language, ...machines];
  const start = all.map((machine) => machine.start);
  if (start[0] === DEAD) return [];
  const seen = new Set([start.join()]);
  const cells = new Map<string, Cell>();
  let steps = budget * STEPS;
  let front: { readonly states: readonly State[]; readonly text: string }[] = [{ states: start, text: "" }];
  while (front.length > 0) {
    const next: typeof front = [];
    for (const { states, text } of front) {
      if (language.accepts(states[0] ?? DEAD)) {
        const accepted = machines.map((machine, index) => machine.accepts(states[index + 1] ?? DEAD));
        const key = accepted.map(Number).join("") + (also?.(states.slice(1)) ?? "");
        if (!cells.has(key)) cells.set(key, { witness: text, accepted });
      }
      for (const character of alphabet(all, states, fresh)) {
        if ((steps -= all.length) < 0) return undefined;
        const reached = all.map((machine, index) => machine.step(states[index] ?? DEAD, character));
        if (reached[0] === DEAD) continue;
        const key = reached.join();
        if (seen.has(key)) continue;
        if (seen.size >= budget) return undefined;
        seen.add(key);
        next.push({ states: reached, text: text + character });
      }
    }
    front = next;
  }
  return [...cells.values()];
}

/** One character for each way the product can go on: those that matter, and one for all the others. */
function alphabet(machines: readonly Machine[], states: readonly State[], preferred: string): Set<string> {
  const live = new Set<string>();
  machines.forEach((machine, index) => {
    for (const character of machine.live(states[index] ?? DEAD)) live.add(character);
  });
  const [language] = machines;
  for (const candidate of preferred + FRESH) {
    if (live.has(candidate) || language === undefined) continue;
    if (language.step(states[0] ?? DEAD, candidate) === DEAD) continue;
    // In front, so that a witness is made of plain characters where nothing asks for others.
    return new Set([candidate, ...live]);
  }
  return live;
}
