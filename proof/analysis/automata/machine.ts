/**
 * A deterministic machine that reads one string character by character. States are opaque keys, equal for equal
 * futures as far as the machine can tell cheaply, so that the product of several stays small.
 */
export interface Machine {
  readonly start: State;
  /** `DEAD` once nothing that follows can be accepted. */
  step(state: State, character: string): State;
  accepts(state: State): boolean;
  /** The characters that lead elsewhere than any other would; all others behave alike. */
  live(state: State): Iterable<string>;
}

export type State = number | bigint;

/** The state from which nothing is accepted. */
export const DEAD = -1;
/** The state from which everything is accepted. */
export const ALL = -2;

/** Reads a string through a machine. */
export function run(machine: Machine, text: string, from: State = machine.start): State {
  let state = from;
  for (const character of text) state = machine.step(state, character);
  return state;
}
