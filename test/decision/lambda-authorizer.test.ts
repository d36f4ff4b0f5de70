import { begin, complete, decide } from "../../proof/decision/decide";
import { prepareEngine } from "../../proof/decision/engine";
import type { AuthorizerOutcome, Ports } from "../../proof/decision/ports";
import type { WireRequest } from "../../proof/decision/types";
import type { Api, LambdaAuthorizer } from "../../proof/model/types";
import {
  allowAll,
  answer,
  api,
  ARN,
  ask,
  denyAll,
  model,
  NOW,
  policy,
  ports,
  request,
  returned,
  route,
  status,
  tokenAuthorizer,
} from "./support";

const allow = (...resources: string[]) => [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: resources }];
const anything = allow(`${ARN}/*`);
const token: [string, string] = ["Authorization", "Bearer t"];
const orders = (more: Partial<WireRequest> = {}) => request("GET", "/dev/orders", { headers: [token], ...more });

const guarded = (authorizer: LambdaAuthorizer = tokenAuthorizer(), more: Partial<Api> = {}) => ({
  routes: [
    route("GET", "/orders", { type: "CUSTOM", authorizer }),
    route("GET", "/lines", { type: "CUSTOM", authorizer }),
  ],
  ...more,
});

const requestAuthorizer = (identitySources: string[], more: Partial<LambdaAuthorizer> = {}) =>
  tokenAuthorizer({ type: "REQUEST", identitySources, ...more });

const INTERNAL = "500 null";
const UNAUTHORIZED = "401 Unauthorized";
const IMPLICIT =
  "403 User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action";
const EXPLICIT = "403 User is not authorized to access this resource with an explicit deny in an identity-based policy";

describe("what the function came to decides the answer", () => {
  it.each<[string, AuthorizerOutcome, string, string]>([
    ["an Allow of the method ARN", { payload: returned(allow(`${ARN}/dev/GET/orders`)) }, "allow", "R SAM"],
    ["an Allow of the whole stage", { payload: returned(allow(`${ARN}/dev/*`)) }, "allow", "D blueprint"],
    ["an explicit Deny", { payload: returned([{ ...anything[0], Effect: "Deny" }]) }, EXPLICIT, "O PUB:62016082377"],
    ["an Allow of another path", { payload: returned(allow(`${ARN}/dev/GET/lines`)) }, IMPLICIT, "O PUB:71388285698"],
    ["an Allow of another stage", { payload: returned(allow(`${ARN}/prod/GET/orders`)) }, IMPLICIT, "D"],
    ["no statement at all", { payload: returned([]) }, IMPLICIT, "UNCONFIRMED, the safe side"],
    ["the error Unauthorized", { errorMessage: "Unauthorized" }, UNAUTHORIZED, "D"],
    [
      "the error Unauthorized with more",
      { errorMessage: "Unauthorized: expired" },
      INTERNAL,
      "O jwt-rsa-aws-custom-authorizer#6",
    ],
    ["the error unauthorized in lower case", { errorMessage: "unauthorized" }, INTERNAL, "D exactly"],
    ["an error with a space behind", { errorMessage: "Unauthorized " }, INTERNAL, "D exactly"],
    ["an empty error", { errorMessage: "" }, INTERNAL, "O any other error"],
    ["a timeout", { errorMessage: "Task timed out after 3.00 seconds" }, INTERNAL, "O"],
    ["a malformed answer", { payload: { statusCode: 401 } }, INTERNAL, "O serverless/examples#305"],
    ["null", { payload: null }, INTERNAL, "O ExpanseLLC/lambda_authorizer#1"],
    ["no permission to invoke", { cannotInvoke: "no permission" }, INTERNAL, "O PUB:40370491264"],
  ])("%s: %s", async (_, outcome, expected) => {
    const decision = await ask(guarded(), orders(), {}, { invokeAuthorizer: () => Promise.resolve(outcome) });
    expect(answer(decision)).toBe(expected);
  });

  it.each([
    ["Deny", "Deny", "403 User is not authorized to access this resource with an explicit deny"],
    ["silence", "Allow", "403 User is not authorized to access this resource"],
  ])("the words of an older generation for %s", async (_, Effect, expected) => {
    const Resource = Effect === "Deny" ? `${ARN}/*` : `${ARN}/dev/GET/elsewhere`;
    const authorizerResult = returned([{ Effect, Action: "execute-api:Invoke", Resource }]);
    expect(answer(await ask(guarded(), orders(), { authorizerResult }, {}, { wording: "legacy" }))).toBe(expected);
  });

  it("is handed to the integration as strings, with the time it took as a number", async () => {
    const payload = returned(anything, { context: { tenant: "a", level: 3, admin: false } });
    let now = NOW;
    const decision = await ask(
      guarded(),
      orders(),
      {},
      {
        now: () => now,
        invokeAuthorizer: () => {
          now += 42;
          return Promise.resolve({ payload });
        },
      },
    );
    expect(decision.authorization).toEqual({
      authorizer: { principalId: "user-1", tenant: "a", level: "3", admin: "false", integrationLatency: 42 },
    });
  });

  it.each([
    ["AUTHORIZER", "key-value-of-a-customer"],
    ["HEADER", undefined],
  ] as const)(
    "names the API key only where the API takes keys from authorizers (%s)",
    async (apiKeySource, expected) => {
      const authorizerResult = returned(anything, { usageIdentifierKey: "key-value-of-a-customer" });
      const decision = await ask(guarded(tokenAuthorizer(), { apiKeySource }), orders(), { authorizerResult });
      expect(decision.authorization.usageIdentifierKey).toBe(expected);
    },
  );
});

