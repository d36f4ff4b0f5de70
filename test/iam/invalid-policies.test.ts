import { compilePolicy, InvalidPolicyError } from "../../proof/iam";
import type { PolicyKind } from "../../proof/iam";
import { problemsOf, SOURCE } from "./helpers";

const GRAMMAR = "Grammar of the IAM JSON policy language";
const identity = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
const resource = { ...identity, Principal: "*" };
const trust = { Effect: "Allow", Principal: { AWS: "111111111111" }, Action: "sts:AssumeRole" };
const policy = (Statement: unknown, more: object = {}) => ({ Version: "2012-10-17", Statement, ...more });
const without = (statement: object, name: string) =>
  Object.fromEntries(Object.entries(statement).filter(([key]) => key !== name));
const condition = (Condition: unknown) => ({ ...identity, Condition });

describe("A policy is refused", () => {
  it.each<[string, PolicyKind, unknown, string, string]>([
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
      "with a Principal in an identity policy",
      "identity",
      policy(resource),
      "Principal is not allowed in identity",
      GRAMMAR,
    ],
    [
      "with a NotPrincipal in an identity policy",
      "identity",
      policy({ ...identity, NotPrincipal: "*" }),
      "NotPrincipal is not allowed",
      GRAMMAR,
    ],
    ["with a Principal in a boundary", "boundary", policy(resource), "not allowed in boundary", GRAMMAR],
    ["with a Principal in a session policy", "session", policy(resource), "not allowed in session", GRAMMAR],
    [
      "with a Principal in a service control policy",
      "service-control",
      policy(resource),
      "not allowed in service-control",
      GRAMMAR,
    ],
    [
      "with a Principal in an authorizer's policy",
      "authorizer",
      policy(resource),
      "not allowed in authorizer",
      "Output from an API Gateway Lambda authorizer",
    ],
    ["without Principal in a resource policy", "resource", policy(identity), "Principal is missing", GRAMMAR],
    ["without Principal in an endpoint policy", "vpc-endpoint", policy(identity), "Principal is missing", GRAMMAR],
    ["with Principal and NotPrincipal", "resource", policy({ ...resource, NotPrincipal: "*" }), "both there", GRAMMAR],
    [
      "with a principal that is bare text",
      "resource",
      policy({ ...resource, Principal: "111111111111" }),
      "Principal is",
      GRAMMAR,
    ],
    ["with a list of principals", "resource", policy({ ...resource, Principal: ["*"] }), "Principal is", GRAMMAR],
    ["with an empty Principal", "resource", policy({ ...resource, Principal: {} }), "Principal is empty", GRAMMAR],
    [
      "with an empty list of principals",
      "resource",
      policy({ ...resource, Principal: { AWS: [] } }),
      "empty list",
      GRAMMAR,
    ],
    [
      "with a principal of unknown type",
      "resource",
      policy({ ...resource, Principal: { Aws: "*" } }),
      '"Aws"',
      GRAMMAR,
    ],
    [
      "with a canonical user",
      "resource",
      policy({ ...resource, Principal: { CanonicalUser: "79a5" } }),
      '"CanonicalUser"',
      "Grammar: most resource-based policies do not support this",
    ],
    [
      "with all roles as principal",
      "resource",
      policy({ ...resource, Principal: { AWS: "arn:aws:iam::111111111111:role/*" } }),
      "role/*",
      "You cannot use a wildcard to match part of a principal name or ARN",
    ],
    [
      "with all sessions as principal",
      "resource",
      policy({ ...resource, Principal: { AWS: "arn:aws:sts::111111111111:assumed-role/r/*" } }),
      "r/*",
      "Principals must always name a specific session",
    ],
    [
      "with all accounts as principal",
      "resource",
      policy({ ...resource, Principal: { AWS: "arn:aws:iam::*:root" } }),
      "*:root",
      "You cannot use a wildcard to match part of a principal name or ARN",
    ],
    [
      "with a group as principal",
      "resource",
      policy({ ...resource, Principal: { AWS: "arn:aws:iam::111111111111:group/g" } }),
      "group/g",
      "You cannot identify a user group as a principal",
    ],
    [
      "with a short account id",
      "resource",
      policy({ ...resource, Principal: { AWS: "11111111111" } }),
      '"11111111111"',
      "AWS account principals",
    ],
    [
      "with the id of a deleted role",
      "resource",
      policy({ ...resource, Principal: { AWS: "AROAEXAMPLE" } }),
      "AROAEXAMPLE",
      "IAM role principals: the ARN was mapped to a unique id",
    ],
    [
      "with an unresolved principal",
      "resource",
      policy({ ...resource, Principal: { AWS: "${aws_iam_role.r.arn}" } }),
      "aws_iam_role",
      "Where you can use policy variables",
    ],
    [
      "with a session without name",
      "resource",
      policy({ ...resource, Principal: { AWS: "arn:aws:sts::111111111111:assumed-role/r" } }),
      "assumed-role/r",
      "Assumed-role session principals",
    ],
    [
      "with a principal that is a number",
      "resource",
      policy({ ...resource, Principal: { AWS: 111111111111 } }),
      "111111111111",
      GRAMMAR,
    ],
    [
      "with all services as principal",
      "resource",
      policy({ ...resource, Principal: { Service: "*" } }),
      "Service",
      "AWS service principals",
    ],
    [
      "with all providers as principal",
      "trust",
      policy({ ...trust, Principal: { Federated: "*" } }),
      "Federated",
      "Web identity session principals",
    ],
    [
      "with an unknown operator",
      "identity",
      policy(condition({ StringEqual: { "s3:prefix": "x" } })),
      "StringEquals",
      "recorded: Syntax errors in policy.",
    ],
    [
      "with an operator in another case",
      "identity",
      policy(condition({ stringequals: { "s3:prefix": "x" } })),
      "StringEquals",
      "recorded: Syntax errors in policy.",
    ],
    [
      "with NullIfExists",
      "identity",
      policy(condition({ NullIfExists: { "s3:prefix": "true" } })),
      "NullIfExists",
      "...IfExists: any operator except the Null condition",
    ],
    [
      "with a set of Null",
      "identity",
      policy(condition({ "ForAllValues:Null": { "s3:prefix": "true" } })),
      "ForAllValues:Null",
      "UNCONFIRMED: refused",
    ],
    [
      "with an unknown set operator",
      "identity",
      policy(condition({ "ForEachValue:StringEquals": { "s3:prefix": "x" } })),
      "ForEachValue",
      "recorded: Syntax errors in policy.",
    ],
    [
      "with IfExists in front",
      "identity",
      policy(condition({ IfExistsStringEquals: { "s3:prefix": "x" } })),
      "IfExistsStringEquals",
      "recorded: Syntax errors in policy.",
    ],
    [
      "with IfExists twice",
      "identity",
      policy(condition({ StringEqualsIfExistsIfExists: { "s3:prefix": "x" } })),
      "StringEqualsIfExistsIfExists",
      "recorded: Syntax errors in policy.",
    ],
    [
      "with BinaryNotEquals",
      "identity",
      policy(condition({ BinaryNotEquals: { "s3:x": "AAEC" } })),
      "BinaryNotEquals",
      "Binary condition operators",
    ],
    ["with a Condition that is a list", "identity", policy(condition([])), "Condition is []", GRAMMAR],
    ["with a Condition that is null", "identity", policy(condition(null)), "Condition is null", GRAMMAR],
    [
      "with an operator without keys",
      "identity",
      policy(condition({ StringEquals: "x" })),
      "object of keys and values",
      GRAMMAR,
    ],
    [
      "with a key without namespace",
      "identity",
      policy(condition({ IpAddress: { SourceIp: "10.0.0.0/8" } })),
      "aws:SourceIp",
      "recorded: Actions/Conditions must be prefaced by a vendor",
    ],
    [
      "with an unknown global key",
      "identity",
      policy(condition({ IpAddress: { "aws:SourceIpAddress": "10.0.0.0/8" } })),
      "aws:SourceIp",
      "Access Analyzer: Invalid global condition key",
    ],
    [
      "with a tag key without tag",
      "identity",
      policy(condition({ StringEquals: { "aws:PrincipalTag": "x" } })),
      "aws:PrincipalTag/",
      "AWS global condition context keys",
    ],
    [
      "with an empty tag key",
      "identity",
      policy(condition({ StringEquals: { "aws:PrincipalTag/": "x" } })),
      "aws:PrincipalTag/",
      "AWS global condition context keys",
    ],
    [
      "with a key with a space in front",
      "identity",
      policy(condition({ StringEquals: { " aws:SourceIp": "x" } })),
      "no condition key",
      "AWS global condition context keys",
    ],
    [
      "with a URL as key",
      "trust",
      policy({ ...trust, Condition: { StringEquals: { "https://idp.example.com:sub": "x" } } }),
      "no condition key",
      "Available keys for AWS OIDC federation",
    ],
    [
      "with no value in the list",
      "identity",
      policy(condition({ StringEquals: { "s3:prefix": [] } })),
      "has no values",
      "UNCONFIRMED: refused",
    ],
    [
      "with a value that is null",
      "identity",
      policy(condition({ StringEquals: { "s3:prefix": null } })),
      "null is no value",
      GRAMMAR,
    ],
    [
      "with a value that is an object",
      "identity",
      policy(condition({ StringEquals: { "s3:prefix": [{}] } })),
      "{} is no value",
      GRAMMAR,
    ],
    [
      "with a number that is none",
      "identity",
      policy(condition({ NumericEquals: { "s3:max-keys": "ten" } })),
      '"ten"',
      "Numeric condition operators",
    ],
    [
      "with a variable for a number",
      "identity",
      policy(condition({ NumericEquals: { "s3:max-keys": "${aws:EpochTime}" } })),
      "not a number",
      "Where you can use policy variables",
    ],
    [
      "with a date that is none",
      "identity",
      policy(condition({ DateLessThan: { "aws:CurrentTime": "tomorrow" } })),
      '"tomorrow"',
      "Date condition operators",
    ],
    [
      "with a date without zone",
      "identity",
      policy(condition({ DateLessThan: { "aws:CurrentTime": "2026-01-31T08:00:00" } })),
      "2026-01-31T08:00:00",
      "W3C note-datetime; refused where AWS is UNCONFIRMED",
    ],
    [
      "with a wildcard in a date",
      "identity",
      policy(condition({ DateLessThan: { "aws:CurrentTime": "2026-*" } })),
      "2026-*",
      "Wildcards are not permitted for date condition operators",
    ],
    [
      "with a Boolean that is none",
      "identity",
      policy(condition({ Bool: { "aws:SecureTransport": "yes" } })),
      '"yes"',
      "Boolean condition operators",
    ],
    [
      "with a Null that is none",
      "identity",
      policy(condition({ Null: { "aws:SourceIp": "maybe" } })),
      '"maybe"',
      "Condition operator to check existence",
    ],
    [
      "with base64 that is none",
      "identity",
      policy(condition({ BinaryEquals: { "s3:x": "AAE" } })),
      '"AAE"',
      "Binary condition operators",
    ],
    [
      "with an ARN of too few parts",
      "identity",
      policy(condition({ ArnLike: { "aws:SourceArn": "arn:aws:s3" } })),
      "six parts",
      "ARN condition operators",
    ],
    [
      "with an ARN condition on everything",
      "identity",
      policy(condition({ ArnLike: { "aws:SourceArn": "*" } })),
      "six parts",
      "UNCONFIRMED: refused",
    ],
    [
      "with a Resource in a trust policy",
      "trust",
      policy({ ...trust, Resource: "*" }),
      "Resource is not allowed in trust",
      "recorded: Has prohibited field Resource.",
    ],
    [
      "with a NotPrincipal in a trust policy",
      "trust",
      policy({ ...without(trust, "Principal"), NotPrincipal: "*" }),
      "NotPrincipal is not allowed",
      "AWS JSON policy elements: NotPrincipal",
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
  ])("%s (%s policy)", (_what, kind, document, words, _source) => {
    const problems = problemsOf(document, kind);
    expect(problems).toHaveLength(1);
    expect(problems[0] ?? "").toContain(words);
  });
});

