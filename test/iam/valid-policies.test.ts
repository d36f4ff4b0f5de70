import { compilePolicy } from "../../proof/iam";
import type { PolicyKind } from "../../proof/iam";
import { problemsOf, SOURCE } from "./helpers";

const identity = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
const resource = { ...identity, Principal: "*" };
const trust = { Effect: "Allow", Principal: { AWS: "111111111111" }, Action: "sts:AssumeRole" };
const policy = (Statement: unknown, more: object = {}) => ({ Version: "2012-10-17", Statement, ...more });

describe("A policy is read", () => {
  it.each<[string, PolicyKind, unknown]>([
    ["with an Id", "identity", policy(identity, { Id: "cd3ad3d9-2776-4ef1-a904-4c229d1642ee" })],
    [
      "with tags in its conditions",
      "identity",
      policy({
        ...identity,
        Condition: {
          StringEquals: { "aws:PrincipalTag/a": "x", "aws:RequestTag/b c": "y", "aws:ResourceTag/d/e": "z" },
        },
      }),
    ],
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
      "the same key under two operators",
      "identity",
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"s3:prefix":"a*"},"StringNotLike":{"s3:prefix":"ab*"}}}}',
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

it.each([
  ["2012-10-17", "2012-10-17"],
  ["2008-10-17", "2008-10-17"],
  [undefined, "2008-10-17"],
])("a policy with Version %s is of %s (IAM JSON policy elements: Version)", (Version, expected) => {
  const document = { ...(Version === undefined ? {} : { Version }), Statement: identity };
  expect(compilePolicy(document, { kind: "identity", source: SOURCE }).version).toBe(expected);
});