describe("an identity source that is missing or empty is answered 401 before the function runs", () => {
  const both = ["method.request.header.X-Tenant", "method.request.querystring.key"];
  it.each<[string, LambdaAuthorizer, Partial<WireRequest>, "401" | "called", string]>([
    ["TOKEN without its header", tokenAuthorizer(), { headers: [] }, "401", "R SAM /lambda-token"],
    [
      "TOKEN with an empty header",
      tokenAuthorizer(),
      { headers: [["Authorization", ""]] },
      "401",
      "D missing, null or empty",
    ],
    [
      "TOKEN with a second, empty header",
      tokenAuthorizer(),
      {
        headers: [
          ["Authorization", "token"],
          ["authorization", ""],
        ],
      },
      "401",
      "UNCONFIRMED which is read; the safe side",
    ],
    ["TOKEN with blanks", tokenAuthorizer(), { headers: [["Authorization", "  "]] }, "401", "D an empty field value"],
    [
      "TOKEN with the header in lower case",
      tokenAuthorizer(),
      { headers: [["authorization", "t"]] },
      "called",
      "inferred: HTTP/2 clients",
    ],
    ["TOKEN with another header", tokenAuthorizer(), { headers: [["X-Token", "t"]] }, "401", "D"],
    [
      "TOKEN of another header",
      tokenAuthorizer({ identitySources: ["method.request.header.X-Token"] }),
      { headers: [["X-Token", "t"]] },
      "called",
      "D",
    ],
    [
      "TOKEN with two different headers",
      tokenAuthorizer(),
      {
        headers: [
          ["Authorization", "a"],
          ["Authorization", "b"],
        ],
      },
      "401",
      "UNCONFIRMED, the safe side",
    ],
    ["TOKEN with the same header twice", tokenAuthorizer(), { headers: [token, token] }, "called", "UNCONFIRMED"],
    [
      "TOKEN that does not match",
      tokenAuthorizer({ identityValidationExpression: "^Bearer [a-z]{5}$" }),
      {},
      "401",
      "D API:identityValidationExpression",
    ],
    ["TOKEN that matches", tokenAuthorizer({ identityValidationExpression: "^Bearer [a-z]$" }), {}, "called", "D API"],
    [
      "TOKEN that matches in part",
      tokenAuthorizer({ identityValidationExpression: "Bearer" }),
      {},
      "401",
      "UNCONFIRMED, the safe side",
    ],
    [
      "REQUEST with both sources",
      requestAuthorizer(both),
      { headers: [["X-Tenant", "a"]], rawQuery: "key=1" },
      "called",
      "D",
    ],
    [
      "REQUEST with the first missing",
      requestAuthorizer(both),
      { headers: [], rawQuery: "key=1" },
      "401",
      "D; peers' probe 10",
    ],
    [
      "REQUEST with the second missing",
      requestAuthorizer(both),
      { headers: [["X-Tenant", "a"]] },
      "401",
      "D; peers' probe 10",
    ],
    [
      "REQUEST with the second empty",
      requestAuthorizer(both),
      { headers: [["X-Tenant", "a"]], rawQuery: "key=" },
      "401",
      "D",
    ],
    [
      "REQUEST with the second in another case",
      requestAuthorizer(both),
      { headers: [["X-Tenant", "a"]], rawQuery: "Key=1" },
      "401",
      "D query names are case-sensitive",
    ],
    [
      "REQUEST at TTL 0 with a source missing",
      requestAuthorizer(both, { resultTtlSeconds: 0 }),
      { headers: [] },
      "401",
      "R SAM test_authorizers_max",
    ],
    [
      "REQUEST at TTL 300 with a source missing",
      requestAuthorizer(both, { resultTtlSeconds: 300 }),
      { headers: [] },
      "401",
      "R SAM /lambda-request",
    ],
    ["REQUEST without sources at TTL 0", requestAuthorizer([]), { headers: [] }, "called", "D"],
    [
      "REQUEST with an expression that does not match",
      requestAuthorizer(["method.request.header.X-Tenant"], { identityValidationExpression: "^b$" }),
      { headers: [["X-Tenant", "a"]] },
      "called",
      "D API: ignored",
    ],
    ["REQUEST with a stage variable that is set", requestAuthorizer(["stageVariables.tenant"]), {}, "called", "D"],
    ["REQUEST with a stage variable that is not set", requestAuthorizer(["stageVariables.other"]), {}, "401", "D"],
    [
      "REQUEST with a stage variable named like a member of every object",
      requestAuthorizer(["stageVariables.constructor"]),
      {},
      "401",
      "D",
    ],
    ["REQUEST with the source address", requestAuthorizer(["context.identity.sourceIp"]), {}, "called", "D"],
    ["REQUEST with a key that was not sent", requestAuthorizer(["context.identity.apiKey"]), {}, "401", "D"],
    [
      "REQUEST with the user agent that was not sent",
      requestAuthorizer(["context.identity.userAgent"]),
      {},
      "401",
      "D",
    ],
  ])("%s: %s", async (_, authorizer, more, expected) => {
    let calls = 0;
    const world = guarded(authorizer, {
      stages: [{ name: "dev", variables: { tenant: "a" }, source: { file: "f", address: "s" } }],
    });
    const decision = await ask(
      world,
      orders(more),
      {},
      {
        invokeAuthorizer: () => {
          calls += 1;
          return Promise.resolve({ payload: returned(anything) });
        },
      },
    );
    expect([answer(decision), calls]).toEqual(expected === "401" ? [UNAUTHORIZED, 0] : ["allow", 1]);
  });
});

