import type { Assumptions } from "../../proof/decision/ports";
import type { RouteAuth } from "../../proof/model/types";
import {
  allowAll,
  allowing,
  api,
  ARN,
  ask,
  caller,
  cognitoAuthorizer,
  denyAll,
  model,
  policy,
  ports,
  request,
  returned,
  route,
  tokenAuthorizer,
} from "./support";
import { begin } from "../../proof/decision/decide";
import { prepareEngine } from "../../proof/decision/engine";

const anything = returned([{ Effect: "Allow", Action: "*", Resource: "*" }]);
const sent = request("GET", "/dev/orders", { headers: [["Authorization", "t"]] });
const own = caller({ identityPolicies: [allowing("GET/orders")] });

describe("a trace tells the steps in the order in which they were taken", () => {
  const custom: RouteAuth = { type: "CUSTOM", authorizer: tokenAuthorizer() };
  const pool: RouteAuth = { type: "COGNITO_USER_POOLS", authorizer: cognitoAuthorizer(), scopes: [] };
  it.each<[string, RouteAuth, unknown[] | undefined, Assumptions, string[]]>([
    ["NONE", { type: "NONE" }, [allowAll], {}, ["stage matched", "route matched", "resource-policy allow"]],
    [
      "NONE without a policy",
      { type: "NONE" },
      undefined,
      {},
      ["stage matched", "route matched", "resource-policy none"],
    ],
    [
      "AWS_IAM",
      { type: "AWS_IAM" },
      [allowAll],
      { caller: own },
      [
        "stage matched",
        "route matched",
        "signature assumed",
        "resource-policy allow",
        "identity-policy allow",
        "combine allow",
      ],
    ],
    [
      "AWS_IAM without a policy",
      { type: "AWS_IAM" },
      undefined,
      { caller: own },
      [
        "stage matched",
        "route matched",
        "signature assumed",
        "resource-policy none",
        "identity-policy allow",
        "combine allow",
      ],
    ],
    [
      "AWS_IAM unsigned",
      { type: "AWS_IAM" },
      [denyAll],
      { caller: null },
      ["stage matched", "route matched", "signature deny"],
    ],
    [
      "CUSTOM",
      custom,
      [allowAll],
      { authorizerResult: anything },
      [
        "stage matched",
        "route matched",
        "resource-policy allow",
        "identity-source matched",
        "authorizer-policy allow",
        "combine allow",
      ],
    ],
    [
      "CUSTOM denied beforehand",
      custom,
      [denyAll],
      { authorizerResult: anything },
      ["stage matched", "route matched", "resource-policy deny"],
    ],
    [
      "COGNITO_USER_POOLS",
      pool,
      [allowAll],
      { claims: { token_use: "id" } },
      ["stage matched", "route matched", "token allow", "resource-policy allow"],
    ],
    ["COGNITO_USER_POOLS refused", pool, [allowAll], { claims: {} }, ["stage matched", "route matched", "token deny"]],
  ])("%s", async (_, auth, statements, assumptions, steps) => {
    const world = {
      routes: [route("GET", "/orders", auth)],
      ...(statements === undefined ? {} : { policy: policy(statements) }),
    };
    const { trace } = await ask(world, sent, assumptions);
    expect(trace.map(({ step, result }) => `${step} ${result}`)).toEqual(steps);
  });
});

it.each([["/dev/nope", ["stage matched", "route missing", "signature deny"]]])(
  "what is not there is missing: %s",
  async (rawPath, steps) => {
    const { trace } = await ask({ routes: [route("GET", "/orders")] }, request("GET", rawPath));
    expect(trace.map(({ step, result }) => `${step} ${result}`)).toEqual(steps);
  },
);

