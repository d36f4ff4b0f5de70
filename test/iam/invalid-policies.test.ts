import { compilePolicy, InvalidPolicyError } from "../../proof/iam";
import { problemsOf, refuse, SOURCE } from "./helpers";

const GRAMMAR = "Grammar of the IAM JSON policy language";
const identity = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
const resource = { ...identity, Principal: "*" };
const trust = { Effect: "Allow", Principal: { AWS: "111111111111" }, Action: "sts:AssumeRole" };
const policy = (Statement: unknown, more: object = {}) => ({ Version: "2012-10-17", Statement, ...more });
const without = (statement: object, name: string) =>
  Object.fromEntries(Object.entries(statement).filter(([key]) => key !== name));

describe("A policy is refused", () => {
  refuse([
    ["that is no JSON", "identity", "{", "not JSON", GRAMMAR],
    ["that is empty text", "identity", "", "not JSON", GRAMMAR],
    ["that is a list", "identity", [], "is an object", GRAMMAR],
    ["that is null", "identity", null, "is an object", GRAMMAR],
    ["that is text in JSON", "identity", '"text"', "is an object", GRAMMAR],
    ["without Statement", "identity", { Version: "2012-10-17" }, "Statement is missing", GRAMMAR],
    ["with an empty Statement", "identity", policy([]), "empty list", GRAMMAR],
    [
      "with another Version",
      "identity",
      { Version: "2012-10-18", Statement: identity },
      "2012-10-18",
      "IAM JSON policy elements: Version",
    ],
    [
      "with a Version that is no text",
      "identity",
      { Version: 2012, Statement: identity },
      "Version is 2012",
      "IAM JSON policy elements: Version",
    ],
    ["with an unknown top element", "identity", policy(identity, { Statements: [] }), '"Statements"', GRAMMAR],
    ["with an Id that is no text", "identity", policy(identity, { Id: 1 }), "Id is 1", GRAMMAR],
    ["with a statement that is text", "identity", policy(["x"]), "no statement", GRAMMAR],
    ["with a statement that is null", "identity", policy([null]), "no statement", GRAMMAR],
    ["with an unknown element", "identity", policy({ ...identity, Conditions: {} }), '"Conditions"', GRAMMAR],
    ["with an element in another case", "identity", policy({ ...identity, condition: {} }), '"condition"', GRAMMAR],
    [
      "without Effect",
      "identity",
      policy(without(identity, "Effect")),
      "Effect is missing",
      "IAM JSON policy elements: Effect",
    ],
    [
      "with the effect allow",
      "identity",
      policy({ ...identity, Effect: "allow" }),
      '"allow"',
      "IAM JSON policy elements: Effect: values are case-sensitive",
    ],
    [
      "with a list of effects",
      "identity",
      policy({ ...identity, Effect: ["Allow"] }),
      "Effect is",
      "IAM JSON policy elements: Effect",
    ],
    [
      "without Action",
      "identity",
      policy(without(identity, "Action")),
      "Action is missing",
      "IAM JSON policy elements: Action",
    ],
    [
      "with Action and NotAction",
      "identity",
      policy({ ...identity, NotAction: "s3:*" }),
      "both there",
      "IAM JSON policy elements: NotAction",
    ],
    [
      "with no action in the list",
      "identity",
      policy({ ...identity, Action: [] }),
      "empty list",
      "recorded: Policy statement must contain actions.",
    ],
    [
      "with an action without service",
      "identity",
      policy({ ...identity, Action: "Invoke" }),
      '"Invoke"',
      "recorded: Actions/Conditions must be prefaced by a vendor",
    ],
    [
      "with an action with two colons",
      "identity",
      policy({ ...identity, Action: "a:b:c" }),
      '"a:b:c"',
      "recorded: Actions/Condition can contain only one colon.",
    ],
    [
      "with a wildcard in the service",
      "identity",
      policy({ ...identity, Action: "execute-*:Invoke" }),
      '"execute-*:Invoke"',
      "recorded: Vendor execute-* is not valid",
    ],
    ["with an action that is a number", "identity", policy({ ...identity, Action: 1 }), "not a string", GRAMMAR],
    ["with an empty action", "identity", policy({ ...identity, Action: "" }), 'the action ""', GRAMMAR],
    [
      "with a variable in the action",
      "identity",
      policy({ ...identity, Action: "s3:${aws:username}" }),
      "not valid",
      "Where you can use policy variables",
    ],
    [
      "without Resource",
      "identity",
      policy(without(identity, "Resource")),
      "Resource is missing",
      "recorded: Policy statement must contain resources.",
    ],
    [
      "with Resource and NotResource",
      "identity",
      policy({ ...identity, NotResource: "*" }),
      "both there",
      "IAM JSON policy elements: NotResource",
    ],
    [
      "with no resource in the list",
      "identity",
      policy({ ...identity, Resource: [] }),
      "empty list",
      "recorded: Policy statement must contain resources.",
    ],
    [
      "with a resource that is no ARN",
      "identity",
      policy({ ...identity, Resource: "abc" }),
      '"abc"',
      'recorded: must be in ARN format or "*"',
    ],
    [
      "with an empty resource",
      "identity",
      policy({ ...identity, Resource: "" }),
      'the resource ""',
      'recorded: must be in ARN format or "*"',
    ],
    [
      "with half an ARN",
      "identity",
      policy({ ...identity, Resource: "arn:aws" }),
      '"arn:aws"',
      "recorded: Resource vendor must be fully qualified",
    ],
    [
      "with an ARN without service",
      "identity",
      policy({ ...identity, Resource: "arn:aws::us-east-1:1:x" }),
      "neither an ARN",
      "recorded: Resource vendor must be fully qualified",
    ],
    [
      "with an unknown partition",
      "identity",
      policy({ ...identity, Resource: "arn:amazon:s3:::x" }),
      "neither an ARN",
      "recorded: Partition is not valid for resource",
    ],
    [
      "with a pattern that is no ARN",
      "identity",
      policy({ ...identity, Resource: "*/prod/GET/pets" }),
      "neither an ARN",
      'recorded: must be in ARN format or "*"',
    ],
    [
      "with the short form of an ARN in an identity policy",
      "identity",
      policy({ ...identity, Resource: "execute-api:/*" }),
      "only for the resource policy",
      "API Gateway resource policy examples",
    ],
    [
      "with the short form of an ARN of no known API",
      "resource",
      policy({ ...resource, Resource: "execute-api:/*" }),
      "not known here",
      "API Gateway resource policy examples",
    ],
    [
      "with a variable in the region",
      "identity",
      policy({ ...identity, Resource: "arn:aws:execute-api:${aws:RequestedRegion}:111111111111:a/*" }),
      "before its fifth colon",
      "Where you can use policy variables",
    ],
    [
      "with a variable that is not closed",
      "identity",
      policy({ ...identity, Resource: "arn:aws:s3:::a/${aws:username" }),
      "no closing brace",
      "IAM policy elements: Variables and tags",
    ],
    [
      "with a variable that is no key",
      "identity",
      policy({ ...identity, Resource: "arn:aws:s3:::a/${username}" }),
      "no context key",
      "IAM policy elements: Variables and tags",
    ],
    [
      "with an empty variable",
      "identity",
      policy({ ...identity, Resource: "arn:aws:s3:::a/${}" }),
      "no context key",
      "IAM policy elements: Variables and tags",
    ],
    [
      "with a default without quotes",
      "identity",
      policy({ ...identity, Resource: "arn:aws:s3:::a/${aws:username, x}" }),
      "no context key",
      "Specifying default values",
    ],
    [
      "with a Sid of other characters",
      "identity",
      policy({ ...identity, Sid: "my statement" }),
      "letters and digits",
      "Grammar: sid_string",
    ],
    ["with a Sid that is no text", "identity", policy({ ...identity, Sid: 1 }), "Sid 1", GRAMMAR],
    [
      "with a Sid twice",
      "identity",
      policy([
        { ...identity, Sid: "a" },
        { ...identity, Sid: "a" },
      ]),
      "already that of statement 0",
      "recorded: Statement IDs (SID) in a single policy must be unique.",
    ],
    [
      "with a Resource in a trust policy",
      "trust",
      policy({ ...trust, Resource: "*" }),
      "Resource is not allowed in trust",
      "recorded: Has prohibited field Resource.",
    ],
    [
      "with another service's action in a trust policy",
      "trust",
      policy({ ...trust, Action: "s3:GetObject" }),
      "actions of sts alone",
      "recorded: Trust Policy statement actions can only be sts:AssumeRole…",
    ],
    [
      "with all actions in a trust policy",
      "trust",
      policy({ ...trust, Action: "*" }),
      "actions of sts alone",
      "recorded: Trust Policy statement actions can only be sts:AssumeRole…",
    ],
    [
      "text with an element twice",
      "identity",
      '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}}',
      '"Effect" stands twice',
      "Grammar: no multiple instances of the same key",
    ],
    [
      "text with an element twice, once escaped",
      "identity",
      '{"Version":"2012-10-17","Statement":{"Effect":"Deny","\\u0045ffect":"Allow","Action":"*","Resource":"*"}}',
      "stands twice",
      "Grammar: no multiple instances of the same key",
    ],
    [
      "text with a condition twice",
      "identity",
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"},"Bool":{"aws:ViaAWSService":"true"}}}}',
      '"Bool" stands twice',
      "Grammar: no multiple instances of the same key",
    ],
  ]);
});

