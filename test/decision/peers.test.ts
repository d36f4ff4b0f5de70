/**
 * The probes that other local gateways fail, decided here as AWS decides them. Each row names which of them let the
 * caller in (OPEN) or keep one out (SHUT) whom AWS treats the other way.
 */
import { createHash } from "node:crypto";
import type { AuthorizerOutcome } from "../../proof/decision/ports";
import type { LambdaAuthorizer } from "../../proof/model/types";
import { answer, api, ARN, ask, model, NOW, ports, request, returned, route, status, tokenAuthorizer } from "./support";
import { decide } from "../../proof/decision/decide";
import { prepareEngine } from "../../proof/decision/engine";

const stage = (name: string) => ({ name, variables: {}, source: { file: "f", address: name } });
const allow = (more: Record<string, unknown> = {}) => ({
  Effect: "Allow",
  Action: "execute-api:Invoke",
  Resource: `${ARN}/*`,
  ...more,
});
const prod = (...parts: string[]) => `${ARN}/prod/${parts.join("/")}`;

async function decided(statements: unknown, rawPath = "/prod/items/42") {
  const auth = { type: "CUSTOM" as const, authorizer: tokenAuthorizer() };
  const world = {
    stages: [stage("prod"), stage("nonprod")],
    routes: [route("GET", "/items/{id}", auth), route("GET", "/a.b", auth), route("GET", "/axb", auth)],
  };
  const wire = request("GET", rawPath, { headers: [["Authorization", "t"]] });
  return ask(world, wire, { authorizerResult: returned(statements) });
}

describe("what an authorizer returned", () => {
  it.each<[string, unknown, string, "allow" | 403, string]>([
    [
      "1 an Allow and an explicit Deny of the same",
      [allow(), allow({ Effect: "Deny" })],
      "/prod/items/42",
      403,
      "OPEN sam-cli, cdk-local, Chalice, LocalEmu, robotocore, Floci",
    ],
    [
      "1 the same with the Deny first",
      [allow({ Effect: "Deny" }), allow()],
      "/prod/items/42",
      403,
      "order is irrelevant",
    ],
    [
      "2 an Allow of s3:GetObject",
      [allow({ Action: "s3:GetObject" })],
      "/prod/items/42",
      403,
      "OPEN serverless-offline, cdk-local, MiniStack, fakecloud, Floci, LocalEmu, robotocore, gopherstack",
    ],
    [
      "2 an Allow of execute-api:InvalidateCache",
      [allow({ Action: "execute-api:InvalidateCache" })],
      "/prod/items/42",
      403,
      "substring matching",
    ],
    [
      "3 an Allow of execute-api:*",
      [allow({ Action: "execute-api:*" })],
      "/prod/items/42",
      "allow",
      "SHUT sam-cli, Chalice",
    ],
    ["3 an Allow of *", [allow({ Action: "*" })], "/prod/items/42", "allow", "SHUT sam-cli, Chalice"],
    ["4 an Action in lower case", [allow({ Action: "execute-api:invoke" })], "/prod/items/42", "allow", "SHUT sam-cli"],
    ["4 an Action in capitals", [allow({ Action: "EXECUTE-API:INVOKE" })], "/prod/items/42", "allow", "SHUT sam-cli"],
    [
      "5 a Condition that fails",
      [allow({ Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } })],
      "/prod/items/42",
      403,
      "OPEN all that ignore Condition",
    ],
    [
      "5 a Condition that holds",
      [allow({ Condition: { IpAddress: { "aws:SourceIp": "203.0.113.7" } } })],
      "/prod/items/42",
      "allow",
      "D conditions are allowed",
    ],
    [
      "5 a Deny whose Condition fails",
      [allow(), allow({ Effect: "Deny", Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } })],
      "/prod/items/42",
      "allow",
      "SHUT where Condition is ignored on a Deny",
    ],
    [
      "6 prod/GET/* for a request to nonprod",
      [allow({ Resource: prod("GET", "*") })],
      "/nonprod/items/42",
      403,
      "OPEN serverless-offline, LocalEmu, robotocore, gopherstack, Floci",
    ],
    [
      "7 a dot in the path is a dot",
      [allow({ Resource: prod("GET", "a.b") })],
      "/prod/axb",
      403,
      "OPEN serverless-offline, sam-cli",
    ],
    ["7 and matches itself", [allow({ Resource: prod("GET", "a.b") })], "/prod/a.b", "allow", ""],
    [
      "8 the blueprint's prod/*/* spans slashes",
      [allow({ Resource: prod("*", "*") })],
      "/prod/items/42",
      "allow",
      "SHUT cdk-local",
    ],
    ["9 Resource *", [allow({ Resource: "*" })], "/prod/items/42", "allow", "SHUT cdk-local"],
    [
      "9 Resource arn:aws:execute-api:*:*:*",
      [allow({ Resource: "arn:aws:execute-api:*:*:*" })],
      "/prod/items/42",
      "allow",
      "SHUT cdk-local",
    ],
    ["13 Statement as one object", allow(), "/prod/items/42", "allow", "SHUT serverless-offline, sam-cli, cdk-local"],
    [
      "only the second statement allows",
      [allow({ Resource: prod("GET", "other") }), allow()],
      "/prod/items/42",
      "allow",
      "Floci reads Statement[0] only",
    ],
    [
      "NotAction",
      [{ Effect: "Allow", NotAction: "execute-api:Invoke", Resource: "*" }],
      "/prod/items/42",
      403,
      "NotAction read as Action",
    ],
    [
      "NotResource",
      [{ Effect: "Allow", Action: "*", NotResource: prod("GET", "items", "*") }],
      "/prod/items/42",
      403,
      "NotResource read as absent",
    ],
    [
      "another API's ARN",
      [allow({ Resource: "arn:aws:execute-api:us-east-1:111122223333:zzzzzzzzzz/*" })],
      "/prod/items/42",
      403,
      "suffix matching",
    ],
    ["a question mark", [allow({ Resource: prod("GET", "items", "4?") })], "/prod/items/42", "allow", "? as a literal"],
  ])("%s", async (_, statements, rawPath, expected) => {
    expect(status(await decided(statements, rawPath))).toBe(expected);
  });
});

