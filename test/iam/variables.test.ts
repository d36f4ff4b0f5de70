import { compilePolicy, reducePolicies } from "../../proof/iam";
import { API, conditionApplies, request, verdict } from "./helpers";
import type { Entries } from "./helpers";

const VARIABLES = "IAM policy elements: Variables and tags";

describe("A variable in a resource", () => {
  const resource = `${API}/dev/GET/home/alice`;
  it.each<[string, Entries, boolean, string]>([
    ["home/${aws:username}", { "aws:username": "alice" }, true, VARIABLES],
    ["home/${AWS:UserName}", { "aws:username": "alice" }, true, "key names are case-insensitive"],
    ["home/${aws:username}", { "aws:username": "bob" }, false, VARIABLES],
    ["home/${aws:username}", {}, false, "Policy variables with no value"],
    ["home/${aws:username}", { "aws:username": [] }, false, "Policy variables with no value"],
    ["home/${aws:username}", { "aws:username": ["alice", "bob"] }, false, "a variable stands for a single value"],
    ["home/${aws:username}*", { "aws:username": "al" }, true, VARIABLES],
    ["home/${aws:username}", { "aws:username": "*" }, false, "UNCONFIRMED: a value is literal, the safe side"],
    ["home/${aws:username}", { "aws:username": "????e" }, false, "UNCONFIRMED: a value is literal, the safe side"],
    [
      "${aws:PrincipalTag/area}/${aws:username}",
      { "aws:PrincipalTag/area": "home", "aws:username": "alice" },
      true,
      VARIABLES,
    ],
    ["home/${aws:PrincipalTag/team, 'alice'}", {}, true, "Specifying default values"],
    ["home/${aws:PrincipalTag/team, 'alice'}", { "aws:principaltag/team": "red" }, false, "Specifying default values"],
    ["home/${aws:PrincipalTag/team, 'red'}", { "aws:principaltag/team": "alice" }, true, "Specifying default values"],
    ["home/${aws:PrincipalTag/team,'alice'}", {}, true, "the space is no part of the default"],
    ["home/a${*}ice", {}, false, "Special characters"],
    ["home/${?}lice", {}, false, "Special characters"],
  ])("%s with %j: %s (%s)", (path, context, matches) => {
    const statement = { Effect: "Allow", Action: "*", Resource: `${API}/dev/GET/${path}` };
    expect(verdict(statement, { resource, context })).toBe(matches ? "ALLOW" : "NEITHER");
  });

  it.each([
    ["${*}", "*", true],
    ["${*}", "x", false],
    ["${?}", "?", true],
    ["${?}", "x", false],
    ["${$}{aws:username}", "${aws:username}", true],
    ["${$}", "$", true],
    ["a${*}*", "a*bc", true],
    ["$x", "$x", true],
    ["{x}", "{x}", true],
  ])("%s stands for the character itself: %s, %s (Special characters)", (path, tail, matches) => {
    const statement = { Effect: "Allow", Action: "*", Resource: `${API}/dev/GET/${path}` };
    expect(verdict(statement, { resource: `${API}/dev/GET/${tail}` })).toBe(matches ? "ALLOW" : "NEITHER");
  });

  it("without a value makes a NotResource spare nothing (Policy variables with no value)", () => {
    const statement = { Effect: "Deny", Action: "*", NotResource: `${API}/dev/GET/home/\${aws:username}` };
    expect(verdict(statement, { resource })).toBe("DENY");
  });
});