describe("The error of a policy", () => {
  const broken = policy([
    identity,
    {
      Sid: "Broken",
      Effect: "allow",
      Action: "Invoke",
      Resource: "abc",
      Condition: { StringEqual: { SourceIp: "x" } },
    },
    7,
  ]);

  it("tells every problem at once, each with its statement and where the policy stands", () => {
    let error: unknown;
    try {
      compilePolicy(broken, { kind: "identity", source: SOURCE });
    } catch (thrown) {
      error = thrown;
    }
    if (!(error instanceof InvalidPolicyError)) throw new Error("the policy is accepted");
    const { problems } = error;
    expect(problems.map((problem) => problem.what.slice(0, 12))).toEqual([
      ...Array<string>(5).fill("statement 1 "),
      "statement 2 ",
    ]);
    for (const problem of problems.slice(0, 5)) expect(problem.what).toContain('(Sid "Broken")');
    expect(new Set(problems.map((problem) => problem.where))).toEqual(new Set([`${SOURCE.file}: ${SOURCE.address}`]));
    expect(error.message).toContain("Did you mean StringEquals?");
  });

  it("quotes no more of a statement than fits on a line, and no Sid where there is none", () => {
    const quoted = (Sid: unknown) =>
      problemsOf(policy({ Sid, Effect: "allow", Action: "s3:".padEnd(300, "x"), Resource: "*" }));
    const [, quote = ""] =
      /^statement 0 (\{"Sid":"","Effect":"allow","Action":"s3:x+\.\.\.): /.exec(quoted("")[0] ?? "") ?? [];
    expect(quote).toHaveLength(120);
    expect(quoted(undefined)[0]).toMatch(/^statement 0 \{"Effect"/);
    expect(quoted(7)[0]).toMatch(/^statement 0 \{"Sid":7/);
  });

  it("survives documents nested too deep to print", () => {
    let deep: unknown = {};
    for (let i = 0; i < 50_000; i++) deep = [deep];
    expect(problemsOf(policy(deep))).toHaveLength(1);
    expect(problemsOf({ ...policy(identity), Id: deep })).toHaveLength(1);
  });
});
