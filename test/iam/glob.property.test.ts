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

describe("No pattern makes matching slow", () => {
  /** Time of the processor, which other work on the machine does not lengthen. */
  const processorMs = () => process.cpuUsage().user / 1_000;
  const path = "a".repeat(100_000);
  it.each([
    ["1,000 stars that all but match", `${"*a".repeat(1_000)}*b*`],
    ["1,000 stars that match", `${"*a".repeat(1_000)}*`],
    ["1,000 stars with a tail that does not match", `${"*a".repeat(1_000)}*b`],
    ["a long piece that almost stands everywhere", `*${"a".repeat(1_000)}b*`],
    ["a piece of any characters", `*${"?".repeat(1_000)}b*`],
    ["stars and any characters in turn", `${"*?".repeat(1_000)}*b*`],
    ["more stars than characters", "*".repeat(200_000)],
  ])("%s", (_what, pattern) => {
    const start = processorMs();
    matches(pattern, path);
    expect(processorMs() - start).toBeLessThan(1_000);
  });

  it("40 stars against a path of 1,500 characters take less than a millisecond", () => {
    const pattern = parsePattern(`${"*a".repeat(39)}*b*`, { wildcards: true, variables: false });
    const text = "a".repeat(1_500);
    const start = processorMs();
    for (let i = 0; i < 100; i++) patternMatches(pattern, text, new Map());
    expect((processorMs() - start) / 100).toBeLessThan(1);
  });
});
