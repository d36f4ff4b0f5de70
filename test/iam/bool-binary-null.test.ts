import { conditionApplies, problemsOf } from "./helpers";
import type { Entries } from "./helpers";

const BOOL = "Boolean condition operators";
const BINARY = "Binary condition operators";
const NULL = "Condition operator to check existence of condition keys";
const SECURE = "aws:SecureTransport";
const TOKEN = "aws:TokenIssueTime";

it.each<[unknown, Entries, boolean, string]>([
  [{ Bool: { [SECURE]: "true" } }, { [SECURE]: "true" }, true, BOOL],
  [{ Bool: { [SECURE]: "true" } }, { [SECURE]: "false" }, false, BOOL],
  [{ Bool: { [SECURE]: "false" } }, { [SECURE]: "false" }, true, BOOL],
  [{ Bool: { [SECURE]: "false" } }, { [SECURE]: "true" }, false, BOOL],
  [{ Bool: { [SECURE]: true } }, { [SECURE]: "true" }, true, "Grammar: quotation marks are optional for Booleans"],
  [{ Bool: { [SECURE]: false } }, { [SECURE]: "false" }, true, "Grammar: quotation marks are optional for Booleans"],
  [{ Bool: { [SECURE]: "True" } }, { [SECURE]: "TRUE" }, true, BOOL],
  [{ Bool: { [SECURE]: ["true", "false"] } }, { [SECURE]: "false" }, true, BOOL],
  [{ Bool: { [SECURE]: "true" } }, { [SECURE]: "yes" }, false, BOOL],
  [{ Bool: { [SECURE]: "true" } }, { [SECURE]: "1" }, false, BOOL],
  [{ Bool: { [SECURE]: "false" } }, { [SECURE]: "" }, false, BOOL],
  [{ Bool: { [SECURE]: "true" } }, {}, false, BOOL],
  [
    { Bool: { "aws:MultiFactorAuthPresent": "false" } },
    {},
    false,
    "aws:MultiFactorAuthPresent is absent for long-term keys",
  ],
  [
    { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
    {},
    true,
    "aws:MultiFactorAuthPresent is absent for long-term keys",
  ],
  [
    { BinaryEquals: { "kms:data": "QmluYXJ5VmFsdWVJbkJhc2U2NA==" } },
    { "kms:data": "QmluYXJ5VmFsdWVJbkJhc2U2NA==" },
    true,
    BINARY,
  ],
  [
    { BinaryEquals: { "kms:data": "QmluYXJ5VmFsdWVJbkJhc2U2NA==" } },
    { "kms:data": "QmluYXJ5VmFsdWVJbkJhc2U2NB==" },
    false,
    BINARY,
  ],
  [{ BinaryEquals: { "kms:data": "AAEC" } }, { "kms:data": "aaec" }, false, BINARY],
  [{ BinaryEquals: { "kms:data": "AAEC" } }, { "kms:data": "not base64!" }, false, BINARY],
  [{ BinaryEquals: { "kms:data": ["AAEC", "AAED"] } }, { "kms:data": "AAED" }, true, BINARY],
  [{ BinaryEquals: { "kms:data": "AAEC" } }, {}, false, BINARY],
  [{ Null: { [TOKEN]: "true" } }, {}, true, NULL],
  [{ Null: { [TOKEN]: "true" } }, { [TOKEN]: "2026-01-01T00:00:00Z" }, false, NULL],
  [{ Null: { [TOKEN]: "false" } }, {}, false, NULL],
  [{ Null: { [TOKEN]: "false" } }, { [TOKEN]: "2026-01-01T00:00:00Z" }, true, NULL],
  [{ Null: { [TOKEN]: true } }, {}, true, NULL],
  [{ Null: { [TOKEN]: "TRUE" } }, {}, true, NULL],
  [{ Null: { [TOKEN]: ["true", "false"] } }, {}, true, NULL],
  [{ Null: { [TOKEN]: "true" } }, { [TOKEN]: [] }, true, "a key without values is absent"],
  [{ Null: { [TOKEN]: "false" } }, { [TOKEN]: [] }, false, "a key without values is absent"],
  [{ Null: { [TOKEN]: "false" } }, { "AWS:TOKENISSUETIME": "x" }, true, "key names are case-insensitive"],
  [{ Null: { [TOKEN]: "true", [SECURE]: "true" } }, { [SECURE]: "true" }, false, NULL],
])("%j with %j: %s (%s)", (condition, context, applies) => {
  expect(conditionApplies(condition, context)).toBe(applies);
});

it.each([["truex"], ["xtrue"], ["true "], ["1"], [""]])(
  "Bool: %j is neither true nor false (Boolean condition operators)",
  (value) => {
    const asked = { "aws:SecureTransport": value };
    expect(conditionApplies({ Bool: { "aws:SecureTransport": "true" } }, asked)).toBe(false);
    expect(conditionApplies({ Bool: { "aws:SecureTransport": "false" } }, asked)).toBe(false);
    const policy = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } };
    const Condition = { Bool: { "aws:SecureTransport": value } };
    expect(problemsOf({ ...policy, Statement: { ...policy.Statement, Condition } })).toHaveLength(1);
  },
);

it("Bool: a variable that stands for another word holds for nothing", () => {
  const condition = { Bool: { "aws:SecureTransport": "${aws:username}" } };
  expect(conditionApplies(condition, { "aws:SecureTransport": "truex", "aws:username": "truex" })).toBe(false);
  expect(conditionApplies(condition, { "aws:SecureTransport": "true", "aws:username": "true" })).toBe(true);
  const starred = { Bool: { "aws:SecureTransport": "t*${aws:username}" } };
  expect(conditionApplies(starred, { "aws:SecureTransport": "true", "aws:username": "e" })).toBe(false);
});
