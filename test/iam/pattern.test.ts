import { contextKeys } from "../../proof/iam";
import { parsePattern, patternMatches, PatternError } from "../../proof/iam/pattern";
import type { Entries } from "./helpers";

const all = { wildcards: true, variables: true };

describe("A variable in a pattern (IAM User Guide, IAM policy elements: Variables and tags)", () => {
  it.each<[string, string, string, Entries, boolean]>([
    ["stands for its value", "home/${aws:username}", "home/alice", { "aws:username": "alice" }, true],
    ["keeps the case of its value", "home/${aws:username}", "home/alice", { "aws:username": "Alice" }, false],
    ["leaves what is before it anchored", "home/${aws:username}", "x/home/alice", { "aws:username": "alice" }, false],
    ["stands for nothing where the key is absent", "${aws:username}", "undefined", {}, false],
    ["stands for nothing where the key has two values", "${aws:TagKeys}", "a", { "aws:TagKeys": ["a", "b"] }, false],
    ["stands for its default where the key is absent", "${aws:username, 'none'}", "none", {}, true],
    ["stands for its default where the key is empty", "${aws:username, 'none'}", "none", { "aws:username": [] }, true],
    ["may have an empty default", "a${aws:username, ''}", "a", {}, true],
    ["takes its value before its default", "${aws:username, 'none'}", "none", { "aws:username": "alice" }, false],
  ])("%s: %s and %s", (_what, pattern, text, context, matches) => {
    expect(patternMatches(parsePattern(pattern, all), text, contextKeys(context))).toBe(matches);
  });

  it.each([["${aws:username"], ["${aws:username }"], ["${ aws:username}"], ["${,aws:username}"], ["${}"], ["${name}"]])(
    "%s is none",
    (pattern) => {
      expect(() => parsePattern(pattern, all)).toThrow(PatternError);
    },
  );

  it("is literal where variables are not known", () => {
    const pattern = parsePattern("${aws:username", { wildcards: true, variables: false });
    expect(patternMatches(pattern, "${aws:username", new Map())).toBe(true);
  });
});
