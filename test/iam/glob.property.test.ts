import fc from "fast-check";
import { cidrContains, parseCidr, parseIp } from "../../proof/iam";
import { parsePattern, patternMatches } from "../../proof/iam/pattern";
import { RUNS } from "./arbitraries";

const matches = (pattern: string, text: string) =>
  patternMatches(parsePattern(pattern, { wildcards: true, variables: false }), text, new Map());

/** Tries every way: slow, and plainly right. */
function naive(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const rest = pattern.slice(1);
  if (pattern.startsWith("*")) return naive(rest, text) || (text !== "" && naive(pattern, text.slice(1)));
  return text !== "" && (pattern.startsWith("?") || pattern[0] === text[0]) && naive(rest, text.slice(1));
}

it("glob matching agrees with a naive reference", () => {
  const letters = fc.constantFrom("a", "b", "/", ":");
  const patterns = fc
    .array(fc.oneof(letters, fc.constantFrom("*", "?")), { maxLength: 8 })
    .map((list) => list.join(""));
  const texts = fc.array(fc.oneof(letters, fc.constantFrom("*", "?")), { maxLength: 9 }).map((list) => list.join(""));
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      expect(matches(pattern, text)).toBe(naive(pattern, text));
    }),
    RUNS,
  );
});

/** For each part of the pattern in turn, the ends of text that it can reach: for what is too long to try every way. */
function byTable(pattern: string, text: string): boolean {
  let reached = [true, ...Array<boolean>(text.length).fill(false)];
  for (const character of pattern) {
    reached =
      character === "*"
        ? reached.map((_, end) => reached.slice(0, end + 1).includes(true))
        : reached.map(
            (_, end) => end > 0 && reached[end - 1] === true && (character === "?" || character === text[end - 1]),
          );
  }
  return reached.at(-1) === true;
}

it("glob matching agrees with a naive reference where pieces are long and hold many ?", () => {
  const texts = fc.string({ unit: fc.constantFrom("a", "a", "a", "b"), minLength: 60, maxLength: 150 });
  const cuts = fc.array(fc.tuple(fc.nat(50), fc.nat(75), fc.nat(), fc.boolean()), { minLength: 1, maxLength: 3 });
  const pairs = fc.tuple(texts, cuts, fc.boolean(), fc.boolean()).map(([text, list, open, closed]) => {
    let at = 0;
    // Parts of the text in their order, with `?` strewn in, one of them perhaps with a wrong letter.
    const pieces = list.map(([skip, length, seed, wrong]) => {
      const part = text.slice((at += skip), (at += length));
      const bent = wrong ? part.replace(/b$|a$/, (last) => (last === "a" ? "b" : "a")) : part;
      return [...bent].map((letter, i) => ((seed >> (i % 31)) & 1 ? "?" : letter)).join("");
    });
    return [`${open ? "*" : ""}${pieces.join("*")}${closed ? "*" : ""}`, text] as const;
  });
  fc.assert(
    fc.property(pairs, ([pattern, text]) => {
      expect(matches(pattern, text)).toBe(byTable(pattern, text));
    }),
    RUNS,
  );
});

it("a pattern made from a text by replacing parts with wildcards matches that text", () => {
  const parts = fc.array(fc.tuple(fc.string({ unit: "grapheme-ascii", maxLength: 5 }), fc.boolean()), { maxLength: 8 });
  fc.assert(
    fc.property(parts, (list) => {
      const text = list.map(([part]) => part).join("");
      const pattern = list.map(([part, wild]) => (wild ? "*" : part.replace(/[*?]/g, "?"))).join("");
      expect(matches(pattern, text)).toBe(true);
    }),
    RUNS,
  );
});

it("an address is in a range when the bits of the prefix are the same", () => {
  const bits = (words: readonly number[]) => words.map((word) => word.toString(2).padStart(32, "0")).join("");
  const near = fc.tuple(fc.ipV4(), fc.nat(32), fc.nat(31), fc.boolean()).map(([address, prefix, flip, same]) => {
    const [word = 0] = parseIp(address) ?? [];
    const other = same ? word : (word ^ (1 << flip)) >>> 0;
    const dotted = [24, 16, 8, 0].map((shift) => (other >>> shift) & 255).join(".");
    return [`${address}/${prefix}`, dotted] as const;
  });
  const six = fc
    .tuple(fc.ipV6(), fc.nat(128), fc.ipV6())
    .map(([range, prefix, address]) => [`${range}/${prefix}`, address] as const);
  fc.assert(
    fc.property(fc.oneof(near, six), ([range, address]) => {
      const [cidr, ip] = [parseCidr(range), parseIp(address)];
      if (cidr === undefined || ip === undefined) throw new Error(`${range} or ${address} is not read`);
      const prefix = Number(range.split("/")[1]);
      expect(cidrContains(cidr, ip)).toBe(bits(cidr.words).slice(0, prefix) === bits(ip).slice(0, prefix));
    }),
    RUNS,
  );
});
