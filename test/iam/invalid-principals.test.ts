import { refuse } from "./helpers";

const GRAMMAR = "Grammar of the IAM JSON policy language";
const identity = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
const resource = { ...identity, Principal: "*" };
const trust = { Effect: "Allow", Principal: { AWS: "111111111111" }, Action: "sts:AssumeRole" };
const without = (statement: object, name: string) =>
  Object.fromEntries(Object.entries(statement).filter(([key]) => key !== name));
const policy = (Statement: unknown, more: object = {}) => ({ Version: "2012-10-17", Statement, ...more });

describe("A policy is refused", () => {
  refuse([
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
    [
      "with a Principal that is null",
      "resource",
      policy({ ...resource, Principal: null }),
      "Principal is null",
      GRAMMAR,
    ],
    [
      "with an empty NotPrincipal",
      "resource",
      policy({ ...without(resource, "Principal"), NotPrincipal: {} }),
      "NotPrincipal is empty",
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
      "use a condition on aws:PrincipalArn",
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
      'group/g" is no valid principal. Name an account (123456789012), its root',
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
      'Principal Service: "*" is no valid principal. Name a service such as apigateway.amazonaws.com.',
      "AWS service principals",
    ],
    [
      "with all providers as principal",
      "trust",
      policy({ ...trust, Principal: { Federated: "*" } }),
      'Principal Federated: "*" is no valid principal. Name a host such as cognito-identity.amazonaws.com',
      "Web identity session principals",
    ],
    [
      "with a NotPrincipal in a trust policy",
      "trust",
      policy({ ...without(trust, "Principal"), NotPrincipal: "*" }),
      "NotPrincipal is not allowed",
      "AWS JSON policy elements: NotPrincipal",
    ],
  ]);
});
