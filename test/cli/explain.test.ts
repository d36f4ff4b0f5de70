import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Explanation } from "../../proof/cli/explain/explainer";
import type { Model } from "../../proof/model/types";
import { ACCOUNT, allowAll, allowing, api, ARN, PARTNER, policy, route, source } from "../decision/support";
import { authorizerFunction, orders, world, run, reader, asReader } from "./explaining";

async function explain(file: unknown, loaded?: Model): Promise<Explanation> {
  const { out } = await run({ request: "-", json: true }, JSON.stringify(file), loaded);
  return JSON.parse(out) as Explanation;
}

describe("explain --json", () => {
  it("writes one document with the members of the answer and no other", async () => {
    const { out, code } = await run({ request: "-", json: true }, JSON.stringify(asReader));
    expect([out.trimEnd().split("\n").length, code]).toEqual([1, 0]);
    expect(Object.keys(JSON.parse(out) as object)).toEqual([
      "outcome",
      "status",
      "errorType",
      "body",
      "route",
      "methodArn",
      "trace",
    ]);
  });

  it.each<[string, Record<string, unknown>, Partial<Explanation>]>([
    [
      "an admitted caller",
      asReader,
      {
        outcome: "allow",
        status: 200,
        errorType: null,
        body: null,
        route: "GET /orders",
        methodArn: `${ARN}/dev/GET/orders`,
      },
    ],
    [
      "a denied network",
      { ...asReader, sourceIp: "203.0.113.7" },
      {
        outcome: "deny",
        status: 403,
        errorType: "AccessDeniedException",
        body: `{"Message":"User: arn:aws:sts::${ACCOUNT}:assumed-role/reader/local is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********3333:a1b2c3d4e5/dev/GET/orders with an explicit deny in a resource-based policy"}`,
      },
    ],
    [
      "nobody",
      { ...asReader, caller: null },
      {
        status: 403,
        errorType: "MissingAuthenticationTokenException",
        body: '{"message":"Missing Authentication Token"}',
      },
    ],
    [
      "headers without a signature",
      { method: "GET", path: "/orders" },
      { status: 403, errorType: "MissingAuthenticationTokenException" },
    ],
    ["no route", { ...asReader, path: "/nope" }, { outcome: "deny", status: 403, route: null }],
    [
      "a missing stage",
      { ...asReader, stage: "prod" },
      { status: 403, errorType: "ForbiddenException", body: '{"message":"Forbidden"}' },
    ],
    ["a method in lower case", { ...asReader, method: "get" }, { outcome: "allow" }],
    [
      "a caller with policies of its own",
      { ...asReader, caller: { arn: `arn:aws:iam::${ACCOUNT}:role/new`, policies: [allowing("GET/orders").document] } },
      { outcome: "allow" },
    ],
    [
      "a caller with a boundary",
      { ...asReader, caller: { ...reader, boundary: allowing("GET/other").document } },
      { outcome: "deny", status: 403 },
    ],
    [
      "a user pool token taken as genuine, under a policy that is silent",
      { method: "GET", path: "/user", sourceIp: "198.51.100.7", claims: { token_use: "id" } },
      { status: 403 },
    ],
    [
      "an authorizer's answer",
      {
        method: "GET",
        path: "/token",
        sourceIp: "198.51.100.7",
        headers: { Authorization: "t" },
        authorizerResult: {
          principalId: "u",
          policyDocument: { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
        },
      },
      { outcome: "allow" },
    ],
  ])("%s", async (_, file, expected) => {
    expect(await explain(file)).toMatchObject(expected);
  });

  it("points at the file, the address and the statement that decided", async () => {
    const { trace } = await explain({ ...asReader, sourceIp: "203.0.113.7" });
    const step = trace.find(({ step }) => step === "resource-policy");
    expect(step).toMatchObject({
      result: "deny",
      source: { file: "main.tf.json", address: "aws_api_gateway_rest_api_policy.api.policy", statement: "office" },
    });
    expect(step?.because).toMatch(/203\.0\.113\.7/);
  });

  it("answers with the API's own gateway responses", async () => {
    const gatewayResponses = [
      {
        responseType: "DEFAULT_4XX",
        statusCode: "418",
        responseParameters: {},
        responseTemplates: { "application/json": '{"no":$context.error.messageString}' },
        source: source("g"),
      },
    ];
    expect(await explain({ ...asReader, caller: null }, world({}, [orders({ gatewayResponses })]))).toMatchObject({
      status: 418,
      body: '{"no":"Missing Authentication Token"}',
    });
  });

  it.each([
    ["2026-11-22T11:00:00Z", "allow"],
    ["2026-11-22T13:00:00+00:00", "deny"],
  ])("decides at the time that the request names: %s %s", async (time, outcome) => {
    const until = policy([{ ...allowAll, Condition: { DateLessThan: { "aws:CurrentTime": "2026-11-22T12:00:00Z" } } }]);
    const open = api({ routes: [route("GET", "/orders")], policy: until });
    expect((await explain({ method: "GET", path: "/orders", time }, world({}, [open]))).outcome).toBe(outcome);
  });

  it("goes on to the API key and the request validator behind authorization", async () => {
    const keyed = { ...route("GET", "/keyed"), apiKeyRequired: true };
    const checked = {
      ...route("GET", "/checked"),
      requestValidator: { body: false, parameters: true },
      requestParameters: { "method.request.querystring.page": true },
    };
    const loaded = world({}, [api({ routes: [keyed, checked] })]);
    const of = async (path: string, query = {}) => {
      const { status, body, trace } = await explain({ method: "GET", path, query }, loaded);
      return [status, body, trace.at(-1)?.step];
    };
    expect(await of("/keyed")).toEqual([403, '{"message":"Forbidden"}', "api-key"]);
    expect(await of("/checked")).toEqual([
      400,
      '{"message":"Missing required request parameters: [page]"}',
      "validator",
    ]);
    expect(await of("/checked", { page: ["1"] })).toEqual([200, null, "resource-policy"]);
  });

  it("places a request in a VPC", async () => {
    const inside = api({
      endpointType: "PRIVATE",
      routes: [route("GET", "/orders")],
      policy: policy([{ ...allowAll, Condition: { StringEquals: { "aws:SourceVpc": "vpc-0a" } } }]),
    });
    const file = { method: "GET", path: "/orders", sourceIp: "10.0.0.9" };
    const from = async (vpc: unknown) => (await explain({ ...file, vpc }, world({}, [inside]))).outcome;
    expect([
      await from({ id: "vpc-0a", endpoint: "vpce-0a" }),
      await from({ id: "vpc-0b" }),
      await from(undefined),
    ]).toEqual(["allow", "deny", "deny"]);
  });
});

describe("explain runs the authorizer", () => {
  it.each([
    ["good", "allow", 200],
    ["none", "deny", 401],
  ])("and decides on what it does with the token %s: %s", async (token, outcome, status) => {
    const file = { method: "GET", path: "/token", sourceIp: "198.51.100.7", headers: { Authorization: [token] } };
    expect(await explain(file)).toMatchObject({ outcome, status });
  });

  it("and says why where it cannot be called", async () => {
    const file = { method: "GET", path: "/token", sourceIp: "198.51.100.7", headers: { Authorization: "good" } };
    const answer = await explain(file, world({ functions: [{ ...authorizerFunction, permissions: [] }] }));
    expect([answer.status, answer.body]).toEqual([500, '{"message":null}']);
    expect(answer.trace.at(-1)?.because).toMatch(/cannot be called: No permission of function 'authorizer'/);
  });
});

describe("explain reads the callers file", () => {
  const callers = JSON.stringify({
    callers: [
      {
        accessKeyId: "AKIAPARTNER",
        secretAccessKey: "s3cr3t",
        arn: `arn:aws:iam::${PARTNER}:role/partner`,
        policies: [allowing("GET/orders").document],
      },
    ],
  });
  const granting = () => world({}, [orders({ policy: policy([{ ...allowAll, Principal: { AWS: PARTNER } }]) })]);
  it("for the policies of a caller named by ARN", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "portcullis-callers-")), "callers.json");
    writeFileSync(file, callers);
    const asked = JSON.stringify({ ...asReader, caller: { arn: `arn:aws:iam::${PARTNER}:role/partner` } });
    const { out, err } = await run({ request: "-", json: true, callers: file }, asked, granting());
    expect([(JSON.parse(out) as Explanation).outcome, err]).toEqual(["allow", ""]);
  });

  it("and says so where nothing is known of a caller", async () => {
    const asked = JSON.stringify({ ...asReader, caller: { arn: `arn:aws:iam::${PARTNER}:role/partner` } });
    const { out, err } = await run({ request: "-", json: true }, asked, granting());
    expect((JSON.parse(out) as Explanation).outcome).toBe("deny");
    expect(err).toMatch(/role\/partner stands neither in the configuration nor in the callers file/);
  });
});

describe("explain for people", () => {
  it("begins with the outcome and numbers the steps with their places", async () => {
    const { out } = await run({ request: "-" }, JSON.stringify({ ...asReader, sourceIp: "203.0.113.7" }));
    expect(out.split("\n")[0]).toBe("DENY 403 AccessDeniedException");
    expect(out).toMatch(
      / 1\. stage: matched[^]* 4\. resource-policy: deny[^]*at main\.tf\.json: aws_api_gateway_rest_api_policy\.api\.policy, statement office/,
    );
  });
});

it("no secret and no token stands in an answer or a trace", async () => {
  const secrets = { Authorization: "Bearer very-secret-token", "X-Amz-Security-Token": "very-secret-session" };
  for (const path of ["/orders", "/token", "/user", "/nope"]) {
    const asked = {
      method: "GET",
      path,
      sourceIp: "198.51.100.7",
      headers: secrets,
      query: { token: "very-secret-query" },
    };
    const { out, err } = await run({ request: "-", json: true }, JSON.stringify(asked));
    expect(`${out}${err}`).not.toMatch(/very-secret/);
  }
});
