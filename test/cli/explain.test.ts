import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "../../proof/cli/command";
import { explainCommand } from "../../proof/cli/commands/explain";
import type { Explanation } from "../../proof/cli/explain/explainer";
import { InputError } from "../../proof/errors";
import type { Api, Model, Role } from "../../proof/model/types";
import {
  ACCOUNT,
  allowAll,
  allowing,
  api,
  ARN,
  cognitoAuthorizer,
  denyAll,
  model,
  PARTNER,
  policy,
  route,
  source,
  tokenAuthorizer,
} from "../decision/support";
import { lambdaFunction } from "../lambda/zips";

const office = { ...denyAll, Sid: "office", Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } };
const role = (name: string, more: Partial<Role> = {}): Role => ({
  address: `aws_iam_role.${name}`,
  name,
  arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
  accountId: ACCOUNT,
  trustPolicy: policy([], "trust"),
  identityPolicies: [allowing("GET/orders")],
  tags: {},
  maxSessionSeconds: 3600,
  source: source(`aws_iam_role.${name}`),
  ...more,
});

const authorizerCode = `exports.handler = async ({ methodArn, authorizationToken }) => {
  if (authorizationToken === "none") throw new Error("Unauthorized");
  return { principalId: "u", policyDocument: { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "execute-api:Invoke", Resource: methodArn } } };
};`;
const authorizerFunction = lambdaFunction(authorizerCode, {
  name: "authorizer",
  arn: tokenAuthorizer().functionArn,
  permissions: [
    {
      principal: "apigateway.amazonaws.com",
      action: "lambda:InvokeFunction",
      sourceArn: `${ARN}/authorizers/auth01`,
      source: source("p"),
    },
  ],
});

const orders = (more: Partial<Api> = {}): Api =>
  api({
    policy: policy([office]),
    routes: [
      route("GET", "/orders", { type: "AWS_IAM" }),
      route("GET", "/token", { type: "CUSTOM", authorizer: tokenAuthorizer() }),
      route("GET", "/user", { type: "COGNITO_USER_POOLS", authorizer: cognitoAuthorizer(), scopes: [] }),
    ],
    ...more,
  });

const world = (more: Partial<Model> = {}, apis: Api[] = [orders()]): Model =>
  model(apis, { roles: [role("reader")], functions: [authorizerFunction], ...more });

async function run(values: Record<string, string | boolean>, stdin = "", loaded: Model = world()) {
  let [out, err] = ["", ""];
  const io: Io = {
    cwd: mkdtempSync(join(tmpdir(), "portcullis-explain-")),
    env: {},
    out: (text) => (out += text),
    err: (text) => (err += text),
    stdin: () => Promise.resolve(stdin),
  };
  const code = await explainCommand(() => Promise.resolve(loaded)).run(io, values, []);
  return { out, err, code };
}

async function explain(file: unknown, loaded?: Model): Promise<Explanation> {
  const { out } = await run({ request: "-", json: true }, JSON.stringify(file), loaded);
  return JSON.parse(out) as Explanation;
}

async function problems(values: Record<string, string | boolean>, stdin = "", loaded?: Model): Promise<string> {
  const failed: unknown = await run(values, stdin, loaded).catch((error: unknown) => error);
  if (!(failed instanceof InputError)) throw new Error("It was to be refused.");
  return failed.message;
}

const reader = { arn: `arn:aws:iam::${ACCOUNT}:role/reader` };
const asReader = { method: "GET", path: "/orders", sourceIp: "198.51.100.7", caller: reader };

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

describe("explain --batch", () => {
  it("answers each line in order, and goes on behind a bad one", async () => {
    const lines = [
      JSON.stringify(asReader),
      "nonsense",
      "",
      JSON.stringify({ method: "GET", path: "no-slash", sourceIp: "1.2.3" }),
      JSON.stringify({ ...asReader, caller: null }),
    ];
    const { out, code } = await run({ batch: "-" }, `${lines.join("\n")}\n`);
    const answers = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Partial<Explanation> & { error?: string });
    expect(answers.map(({ outcome }) => outcome)).toEqual(["allow", undefined, undefined, "deny"]);
    expect(answers[1]?.error).toBe("line 2: It is not JSON, from line 1, column 1 on.");
    expect(answers[2]?.error).toMatch(
      /line 4: path: must begin with \/[^]*line 4: sourceIp: must be an IPv4 or IPv6 address/,
    );
    expect(code).toBe(0);
  });

  it("reads a file", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "portcullis-batch-")), "requests.jsonl");
    writeFileSync(file, `${JSON.stringify(asReader)}\n{`);
    const { out } = await run({ batch: file });
    expect(
      out
        .trimEnd()
        .split("\n")
        .map((line) => Object.keys(JSON.parse(line) as object)[0]),
    ).toEqual(["outcome", "error"]);
    expect(out).toContain(`${file}:2: It is not JSON`);
  });
});