describe("before the authorizer", () => {
  const two: LambdaAuthorizer = tokenAuthorizer({
    type: "REQUEST",
    identitySources: ["method.request.header.A", "method.request.header.B"],
  });
  it.each<[string, LambdaAuthorizer, [string, string][], string]>([
    [
      "10 one of two identity sources is missing",
      two,
      [["A", "1"]],
      "OPEN serverless-offline (first only), cdk-local (only where all are missing)",
    ],
    [
      "the validation expression does not match",
      tokenAuthorizer({ identityValidationExpression: "^Bearer .+$" }),
      [["Authorization", "x"]],
      "serverless-offline passes an empty token to the function",
    ],
    ["the header is missing", tokenAuthorizer(), [], "LocalEmu: no identity check"],
  ])("%s: 401, and the function is not called", async (_, authorizer, headers) => {
    const world = { routes: [route("GET", "/items", { type: "CUSTOM" as const, authorizer })] };
    expect(answer(await ask(world, request("GET", "/dev/items", { headers })))).toBe("401 Unauthorized");
  });
});

describe("after the authorizer", () => {
  it.each<[string, AuthorizerOutcome, string, string]>([
    [
      "no principalId",
      { payload: { policyDocument: { Version: "2012-10-17", Statement: allow() } } },
      "500 null",
      "serverless-offline 403, sam-cli 502, others ignore it",
    ],
    [
      "the function is not there",
      { cannotInvoke: "no such function" },
      "500 null",
      "sam-cli goes on without authorization",
    ],
    ["any error but Unauthorized", { errorMessage: "Token expired" }, "500 null", "serverless-offline 401"],
  ])("%s: %s", async (_, outcome, expected) => {
    const world = { routes: [route("GET", "/items", { type: "CUSTOM" as const, authorizer: tokenAuthorizer() })] };
    const wire = request("GET", "/dev/items", { headers: [["Authorization", "t"]] });
    expect(answer(await ask(world, wire, {}, { invokeAuthorizer: () => Promise.resolve(outcome) }))).toBe(expected);
  });
});