describe("an explicit Deny of the resource policy ends the request before the authorizer", () => {
  const denied = { ...denyAll, Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } };
  it.each<[string, Partial<WireRequest>, string]>([
    ["with a token", {}, "D resource policy before calling the authorizer"],
    ["without a token", { headers: [] }, "UNCONFIRMED, as the documentation orders it"],
  ])("%s (%s)", async (_, more) => {
    const decision = await ask(guarded(tokenAuthorizer(), { policy: policy([allowAll, denied]) }), orders(more));
    expect(answer(decision)).toMatch(
      /^403 User: anonymous is not authorized .* with an explicit deny in a resource-based policy$/,
    );
  });

  it("but its silence does not: the authorizer's Allow is enough", async () => {
    const world = guarded(tokenAuthorizer(), { policy: policy([denied]) });
    const elsewhere = orders({ network: { sourceIp: "198.51.100.1" } });
    expect(status(await ask(world, elsewhere, { authorizerResult: returned(anything) }))).toBe("allow");
  });
});

describe("the cache", () => {
  interface Run {
    readonly calls: () => number;
    readonly send: (path: string, more?: Partial<WireRequest>) => Promise<string>;
    readonly wait: (ms: number) => void;
  }
  function run(
    authorizer: LambdaAuthorizer,
    outcome: (call: number) => AuthorizerOutcome,
    more: Partial<Api> = {},
  ): Run {
    const served = api(guarded(authorizer, more));
    const engine = prepareEngine(model([served]));
    let now = NOW;
    let calls = 0;
    const given: Ports = ports({
      now: () => now,
      invokeAuthorizer: () => Promise.resolve(outcome((calls += 1))),
    });
    return {
      calls: () => calls,
      wait: (ms) => (now += ms),
      send: async (path, wire = {}) =>
        answer(await decide(engine, served, request("GET", path, { headers: [token], ...wire }), given)),
    };
  }
  const cached = tokenAuthorizer({ resultTtlSeconds: 300 });
  const own = allow(`${ARN}/dev/GET/orders`);

  it("calls the function once for equal identity values within the TTL, and again after it", async () => {
    const world = run(cached, () => ({ payload: returned(anything) }));
    await world.send("/dev/orders");
    world.wait(299_999);
    await world.send("/dev/orders");
    expect(world.calls()).toBe(1);
    world.wait(1);
    await world.send("/dev/orders");
    expect(world.calls()).toBe(2);
  });

  it("serves every method and path with one answer, evaluated again for each (D; pitfall 1)", async () => {
    const world = run(cached, () => ({ payload: returned(own) }));
    expect([await world.send("/dev/orders"), await world.send("/dev/lines"), world.calls()]).toEqual([
      "allow",
      IMPLICIT,
      1,
    ]);
  });

  it("evaluates conditions of the kept policy for the address of each request", async () => {
    const statement = { ...anything[0], Condition: { IpAddress: { "aws:SourceIp": "203.0.113.7" } } };
    const world = run(cached, () => ({ payload: returned([statement]) }));
    const answers = [
      await world.send("/dev/orders"),
      await world.send("/dev/orders", { network: { sourceIp: "198.51.100.1" } }),
    ];
    expect([...answers, world.calls()]).toEqual(["allow", IMPLICIT, 1]);
  });

  it("keeps a Deny as any other answer (T)", async () => {
    const world = run(cached, () => ({ payload: returned([{ ...anything[0], Effect: "Deny" }]) }));
    expect([await world.send("/dev/orders"), await world.send("/dev/orders"), world.calls()]).toEqual([
      EXPLICIT,
      EXPLICIT,
      1,
    ]);
  });

  it.each<[string, AuthorizerOutcome]>([
    ["Unauthorized", { errorMessage: "Unauthorized" }],
    ["another error", { errorMessage: "boom" }],
    ["a malformed answer", { payload: {} }],
    ["a function that cannot be called", { cannotInvoke: "no" }],
  ])("never keeps %s", async (_, first) => {
    const world = run(cached, (call) => (call === 1 ? first : { payload: returned(anything) }));
    await world.send("/dev/orders");
    expect([await world.send("/dev/orders"), world.calls()]).toEqual(["allow", 2]);
  });

  it("keeps nothing at TTL 0", async () => {
    const world = run(tokenAuthorizer(), () => ({ payload: returned(anything) }));
    await world.send("/dev/orders");
    await world.send("/dev/orders");
    expect(world.calls()).toBe(2);
  });

  it("tells callers apart by every identity value, in order", async () => {
    const sources = ["method.request.header.A", "method.request.header.B"];
    const world = run(requestAuthorizer(sources, { resultTtlSeconds: 300 }), () => ({ payload: returned(anything) }));
    const send = (a: string, b: string) =>
      world.send("/dev/orders", {
        headers: [
          ["A", a],
          ["B", b],
        ],
      });
    await send("x", "y");
    await send("y", "x");
    await send("xy", "");
    await send("x", "y");
    expect(world.calls()).toBe(2);
  });

  it("does not answer for a value that only one of two headers of the same name holds", async () => {
    const world = run(requestAuthorizer(["method.request.header.A"], { resultTtlSeconds: 300 }), () => ({
      payload: returned(anything),
    }));
    await world.send("/dev/orders", { headers: [["A", "x"]] });
    await world.send("/dev/orders", {
      headers: [
        ["A", "x"],
        ["A", "y"],
      ],
    });
    await world.send("/dev/orders", { headers: [["A", "y"]] });
    expect(world.calls()).toBe(3);
  });

  it("is apart for each stage and each authorizer (D FlushStageAuthorizersCache)", async () => {
    const stages = ["dev", "prod"].map((name) => ({ name, variables: {}, source: { file: "f", address: name } }));
    const second = tokenAuthorizer({ address: "aws_api_gateway_authorizer.second", resultTtlSeconds: 300 });
    const routes = [
      route("GET", "/orders", { type: "CUSTOM", authorizer: cached }),
      route("GET", "/lines", { type: "CUSTOM", authorizer: second }),
    ];
    const world = run(cached, () => ({ payload: returned(anything) }), { stages, routes });
    for (const path of ["/dev/orders", "/prod/orders", "/dev/lines", "/dev/orders"]) await world.send(path);
    expect(world.calls()).toBe(3);
  });

  it("starts its time when the answer arrives", async () => {
    const served = api(guarded(cached));
    const engine = prepareEngine(model([served]));
    let now = NOW;
    const given = ports({ now: () => now });
    const begun = begin(engine, served, orders(), given);
    if (!("pending" in begun)) throw new Error("The authorizer was to be asked.");
    now += 10_000;
    complete(begun, { payload: returned(anything) });
    now += 299_999;
    expect("pending" in begin(engine, served, orders(), given)).toBe(false);
    now += 1;
    expect("pending" in begin(engine, served, orders(), given)).toBe(true);
  });

  it("is neither read nor written where the authorizer's answer is assumed", async () => {
    const served = api(guarded(cached));
    const engine = prepareEngine(model([served]));
    begin(engine, served, orders(), ports(), { authorizerResult: returned(anything) });
    expect(engine.cache.size).toBe(0);
  });
});

