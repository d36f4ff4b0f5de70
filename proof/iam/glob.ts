import { endOf, sought, standsAt } from "./piece";
import type { Piece, SoughtPiece } from "./piece";

/**
 * Matching of `*` (any run of characters, `/` and `:` included) and `?` (any one character).
 *
 * A pattern is cut at its `*` into pieces. The first and last are anchored, each other one is looked for once,
 * leftmost first, which is enough: an earlier place never leaves less room for what follows. So no `*` is ever tried
 * twice, and the time is that of searching the text once. Positions are UTF-16 code units; paths arrive
 * percent-encoded.
 */
export interface Glob {
  readonly head: Piece;
  readonly middle: readonly SoughtPiece[];
  /** Absent where the pattern holds no `*`: then `head` is the whole of it. */
  readonly tail: Piece | undefined;
}

export type GlobToken =
  | { readonly kind: "text"; readonly value: string }
  /** `*` */
  | { readonly kind: "any" }
  /** `?` */
  | { readonly kind: "one" };

export function buildGlob(tokens: readonly GlobToken[]): Glob {
  const pieces: Piece[] = [];
  let text = "";
  let holes: number[] = [];
  for (const token of tokens) {
    if (token.kind === "text") text += token.value;
    else if (token.kind === "one") {
      holes.push(text.length);
      text += "?";
    } else {
      pieces.push({ text, holes });
      text = "";
      holes = [];
    }
  }
  const last = { text, holes };
  const [head, ...middle] = pieces;
  if (head === undefined) return { head: last, middle: [], tail: undefined };
  return { head, middle: middle.map(sought), tail: last };
}

/** Whether the whole of `text` matches. Every character of `text`, `*` and `?` included, is a literal. */
export function globMatches(glob: Glob, text: string): boolean {
  const { head, tail, middle } = glob;
  if (tail === undefined) return head.text.length === text.length && standsAt(head, text, 0);
  const end = text.length - tail.text.length;
  let at = head.text.length;
  if (at > end || !standsAt(head, text, 0) || !standsAt(tail, text, end)) return false;
  for (const piece of middle) {
    at = endOf(piece, text, at, end);
    if (at < 0) return false;
  }
  return true;
}
