import type { PatternToken } from "../../iam";
import { ALL, DEAD } from "./machine";
import type { Machine, State } from "./machine";

export interface GlobMachineOptions {
  /** Read first: the machine then stands behind it. */
  readonly prefix?: string;
  /** The pattern is in lower case and is held against the text in lower case. */
  readonly lower?: boolean;
}

/**
 * A pattern without variables as a machine: `*` is any run of characters, `?` any one. A state is the set of places in
 * the pattern that are reached, one bit each, so a step is a handful of operations on integers.
 */
export function globMachine(tokens: readonly PatternToken[], options: GlobMachineOptions = {}): Machine {
  const places: (string | { readonly star: boolean })[] = [];
  for (const token of tokens) {
    if (token.kind === "variable") throw new Error(`The variable ${token.key} stands for nothing here.`);
    if (token.kind === "text") places.push(...token.value);
    else if (token.kind === "one") places.push({ star: false });
    else if (!isStar(places.at(-1))) places.push({ star: true });
  }
  let stars = 0n;
  let holes = 0n;
  const masks = new Map<string, bigint>();
  places.forEach((place, index) => {
    const bit = 1n << BigInt(index);
    if (typeof place === "string") masks.set(place, (masks.get(place) ?? 0n) | bit);
    else if (place.star) stars |= bit;
    else holes |= bit;
  });
  const end = 1n << BigInt(places.length);
  const lastStar = isStar(places.at(-1)) ? 1n << BigInt(places.length - 1) : 0n;
  const settle = (reached: bigint): State => {
    if (reached === 0n) return DEAD;
    const closed = reached | ((reached & stars) << 1n);
    return (closed & lastStar) === 0n ? closed : ALL;
  };
  const step = (state: State, character: string): State => {
    if (typeof state !== "bigint") return state;
    const mask = masks.get(options.lower === true ? character.toLowerCase() : character) ?? 0n;
    return settle(((state & (mask | holes)) << 1n) | (state & stars));
  };
  let start = settle(1n);
  for (const character of options.prefix ?? "") start = step(start, character);
  return {
    start,
    step,
    accepts: (state) => state === ALL || (typeof state === "bigint" && (state & end) !== 0n),
    *live(state) {
      if (typeof state !== "bigint") return;
      for (const [character, mask] of masks) {
        if ((state & mask) === 0n) continue;
        yield character;
        if (options.lower === true && character.toUpperCase() !== character) yield character.toUpperCase();
      }
    },
  };
}

function isStar(place: string | { readonly star: boolean } | undefined): boolean {
  return typeof place === "object" && place.star;
}