describe("the event", () => {
  async function eventOf(authorizer: LambdaAuthorizer, wire: WireRequest, more: Partial<Api> = {}) {
    let seen: unknown;
    const world = { routes: [route("GET", "/orders/{id}", { type: "CUSTOM", authorizer })], ...more };
    await ask(
      world,
      wire,
      {},
      {
        invokeAuthorizer: (_, event) => {
          seen = event;
          return Promise.resolve({ payload: returned(anything) });
        },
      },
    );
    return seen as Record<string, unknown>;
  }

  it("of a TOKEN authorizer has exactly three members, the header as sent (D)", async () => {
    expect(await eventOf(tokenAuthorizer(), request("GET", "/dev/orders/7", { headers: [token] }))).toEqual({
      type: "TOKEN",
      methodArn: `${ARN}/dev/GET/orders/7`,
      authorizationToken: "Bearer t",
    });
  });

  const wire = request("GET", "/dev/orders/7", {
    headers: [
      ["Host", "api.example.com"],
      ["x-Tenant", "a"],
      ["X-TENANT", "b"],
      ["authorization", "t"],
      ["User-Agent", "curl"],
      ["X-Forwarded-For", "10.0.0.1"],
    ],
    rawQuery: "a=1&a=2&space=x+y&plus=%2B&empty",
  });
  const sources = ["method.request.header.X-Tenant"];

  it("of a REQUEST authorizer has the members that AWS documents and no other", async () => {
    const event = await eventOf(requestAuthorizer(sources), wire);
    expect(Object.keys(event).sort()).toEqual(
      [
        "type",
        "methodArn",
        "resource",
        "path",
        "httpMethod",
        "headers",
        "multiValueHeaders",
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "pathParameters",
        "stageVariables",
        "requestContext",
      ].sort(),
    );
  });

  it.each<[string, (event: Record<string, unknown>) => unknown, unknown, string]>([
    ["type", (event) => event.type, "REQUEST", "D"],
    ["resource, the template", (event) => event.resource, "/orders/{id}", "D"],
    ["path, without the stage", (event) => event.path, "/orders/7", "D"],
    ["the path parameters", (event) => event.pathParameters, { id: "7" }, "D"],
    [
      "the query's last values, decoded",
      (event) => event.queryStringParameters,
      { a: "2", space: "x y", plus: "+", empty: "" },
      "R LS proxy event",
    ],
    [
      "all values of the query",
      (event) => (event.multiValueQueryStringParameters as Record<string, unknown>).a,
      ["1", "2"],
      "R LS proxy event",
    ],
    [
      "a header in the client's casing",
      (event) => (event.headers as Record<string, unknown>)["x-Tenant"],
      "b",
      "R LS proxy event",
    ],
    [
      "all values of a header",
      (event) => (event.multiValueHeaders as Record<string, unknown>)["x-Tenant"],
      ["a", "b"],
      "R LS proxy event",
    ],
    [
      "Authorization so written",
      (event) => (event.headers as Record<string, unknown>).Authorization,
      "t",
      "R LS proxy event",
    ],
    [
      "the peer behind what the client forwarded",
      (event) => (event.headers as Record<string, unknown>)["X-Forwarded-For"],
      "10.0.0.1, 203.0.113.7",
      "O",
    ],
    ["the stage variables", (event) => event.stageVariables, {}, "D"],
    ["the address of the peer", (event) => member(event, "identity", "sourceIp"), "203.0.113.7", "D"],
    ["the user agent", (event) => member(event, "identity", "userAgent"), "curl", "D"],
    ["no account of a caller", (event) => member(event, "identity", "accountId"), null, "R LS proxy event"],
    ["the path with the stage", (event) => member(event, "path"), "/dev/orders/7", "D"],
    ["the API", (event) => member(event, "apiId"), "a1b2c3d4e5", "D"],
    ["the API's account", (event) => member(event, "accountId"), "111122223333", "D"],
    ["the template", (event) => member(event, "resourcePath"), "/orders/{id}", "D"],
    ["the request id", (event) => member(event, "requestId"), wire.requestId, "D"],
    ["the time", (event) => member(event, "requestTime"), "22/Nov/2026:12:00:00 +0000", "D"],
    ["the time in milliseconds", (event) => member(event, "requestTimeEpoch"), NOW, "D"],
    ["the host", (event) => member(event, "domainName"), "api.example.com", "D"],
  ])("of a REQUEST authorizer holds %s", async (_, read, expected) => {
    expect(read(await eventOf(requestAuthorizer(sources), wire))).toEqual(expected);
  });

  function member(event: Record<string, unknown>, ...path: string[]): unknown {
    return path.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], event.requestContext);
  }
});

