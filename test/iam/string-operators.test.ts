import { conditionApplies } from "./helpers";
import type { Entries } from "./helpers";

const STRING = "String condition operators";
const KEY = "s3:prefix";

/** Each row holds for the operator and its negation at once. */
describe.each([
  ["StringEquals", "StringNotEquals"],
  ["StringLike", "StringNotLike"],
  ["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"],
])("%s and %s", (positive, negative) => {
  it.each([
    ["finance", "finance"],
    ["finance", "hr"],
    ["Finance", "finance"],
    ["fin*", "finance"],
    ["fin*", "fin*"],
    ["FIN*", "fin*"],
    ["f?nance", "finance"],
    ["*", ""],
    ["*", "anything:/at all"],
    ["", ""],
    ["", "x"],
    ["a b", "a b"],
    ["a.b", "axb"],
    ["ÄRGER", "ärger"],
    ["*inan*", "finance"],
    ["finance*finance", "finance"],
    ["true", "true"],
  ])(`policy value %j against request value %j (${STRING})`, (policy, value) => {
    const expected = expectations[positive]?.(policy, value) ?? false;
    expect(conditionApplies({ [positive]: { [KEY]: policy } }, { [KEY]: value })).toBe(expected);
    expect(conditionApplies({ [negative]: { [KEY]: policy } }, { [KEY]: value })).toBe(!expected);
  });
});

/** Written apart from the code under test: which of the pairs above match under which operator. */
const LIKE = new Set(["fin*~finance", "fin*~fin*", "f?nance~finance", "*~", "*~anything:/at all", "*inan*~finance"]);
const FOLDED = new Set(["Finance~finance", "FIN*~fin*", "ÄRGER~ärger"]);
const expectations: Record<string, (policy: string, value: string) => boolean> = {
  StringEquals: (policy, value) => policy === value,
  StringLike: (policy, value) => policy === value || LIKE.has(`${policy}~${value}`),
  StringEqualsIgnoreCase: (policy, value) => policy === value || FOLDED.has(`${policy}~${value}`),
};

describe("Several values and keys", () => {
  const many = "Evaluation logic for conditions with multiple keys or values";
  it.each<[unknown, Entries, boolean, string]>([
    [{ StringEquals: { [KEY]: ["a", "b"] } }, { [KEY]: "b" }, true, many],
    [{ StringEquals: { [KEY]: ["a", "b"] } }, { [KEY]: "c" }, false, many],
    [{ StringNotEquals: { [KEY]: ["a", "b"] } }, { [KEY]: "b" }, false, many],
    [{ StringNotEquals: { [KEY]: ["a", "b"] } }, { [KEY]: "c" }, true, many],
    [{ StringEquals: { [KEY]: "a", "s3:other": "b" } }, { [KEY]: "a", "s3:other": "b" }, true, many],
    [{ StringEquals: { [KEY]: "a", "s3:other": "b" } }, { [KEY]: "a", "s3:other": "c" }, false, many],
    [{ StringEquals: { [KEY]: "a" }, StringLike: { "s3:other": "b*" } }, { [KEY]: "a", "s3:other": "bc" }, true, many],
    [{ StringEquals: { [KEY]: "a" }, StringLike: { "s3:other": "b*" } }, { [KEY]: "x", "s3:other": "bc" }, false, many],
    [
      { StringNotEquals: { "aws:SourceVpc": "vpc-1", "aws:SourceVpce": "vpce-1" } },
      { "aws:SourceVpc": "vpc-2", "aws:SourceVpce": "vpce-1" },
      false,
      "recorded: SAM SourceVpcWhitelist denies only where both mismatch",
    ],
    [
      { StringNotEquals: { "aws:SourceVpc": "vpc-1", "aws:SourceVpce": "vpce-1" } },
      { "aws:SourceVpc": "vpc-2", "aws:SourceVpce": "vpce-2" },
      true,
      "recorded: SAM SourceVpcWhitelist denies only where both mismatch",
    ],
    [
      { StringEquals: { "aws:sourceVpc": "vpc-1" } },
      { "aws:SourceVpc": "vpc-1" },
      true,
      "key names are case-insensitive (console template)",
    ],
    [
      { StringEquals: { "AWS:PRINCIPALTAG/Team": "red" } },
      { "aws:PrincipalTag/team": "red" },
      true,
      "tag keys are case-insensitive",
    ],
    [{ StringEquals: { [KEY]: 5 } }, { [KEY]: "5" }, true, "Grammar: quotation marks are optional for numbers"],
    [{ StringEquals: { [KEY]: true } }, { [KEY]: "true" }, true, "Grammar: quotation marks are optional for Booleans"],
    [{}, {}, true, "an empty Condition asks nothing"],
    [{ StringEquals: {} }, {}, true, "an operator without keys asks nothing"],
  ])("%j with %j: %s (%s)", (condition, context, applies) => {
    expect(conditionApplies(condition, context)).toBe(applies);
  });
});