describe("a step of a policy names what decided and what would have to change", () => {
  const deny = { ...denyAll, Sid: "office", Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } };
  it.each<[string, unknown[], RegExp[]]>([
    [
      "a Deny",
      [allowAll, deny],
      [
        /^Statement 1 'office' \(Deny\) of the resource policy applies/,
        /203\.0\.113\.7/,
        /203\.0\.113\.0\/24/,
        /To change that/,
        /apply as well: statement 0 \(Allow\)/,
      ],
    ],
    [
      "silence",
      [{ ...deny, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }],
      [
        /^No statement of the resource policy applies/,
        /statement 0 'office' \(Deny\) does not apply/,
        /203\.0\.113\.7/,
        /to apply/,
      ],
    ],
    ["no statement", [], [/^No statement is in the resource policy/]],
  ])("%s", async (_, statements, patterns) => {
    const { trace } = await ask({ routes: [route("GET", "/orders")], policy: policy(statements) }, sent);
    const words = trace.find(({ step }) => step === "resource-policy")?.because ?? "";
    for (const pattern of patterns) expect(words).toMatch(pattern);
  });

  it("tells at most a dozen statements that do not apply", async () => {
    const other = Array.from({ length: 40 }, (_, index) => ({
      ...allowAll,
      Resource: `execute-api:/dev/GET/path${index}`,
    }));
    const { trace } = await ask({ routes: [route("GET", "/orders")], policy: policy(other) }, sent);
    const words = trace.at(-1)?.because ?? "";
    expect([words.split("does not apply").length - 1, words.includes("and 28 more")]).toEqual([12, true]);
  });

  it("tells at most a dozen of all policies of one kind together", async () => {
    const eight = Array.from({ length: 8 }, (_, index) => ({
      Effect: "Allow",
      Action: "execute-api:Invoke",
      Resource: `${ARN}/dev/GET/path${index}`,
    }));
    const identityPolicies = [policy(eight, "one"), policy(eight, "two")];
    const routes = [route("GET", "/orders", { type: "AWS_IAM" })];
    const { trace } = await ask({ routes }, sent, { caller: caller({ identityPolicies }) });
    const words = trace.find(({ step }) => step === "identity-policy")?.because ?? "";
    expect([words.split("does not apply").length - 1, words.includes("and 4 more")]).toEqual([12, true]);
  });

  it("says of both sides what is missing across accounts", async () => {
    const world = { routes: [route("GET", "/orders", { type: "AWS_IAM" as const })] };
    const { trace } = await ask(world, sent, { caller: caller({ account: "444455556666" }) });
    expect(trace.at(-1)?.because).toMatch(
      /across accounts both must allow.*An Allow is missing in the identity policies and in the resource policy/,
    );
  });
});

it.each<[string, unknown, unknown]>([
  [
    "silent",
    [{ ...denyAll, Resource: "execute-api:/prod/*" }],
    { file: "main.tf.json", address: "aws_api_gateway_rest_api_policy.api.policy" },
  ],
  [
    "deciding",
    [denyAll],
    { file: "main.tf.json", address: "aws_api_gateway_rest_api_policy.api.policy", statement: 0 },
  ],
])("a step of a %s policy says where it stands", async (_, statements, source) => {
  const { trace } = await ask({ routes: [route("GET", "/orders")], policy: policy(statements) }, sent);
  expect(trace.at(-1)?.source).toEqual(source);
});

it.each<[string, Parameters<typeof caller>[0], RegExp]>([
  [
    "a boundary that is silent is named",
    { identityPolicies: [allowing("*")], permissionsBoundary: allowing("GET/x") },
    /An Allow in the caller's permissions boundary is needed as well\.$/,
  ],
  [
    "silence of the identity itself is told once",
    {},
    /An Allow in the identity policies or in the resource policy would admit it\.$/,
  ],
])("%s", async (_, more, expected) => {
  const world = { routes: [route("GET", "/orders", { type: "AWS_IAM" as const })] };
  expect((await ask(world, sent, { caller: caller(more) })).trace.at(-1)?.because).toMatch(expected);
});

describe("the statement that decided stands in the decision", () => {
  const iam: RouteAuth = { type: "AWS_IAM" };
  const custom: RouteAuth = { type: "CUSTOM", authorizer: tokenAuthorizer() };
  const elsewhere = returned([{ Effect: "Allow", Action: "*", Resource: "arn:aws:execute-api:*:*:zzzzzzzzzz/*" }]);
  it.each<[string, RouteAuth, unknown[] | undefined, Assumptions, string | undefined]>([
    ["the caller's own Allow", iam, [allowAll], { caller: own }, "identity 0"],
    ["the resource policy's Allow", iam, [allowAll], { caller: caller() }, "resource 0"],
    ["the resource policy's Deny", iam, [allowAll, denyAll], { caller: own }, "resource 1"],
    ["nothing, where nothing allows", iam, undefined, { caller: caller() }, undefined],
    ["the authorizer's Allow", custom, [allowAll], { authorizerResult: anything }, "authorizer 0"],
    [
      "the resource policy's Allow, where the authorizer is silent",
      custom,
      [allowAll],
      { authorizerResult: elsewhere },
      "resource 0",
    ],
    ["the Allow of a public method", { type: "NONE" }, [allowAll], {}, "resource 0"],
    ["the Deny of a public method", { type: "NONE" }, [denyAll], {}, "resource 0"],
    ["nothing, where a public API has no policy", { type: "NONE" }, undefined, {}, undefined],
  ])("%s", async (_, auth, statements, assumptions, expected) => {
    const world = {
      routes: [route("GET", "/orders", auth)],
      ...(statements === undefined ? {} : { policy: policy(statements) }),
    };
    const { decidedBy } = await ask(world, sent, assumptions);
    expect(decidedBy === undefined ? undefined : `${decidedBy.kind} ${decidedBy.index}`).toBe(expected);
  });
});