describe("a line", () => {
  const answersTo = async (...lines: readonly string[]) =>
    (await run({ batch: "-" }, lines.join("\n"))).out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Partial<Explanation> & { error?: string });

  it("is answered with its own id, also where it is bad", async () => {
    const answers = await answersTo(
      JSON.stringify({ ...asReader, id: "one" }),
      JSON.stringify({ ...asReader, id: 2, sourceIp: "1.2.3" }),
      JSON.stringify(asReader),
    );
    expect(answers).toMatchObject([
      { id: "one", outcome: "allow" },
      { id: 2, error: 'line 2: sourceIp: must be an IPv4 or IPv6 address, not "1.2.3".' },
      { outcome: "allow" },
    ]);
    expect(answers[2]).not.toHaveProperty("id");
  });

  it("that is nested too deep is told, and the run goes on", async () => {
    const deep = `{"api":${"[".repeat(30_000)}${"]".repeat(30_000)}}`;
    expect(await answersTo(deep, JSON.stringify(asReader))).toMatchObject([
      { error: "line 1: It is nested too deep." },
      { outcome: "allow" },
    ]);
    await expect(run({ request: "-" }, deep)).rejects.toThrow("standard input: It is nested too deep.");
  });

  it("may begin with a byte order mark, as a request may", async () => {
    expect(await answersTo(`\ufeff${JSON.stringify(asReader)}`)).toMatchObject([{ outcome: "allow" }]);
    expect((await run({ request: "-" }, `\ufeff${JSON.stringify(asReader)}`)).code).toBe(0);
  });

  it("that is not JSON is told by where it stops being it", async () => {
    await expect(run({ request: "-" }, '{\n  "method": GET\n}')).rejects.toThrow(
      "standard input: It is not JSON, from line 2, column 13 on.",
    );
  });
});

describe("bad input is refused with all that is wrong", () => {
  it("of a request with a member twice, of which the last would count", async () => {
    const twice = JSON.stringify({ ...asReader, headers: { a: ["b"] } }).replace('"a":', '"a":["x"],"a":');
    const { out } = await run({ batch: "-" }, `${twice}\n`);
    expect((JSON.parse(out) as { error: string }).error).toBe('line 1: Stands twice in one object: headers."a".');
    await expect(run({ request: "-" }, twice)).rejects.toThrow(
      'standard input: Stands twice in one object: headers."a".',
    );
  });

  it("of a request file", async () => {
    const bad = {
      method: 1,
      path: "/a?b=1",
      query: { a: [1] },
      headers: 7,
      sourceIp: "x",
      vpc: { id: "y" },
      caller: {},
      time: "noon",
      extra: true,
    };
    const message = await problems({ request: "-" }, JSON.stringify(bad));
    for (const named of [
      "method: must be a string",
      "path: must begin with /",
      "query.a",
      "headers: must be an object",
      "sourceIp",
      "vpc.id",
      "caller.arn: is missing",
      "time: must be a time",
      "unknown member 'extra'",
    ]) {
      expect(message).toContain(named);
    }
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["an unknown API", { api: "nope" }, "'nope' is no API here. Known: orders (a1b2c3d4e5)"],
    ["an ARN that is no caller", { caller: { arn: "arn:aws:s3:::bucket" } }, "is not the ARN of a role, user"],
    ["a path with a space", { path: "/a b" }, "percent-encoded"],
    ["a path with a fragment", { path: "/a#b" }, "percent-encoded"],
  ])("%s", async (_, more, expected) => {
    expect(await problems({ request: "-" }, JSON.stringify({ ...asReader, ...more }))).toContain(expected);
  });

  it("an API and a stage have to be named where there are several", async () => {
    const second = orders({ address: "aws_api_gateway_rest_api.second", id: "zzzzzzzzzz" });
    expect(await problems({ request: "-" }, JSON.stringify(asReader), world({}, [orders(), second]))).toContain(
      "there are several APIs",
    );
    expect(
      await problems({ request: "-" }, JSON.stringify({ ...asReader, api: "orders" }), world({}, [orders(), second])),
    ).toContain("Use the id");
    const stages = ["dev", "prod"].map((name) => ({ name, variables: {}, source: source(name) }));
    expect(await problems({ request: "-" }, JSON.stringify(asReader), world({}, [orders({ stages })]))).toContain(
      "the stages of orders: dev, prod",
    );
  });

  it("no request, two requests, a file that is not there, an id that is not remembered", async () => {
    expect(await problems({})).toContain("exactly one of --request");
    expect(await problems({ request: "-", batch: "-" })).toContain("exactly one of --request");
    expect(await problems({ request: "missing.json" })).toContain("cannot be read");
    expect(await problems({ batch: "missing.jsonl" })).toContain("cannot be read");
    expect(await problems({ "request-id": "r-1" })).toContain("No refused request with the id 'r-1'");
  });

  it("a configuration that cannot be decided on", async () => {
    const broken = {
      message: "the policy cannot be resolved",
      source: source("aws_api_gateway_rest_api.api.policy"),
      severity: "error" as const,
    };
    expect(await problems({ request: "-" }, JSON.stringify(asReader), world({ problems: [broken] }))).toContain(
      "aws_api_gateway_rest_api.api.policy: the policy cannot be resolved",
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
