/** What stands between two `*` of a pattern. */
export interface Piece {
  readonly text: string;
  /** Where `text` stands for any one character. */
  readonly holes: readonly number[];
}

/** A piece that may stand anywhere in a text. */
export interface SoughtPiece extends Piece {
  /** Its text before the first `?`. */
  readonly lead: string;
  /** Absent where it holds no `?`. */
  readonly places: Places | undefined;
}

/** At which places of a piece a character may stand: place `i` is bit `i % 32` of word `i / 32`. */
interface Places {
  readonly of: ReadonlyMap<number, Int32Array>;
  /** Of every character that the piece does not hold: where its `?` are. */
  readonly others: Int32Array;
}

/** Whether a piece stands at `at` in a text, which has room for it there. */
export function standsAt({ text: piece, holes }: Piece, text: string, at: number): boolean {
  if (holes.length === 0) return text.startsWith(piece, at);
  let hole = 0;
  for (let i = 0; i < piece.length; i++) {
    if (holes[hole] === i) hole++;
    else if (piece.charCodeAt(i) !== text.charCodeAt(at + i)) return false;
  }
  return true;
}

export function sought(piece: Piece): SoughtPiece {
  const { text, holes } = piece;
  const lead = text.slice(0, holes[0]);
  if (holes.length === 0) return { ...piece, lead, places: undefined };
  const others = new Int32Array(Math.ceil(text.length / 32));
  for (const hole of holes) mark(others, hole);
  const of = new Map<number, Int32Array>();
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    let places = of.get(code);
    if (places === undefined) of.set(code, (places = others.slice()));
    mark(places, at);
  }
  return { ...piece, lead, places: { of, others } };
}

function mark(places: Int32Array, at: number): void {
  // A shift counts modulo 32.
  places[at >>> 5] = (places[at >>> 5] ?? 0) | (1 << at);
}

/** The end of the first occurrence of a piece that lies between `from` and `end`, or -1. */
export function endOf({ text: piece, lead, places }: SoughtPiece, text: string, from: number, end: number): number {
  const start = text.indexOf(lead, from);
  if (start < 0) return -1;
  if (places !== undefined) return shiftAnd(places, piece.length, text, start, end);
  return start + piece.length <= end ? start + piece.length : -1;
}

/**
 * Follows all beginnings of the piece that the text is in the middle of at once: bit `i` of `begun` is set while the
 * last `i + 1` characters are the first `i + 1` of the piece (Baeza-Yates and Gonnet, "A New Approach to Text
 * Searching"). For each character of the text that is one step for 32 characters of the piece, whatever they are.
 */
function shiftAnd({ of, others }: Places, length: number, text: string, from: number, end: number): number {
  const words = others.length;
  const begun = new Int32Array(words);
  const whole = 1 << (length - 1);
  for (let at = from; at < end; at++) {
    const places = of.get(text.charCodeAt(at)) ?? others;
    let carry = 1;
    let last = 0;
    for (let word = 0; word < words; word++) {
      const before = begun[word] ?? 0;
      last = ((before << 1) | carry) & (places[word] ?? 0);
      begun[word] = last;
      carry = before >>> 31;
    }
    if ((last & whole) !== 0) return at + 1;
  }
  return -1;
}