describe("the cache leaks neither across routes nor across callers", () => {
  async function send(authorizer: LambdaAuthorizer, requests: [string, [string, string][]][]) {
    const auth = { type: "CUSTOM" as const, authorizer };
    const served = api({ routes: [route("GET", "/a", auth), route("GET", "/b", auth)] });
    const engine = prepareEngine(model([served]));
    const given = ports({
      invokeAuthorizer: (_, event) => {
        const { methodArn, authorizationToken } = event as { methodArn: string; authorizationToken: string };
        const resource = authorizationToken === "admin" ? `${ARN}/*` : methodArn;
        return Promise.resolve({ payload: returned([allow({ Resource: resource })]) });
      },
    });
    const answers = [];
    for (const [path, headers] of requests)
      answers.push(status(await decide(engine, served, request("GET", path, { headers }), given)));
    return answers;
  }
  const cached = tokenAuthorizer({ resultTtlSeconds: 300 });
  it("a policy for one route does not admit to another (fakecloud keeps the verdict)", async () => {
    const user: [string, string][] = [["Authorization", "user"]];
    expect(
      await send(cached, [
        ["/dev/a", user],
        ["/dev/b", user],
      ]),
    ).toEqual(["allow", 403]);
  });
  it("a policy of one caller does not admit another (gopherstack keys by method and path)", async () => {
    const requests: [string, [string, string][]][] = [
      ["/dev/b", [["Authorization", "admin"]]],
      ["/dev/a", [["Authorization", "user"]]],
      ["/dev/b", [["Authorization", "user"]]],
    ];
    expect(await send(cached, requests)).toEqual(["allow", "allow", 403]);
  });
});

describe("a method without authorization", () => {
  it.each<[string, [string, string][], string]>([
    ["a bearer token", [["Authorization", "Bearer abc"]], "floci#2050: any Authorization header breaks an open route"],
    ["a broken signature", [["Authorization", "AWS4-HMAC-SHA256 x"]], "nothing reads it"],
    [
      "two of them",
      [
        ["Authorization", "a"],
        ["Authorization", "b"],
      ],
      "nothing reads them",
    ],
  ])("is open also with %s", async (_, headers) => {
    const world = { routes: [route("GET", "/health")] };
    expect(status(await ask(world, request("GET", "/dev/health", { headers })))).toBe("allow");
  });
});

describe("AWS_IAM", () => {
  const hash = createHash("sha256").update("").digest("hex");
  const garbage: [string, string][] = [
    ["Host", "x"],
    ["X-Amz-Date", new Date(NOW).toISOString().replace(/[-:]|\.\d+/g, "")],
    [
      "Authorization",
      `AWS4-HMAC-SHA256 Credential=AKIASTRANGER/20261122/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=${hash}`,
    ],
  ];
  it.each<[string, [string, string][], string]>([
    ["11 SigV4 by an unknown key", garbage, "OPEN serverless-offline, sam-cli, cdk-local, Floci, MiniStack, LocalEmu"],
    ["no signature at all", [], "OPEN serverless-offline, sam-cli, Floci, fakecloud, robotocore, Chalice"],
    [
      "a header that only looks signed",
      [["Authorization", "AWS4-HMAC-SHA256 x"]],
      "OPEN MiniStack: header present only",
    ],
  ])("%s: 403", async (_, headers) => {
    const world = { routes: [route("GET", "/items", { type: "AWS_IAM" as const })] };
    expect(status(await ask(world, request("GET", "/dev/items", { headers })))).toBe(403);
  });
});