describe("A policy is read", () => {
  it.each<[string, PolicyKind, unknown]>([
    ["with an Id", "identity", policy(identity, { Id: "cd3ad3d9-2776-4ef1-a904-4c229d1642ee" })],
    ["as JSON text", "identity", JSON.stringify(policy([identity, identity]))],
    [
      "with empty Sids",
      "identity",
      policy([
        { ...identity, Sid: "" },
        { ...identity, Sid: "" },
      ]),
    ],
    [
      "with a Sid of any characters in a resource policy",
      "resource",
      policy({ ...resource, Sid: "Allow the partner (1)" }),
    ],
    [
      "with keys of services and providers",
      "trust",
      policy({
        ...trust,
        Condition: {
          StringEquals: {
            "sts:ExternalId": "x",
            "token.actions.githubusercontent.com:sub": "y",
            "oidc.example.com/id/1:aud": "z",
          },
        },
      }),
    ],
    [
      "with a trust in GitHub",
      "trust",
      policy({
        ...trust,
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com" },
      }),
    ],
    ["with several trusted actions", "trust", policy({ ...trust, Action: ["sts:AssumeRole", "sts:TagSession"] })],
    [
      "with a trusted service",
      "trust",
      policy({ ...trust, Principal: { Service: ["lambda.amazonaws.com", "apigateway.amazonaws.com"] } }),
    ],
    [
      "with a named principal in an endpoint policy",
      "vpc-endpoint",
      policy({ ...resource, Principal: { AWS: "arn:aws:iam::111111111111:role/r" } }),
    ],
    [
      "of another partition",
      "resource",
      policy({
        ...resource,
        Principal: { AWS: "arn:aws-us-gov:iam::111111111111:root" },
        Resource: "arn:aws-us-gov:execute-api:*:*:*",
      }),
    ],
    [
      "with a user of a path",
      "resource",
      policy({ ...resource, Principal: { AWS: "arn:aws:iam::111111111111:user/a/b/c@example.com" } }),
    ],
    ["without statements, for an API", "resource", policy([])],
    ["without statements, from an authorizer", "authorizer", policy([])],
    [
      "the same name in two objects",
      "identity",
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    ],
    [
      "text that looks like names in a value",
      "identity",
      '{"Version":"2012-10-17","Id":"\\"Version\\":{","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
    ],
  ])("%s (%s)", (_what, kind, document) => {
    expect(problemsOf(document, kind)).toEqual([]);
  });
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

  it("survives documents nested too deep to print", () => {
    let deep: unknown = {};
    for (let i = 0; i < 50_000; i++) deep = [deep];
    expect(problemsOf(policy(deep))).toHaveLength(1);
    expect(problemsOf({ ...policy(identity), Id: deep })).toHaveLength(1);
  });
});
