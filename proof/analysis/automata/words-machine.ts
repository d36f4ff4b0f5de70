import { DEAD } from "./machine";
import type { Machine, State } from "./machine";

/** Accepts a few words and nothing else; where it accepts, its state tells which word it is. */
export function wordsMachine(words: Iterable<string>): Machine {
  const nodes: Map<string, number>[] = [new Map()];
  const ends = new Set<State>();
  for (const word of words) {
    let node = 0;
    for (const character of word) {
      const next = nodes[node]?.get(character) ?? nodes.push(new Map()) - 1;
      nodes[node]?.set(character, next);
      node = next;
    }
    ends.add(node);
  }
  const from = (state: State): ReadonlyMap<string, number> | undefined =>
    typeof state === "number" ? nodes[state] : undefined;
  return {
    start: 0,
    step: (state, character) => from(state)?.get(character) ?? DEAD,
    accepts: (state) => ends.has(state),
    live: (state) => from(state)?.keys() ?? [],
  };
}

/** Reads what stands behind the last `/` alone. */
export function lastSegment(machine: Machine): Machine {
  return {
    start: machine.start,
    step: (state, character) => (character === "/" ? machine.start : machine.step(state, character)),
    accepts: (state) => machine.accepts(state),
    *live(state) {
      yield "/";
      yield* machine.live(state);
    },
  };
}