describe("how the sides combine is said with what would change it", () => {
  it.each<[string, unknown[] | undefined, Parameters<typeof caller>[0], RegExp]>([
    [
      "both allow",
      [allowAll],
      { identityPolicies: [allowing("*")] },
      /Only a Deny, or both losing their Allow, would refuse it\.$/,
    ],
    ["one allows", undefined, { identityPolicies: [allowing("*")] }, /A Deny, or a missing Allow, would refuse it\.$/],
    [
      "the resource policy alone",
      [allowAll],
      {},
      /The resource policy alone admits it, without the identity policies\.$/,
    ],
    ["a Deny", [denyAll], {}, /It is refused until the Deny no longer applies\.$/],
    [
      "a grant to the account",
      [{ ...allowAll, Principal: { AWS: "111122223333" } }],
      {},
      /only delegates to the caller's account/,
    ],
    [
      "across accounts, the own side missing",
      [allowAll],
      { account: "444455556666" },
      /An Allow is missing in the identity policies\.$/,
    ],
    [
      "across accounts, the other side missing",
      undefined,
      { account: "444455556666", identityPolicies: [allowing("*")] },
      /An Allow is missing in the resource policy\.$/,
    ],
  ])("%s", async (_, statements, more, expected) => {
    const world = {
      routes: [route("GET", "/orders", { type: "AWS_IAM" as const })],
      ...(statements === undefined ? {} : { policy: policy(statements) }),
    };
    expect((await ask(world, sent, { caller: caller(more) })).trace.at(-1)?.because).toMatch(expected);
  });
});

it.each<[string, unknown[] | undefined, Parameters<typeof caller>[0], string, string]>([
  [
    "one account, no resource policy",
    undefined,
    { identityPolicies: [allowing("*")] },
    "allow",
    "The identity policies of arn:aws:sts::111122223333:assumed-role/reader/session allow execute-api:Invoke on arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/dev/GET/orders, there is no resource policy: within one account, and for Lambda authorizers, an Allow of either is enough and a Deny of either wins. A Deny, or a missing Allow, would refuse it.",
  ],
  [
    "two accounts",
    [allowAll],
    { account: "444455556666" },
    "deny",
    "The identity policies of arn:aws:sts::444455556666:assumed-role/reader/session neither allow nor deny execute-api:Invoke on arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/dev/GET/orders, the resource policy allows it: across accounts both must allow, and a Deny of either wins. An Allow is missing in the identity policies.",
  ],
  [
    "two accounts that both allow",
    [allowAll],
    { account: "444455556666", identityPolicies: [allowing("*")] },
    "allow",
    "The identity policies of arn:aws:sts::444455556666:assumed-role/reader/session allow execute-api:Invoke on arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/dev/GET/orders, the resource policy allows it: across accounts both must allow, and a Deny of either wins. A Deny, or a missing Allow, would refuse it.",
  ],
  [
    "two accounts, of which one denies",
    [denyAll],
    { account: "444455556666", identityPolicies: [allowing("*")] },
    "deny",
    "The identity policies of arn:aws:sts::444455556666:assumed-role/reader/session allow execute-api:Invoke on arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/dev/GET/orders, the resource policy denies it: across accounts both must allow, and a Deny of either wins. It is refused until the Deny no longer applies.",
  ],
  [
    "a caller whose own policies deny",
    [allowAll],
    { identityPolicies: [policy([{ Effect: "Deny", Action: "execute-api:Invoke", Resource: "*" }])] },
    "deny",
    "The identity policies of arn:aws:sts::111122223333:assumed-role/reader/session deny execute-api:Invoke on arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/dev/GET/orders, the resource policy allows it: within one account, and for Lambda authorizers, an Allow of either is enough and a Deny of either wins. It is refused until the Deny no longer applies.",
  ],
])("the sides are told as they combine: %s", async (_, statements, more, result, because) => {
  const world = {
    routes: [route("GET", "/orders", { type: "AWS_IAM" as const })],
    ...(statements === undefined ? {} : { policy: policy(statements) }),
  };
  expect((await ask(world, sent, { caller: caller(more) })).trace.at(-1)).toEqual({ step: "combine", result, because });
});

it("says whether an authorizer's answer was kept", () => {
  const served = api({
    routes: [route("GET", "/orders", { type: "CUSTOM", authorizer: tokenAuthorizer({ resultTtlSeconds: 60 }) })],
  });
  const engine = prepareEngine(model([served]));
  const first = begin(engine, served, sent, ports());
  if (!("pending" in first)) throw new Error("The authorizer was to be asked.");
  const seen = [first.complete({ payload: anything }, 5), begin(engine, served, sent, ports())].map((decision) => {
    if ("pending" in decision) throw new Error("The answer was to be kept.");
    return decision.trace.find(({ step }) => step === "authorizer")?.result;
  });
  expect(seen).toEqual(["miss", "hit"]);
});

it("stands also in a copy of the decision", async () => {
  const decision = await ask({ routes: [route("GET", "/orders")] }, sent);
  expect({ ...decision }.trace).toEqual(decision.trace);
});