describe("A policy that is not of Version 2012-10-17", () => {
  const statement = { Effect: "Allow", Action: "*", Resource: `${API}/dev/GET/\${aws:username}` };
  const context = { "aws:username": "alice" };
  it.each([
    ["2012-10-17", "alice", "ALLOW"],
    ["2012-10-17", "${aws:username}", "NEITHER"],
    ["2008-10-17", "alice", "NEITHER"],
    ["2008-10-17", "${aws:username}", "ALLOW"],
    [null, "alice", "NEITHER"],
    [null, "${aws:username}", "ALLOW"],
  ])("of Version %s: the path %s is %s (IAM JSON policy elements: Version)", (version, tail, expected) => {
    const document = version === null ? { Statement: statement } : { Version: version, Statement: statement };
    expect(verdictOfDocument(document, `${API}/dev/GET/${tail}`, context)).toBe(expected);
  });

  it.each([
    ["2012-10-17", true],
    ["2008-10-17", false],
  ])(
    "of Version %s: a variable in a condition stands for its value: %s (IAM JSON policy elements: Version)",
    (version, matches) => {
      const condition = { StringEquals: { "s3:prefix": "${aws:username}" } };
      expect(conditionApplies(condition, { ...context, "s3:prefix": "alice" }, version)).toBe(matches);
      expect(conditionApplies(condition, { ...context, "s3:prefix": "${aws:username}" }, version)).toBe(!matches);
    },
  );
});

describe("A variable in a condition", () => {
  const key = "s3:prefix";
  it.each<[unknown, Entries, boolean, string]>([
    [{ StringEquals: { [key]: "${aws:username}" } }, { [key]: "alice", "aws:username": "alice" }, true, VARIABLES],
    [{ StringEquals: { [key]: "${aws:username}" } }, { [key]: "alice" }, false, "Policy variables with no value"],
    [{ StringNotEquals: { [key]: "${aws:username}" } }, { [key]: "alice" }, true, "Policy variables with no value"],
    [{ StringNotEquals: { [key]: "${aws:username}" } }, { [key]: "alice", "aws:username": "alice" }, false, VARIABLES],
    [{ StringNotLike: { [key]: "${aws:username}*" } }, { [key]: "alice" }, true, "Policy variables with no value"],
    [{ StringLike: { [key]: "${aws:username}/*" } }, { [key]: "alice/x", "aws:username": "alice" }, true, VARIABLES],
    [{ StringLike: { [key]: "${aws:username}/*" } }, { [key]: "bob/x", "aws:username": "alice" }, false, VARIABLES],
    [
      { StringLike: { [key]: "${aws:username}" } },
      { [key]: "bob", "aws:username": "*" },
      false,
      "UNCONFIRMED: a value is literal",
    ],
    [{ StringLike: { [key]: "a${*}c" } }, { [key]: "abc" }, false, "Special characters"],
    [{ StringLike: { [key]: "a${*}c" } }, { [key]: "a*c" }, true, "Special characters"],
    [{ StringEquals: { [key]: "a${*}c" } }, { [key]: "a*c" }, true, "Special characters"],
    [
      { StringEqualsIgnoreCase: { [key]: "${aws:username}" } },
      { [key]: "ALICE", "aws:username": "Alice" },
      true,
      VARIABLES,
    ],
    [
      { StringEqualsIgnoreCase: { [key]: "${aws:username, 'ALICE'}" } },
      { [key]: "alice" },
      true,
      "Specifying default values",
    ],
    [{ StringEquals: { [key]: "${aws:username, 'none'}" } }, { [key]: "none" }, true, "Specifying default values"],
    [
      { ArnEquals: { "aws:SourceArn": "arn:aws:iam::${aws:PrincipalAccount}:role/x" } },
      { "aws:SourceArn": "arn:aws:iam::111111111111:role/x", "aws:PrincipalAccount": "111111111111" },
      true,
      VARIABLES,
    ],
    [
      { ArnEquals: { "aws:SourceArn": "${aws:PrincipalArn}" } },
      { "aws:SourceArn": "arn:aws:iam::111111111111:role/x", "aws:PrincipalArn": "arn:aws:iam::111111111111:role/x" },
      true,
      VARIABLES,
    ],
    [
      { Bool: { "aws:SecureTransport": "${s3:wanted}" } },
      { "aws:SecureTransport": "true", "s3:wanted": "TRUE" },
      true,
      "Boolean condition operators",
    ],
  ])("%j with %j: %s (%s)", (condition, context, applies) => {
    expect(conditionApplies(condition, context)).toBe(applies);
  });
});

function verdictOfDocument(document: unknown, resource: string, context: Record<string, string>): string {
  const policy = compilePolicy(document, { kind: "identity", source: { file: "f", address: "a" } });
  return reducePolicies([policy], request({ resource, context })).verdict;
}
