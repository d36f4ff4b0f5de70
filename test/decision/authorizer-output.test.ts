import { readAuthorizerOutput } from "../../proof/decision/authorizer-output";
import { returned, source } from "./support";

const at = source("aws_api_gateway_authorizer.token");
const allow = [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }];
const invalid = (payload: unknown): string => {
  const read = readAuthorizerOutput(payload, at);
  return "invalid" in read ? read.invalid : "valid";
};

describe("what an authorizer function returns is an answer only if it fulfils the contract", () => {
  it.each<[string, unknown, string]>([
    ["nothing", undefined, "nothing"],
    ["null (O ExpanseLLC/lambda_authorizer#1)", null, "null"],
    ["a string", "Allow", "a string"],
    ["a list", [], "a list"],
    ["true", true, "a boolean"],
    ["a proxy response (O serverless/examples#305)", { statusCode: 401, body: "no" }, "'statusCode'"],
    ["an error object (R console log)", returned(allow, { errorType: "Error" }), "'errorType'"],
    ["an HTTP API answer", { isAuthorized: true }, "'isAuthorized'"],
    [
      "an unknown member beside the known ones",
      returned(allow, { ttl: 300 }),
      "the member 'ttl'; only principalId, policyDocument, context, usageIdentifierKey are known",
    ],
    ["a statement that is null", returned([null]), "tatement"],
    ["a policy whose Statement is null", returned(null), "tatement"],
    ["a long NotResource", returned([{ Effect: "Allow", Action: "*", NotResource: "a".repeat(513) }]), "513"],
    ["no principalId", { policyDocument: { Version: "2012-10-17", Statement: allow } }, "principalId"],
    ["an empty principalId", returned(allow, { principalId: "" }), "it returned an empty string as principalId"],
    ["a number as principalId", returned(allow, { principalId: 7 }), "principalId"],
    ["no policyDocument", { principalId: "u" }, "policyDocument"],
    [
      "a policyDocument in a string",
      returned(allow, { policyDocument: JSON.stringify({ Statement: allow }) }),
      "policyDocument",
    ],
    ["a list as context", returned(allow, { context: [] }), "context"],
    ["a list in the context", returned(allow, { context: { groups: ["a"] } }), "context.groups"],
    ["an object in the context", returned(allow, { context: { user: {} } }), "context.user is an object"],
    ["null in the context (T)", returned(allow, { context: { user: null } }), "context.user"],
    ["a number as usageIdentifierKey", returned(allow, { usageIdentifierKey: 7 }), "usageIdentifierKey"],
    ["an effect that is none", returned([{ ...allow[0], Effect: "allow" }]), "Effect"],
    ["a statement without Resource", returned([{ Effect: "Allow", Action: "execute-api:Invoke" }]), "Resource"],
    [
      "an unknown condition operator",
      returned([{ ...allow[0], Condition: { IpMatches: { "aws:SourceIp": "10.0.0.0/8" } } }]),
      "IpMatches",
    ],
    ["a Principal in a statement", returned([{ ...allow[0], Principal: "*" }]), "Principal"],
    ["a Resource of 513 characters (D 512)", returned([{ ...allow[0], Resource: `arn:${"x".repeat(509)}` }]), "513"],
    ["a long Resource inside a list", returned([{ ...allow[0], Resource: ["*", "a".repeat(600)] }]), "600"],
  ])("%s is not", (_, payload, named) => {
    expect(invalid(payload)).toContain(named);
  });

  it.each<[string, unknown]>([
    ["the least", returned(allow)],
    ["one statement without a list", returned(allow[0])],
    ["scalars in the context", returned(allow, { context: { s: "x", n: 1, b: true } })],
    [
      "null for what may be left out, as Java functions write it",
      returned(allow, { context: null, usageIdentifierKey: null }),
    ],
    [
      "a Resource of 512 characters",
      returned([{ ...allow[0], Resource: `arn:aws:execute-api:us-east-1:*:${"x".repeat(480)}` }]),
    ],
    ["an action that is none of API Gateway", returned([{ ...allow[0], Action: "s3:GetObject" }])],
    ["a condition", returned([{ ...allow[0], Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }])],
  ])("%s is", (_, payload) => {
    expect(invalid(payload)).toBe("valid");
  });
});

it.each<[string, Record<string, unknown>, string | undefined]>([
  ["a key", { usageIdentifierKey: "k" }, "k"],
  ["null", { usageIdentifierKey: null }, undefined],
  ["nothing", {}, undefined],
])("an API key is handed on where there is one: %s", (_, more, expected) => {
  const read = readAuthorizerOutput(returned(allow, more), at);
  expect("result" in read && [read.result.usageIdentifierKey, read.result.rendered]).toEqual([
    expected,
    { principalId: "user-1" },
  ]);
});

it("hands the context on as strings, with the principal's own id and without a claims member", () => {
  const context = { s: "x", n: 1.5, b: true, claims: "forged", principalId: "forged" };
  const read = readAuthorizerOutput(returned(allow, { context }), at);
  expect("result" in read && read.result.rendered).toEqual({ s: "x", n: "1.5", b: "true", principalId: "user-1" });
});