describe("an authorizer that cannot be enforced is refused at load, with all that is wrong", () => {
  it.each<[string, Partial<LambdaAuthorizer>, string]>([
    [
      "a TOKEN authorizer with two sources",
      { identitySources: ["method.request.header.A", "method.request.header.B"] },
      "exactly one header",
    ],
    [
      "a TOKEN authorizer that reads the query",
      { identitySources: ["method.request.querystring.t"] },
      "exactly one header",
    ],
    ["a path parameter", { type: "REQUEST", identitySources: ["method.request.path.id"] }, "method.request.path.id"],
    ["the body", { type: "REQUEST", identitySources: ["method.request.body"] }, "method.request.body"],
    [
      "an unknown member of the context",
      { type: "REQUEST", identitySources: ["context.identity.shoeSize"] },
      "shoeSize",
    ],
    ["a cache without identity", { type: "REQUEST", identitySources: [], resultTtlSeconds: 300 }, "no identity source"],
    ["an expression of Java's own", { identityValidationExpression: "\\p{Alpha}+" }, "\\p"],
  ])("%s", (_, more, named) => {
    const authorizer = tokenAuthorizer(more);
    expect(() => prepareEngine(model([api(guarded(authorizer))]))).toThrow(named);
  });

  it("names every problem at once", () => {
    const authorizer = tokenAuthorizer({ identitySources: ["nonsense"], identityValidationExpression: "a++" });
    const served = api(guarded(authorizer, { policy: policy([{ ...allowAll, Effect: "Perhaps" }]) }));
    expect(() => prepareEngine(model([served]))).toThrow(/Perhaps[^]*nonsense[^]*a\+\+/);
  });
});
