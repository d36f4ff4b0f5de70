import { QuotaCounter } from "../../proof/gateway/quota";
import { TokenBucket } from "../../proof/gateway/token-bucket";
import type { ApiKey, LambdaAuthorizer, Model, Stage, UsagePlan } from "../../proof/model/types";
import type { TestGateway } from "./gateway";
import { serve } from "./gateway";
import { api, invocable, model, proxyTo, route, stage } from "./models";

const source = { file: "f", address: "a" };
const key = (id: string, more: Partial<ApiKey> = {}): ApiKey => ({
  address: id,
  id,
  name: `${id}-name`,
  value: `value-of-${id}-0123456789`,
  enabled: true,
  source,
  ...more,
});
const plan = (id: string, apiKeyIds: string[], more: Partial<UsagePlan> = {}): UsagePlan => ({
  address: id,
  id,
  name: id,
  stages: [{ apiId: "abcdefghij", stage: "dev", throttle: {} }],
  apiKeyIds,
  source,
  ...more,
});

const open: TestGateway[] = [];
afterAll(() => Promise.all(open.map((gateway) => gateway.close())));

async function gatewayWith(more: Partial<Model>, stages: readonly Stage[] = [stage("dev"), stage("prod")]) {
  const fn = invocable("fn", "exports.handler = async (e) => ({ body: JSON.stringify(e.requestContext.identity) })");
  const integration = proxyTo(fn);
  const keyed = { integration, apiKeyRequired: true };
  const gateway = await serve(
    model(
      [
        api([route("GET", "/keyed", keyed), route("GET", "/other", keyed), route("GET", "/free", { integration })], {
          stages,
        }),
      ],
      [fn],
      more,
    ),
  );
  open.push(gateway);
  return (path: string, value?: string) =>
    fetch(gateway.origin + path, { headers: value === undefined ? {} : { "X-Api-Key": value } });
}

describe("API keys", () => {
  const good = key("good");
  const off = key("off", { enabled: false });
  const loose = key("loose");
  let call: Awaited<ReturnType<typeof gatewayWith>>;
  beforeAll(async () => {
    call = await gatewayWith({
      apiKeys: [good, off, loose, key("empty", { value: "" })],
      usagePlans: [plan("basic", ["good", "off"])],
    });
  });

  it("admit who sends one of a plan for the stage, and are named to the function", async () => {
    const response = await call("/dev/keyed", good.value);
    expect(response.status).toBe(200);
    await expect(response.json()).resolves.toMatchObject({ apiKey: good.value, apiKeyId: "good" });
  });

  it.each([
    ["none is sent", "/dev/keyed", undefined],
    ["an empty one is sent", "/dev/keyed", ""],
    ["it is unknown", "/dev/keyed", "guess"],
    ["it is disabled", "/dev/keyed", off.value],
    ["it is in no plan", "/dev/keyed", loose.value],
    ["its plan is for another stage", "/prod/keyed", good.value],
  ])("refuse alike where %s", async (_name, path, value) => {
    const response = await call(path, value);
    expect(response.status).toBe(403);
    expect(response.headers.get("x-amzn-errortype")).toBe("ForbiddenException");
    await expect(response.text()).resolves.toBe('{"message":"Forbidden"}');
  });

  it("are not asked for by a method that needs none", async () => {
    expect((await call("/dev/free", "guess")).status).toBe(200);
  });
});

describe("API keys that an authorizer names", () => {
  it("count instead of the one in the header, which alone is answered 401", async () => {
    const good = key("good");
    const code = `exports.handler = async (event) => ({
      principalId: "p",
      policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: event.methodArn }] },
      usageIdentifierKey: event.authorizationToken,
    })`;
    const authorizerFn = invocable("authorizer", code);
    const fn = invocable("fn", "exports.handler = async () => ({})");
    const authorizer: LambdaAuthorizer = {
      type: "TOKEN",
      address: "a",
      id: "authid",
      name: "a",
      functionArn: authorizerFn.arn,
      identitySources: ["method.request.header.X-Token"],
      resultTtlSeconds: 0,
      source,
    };
    const only = route("GET", "/x", {
      integration: proxyTo(fn),
      apiKeyRequired: true,
      auth: { type: "CUSTOM", authorizer },
    });
    const gateway = await serve(
      model([api([only], { apiKeySource: "AUTHORIZER" })], [fn, authorizerFn], {
        apiKeys: [good],
        usagePlans: [plan("p", ["good"])],
      }),
    );
    open.push(gateway);
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${gateway.origin}/dev/x`, { headers })).status;
    expect(await status({ "X-Token": good.value })).toBe(200);
    expect(await status({ "X-Token": "other-key-0123456789", "x-api-key": good.value })).toBe(403);
    expect(await status({ "x-api-key": good.value })).toBe(401);
  });
});

describe("limits", () => {
  it("of a usage plan throttle a key, and a method's own before them", async () => {
    const first = key("first");
    const second = key("second");
    const stages = [
      { apiId: "abcdefghij", stage: "dev", throttle: { "/other/GET": { rateLimit: 0.001, burstLimit: 1 } } },
    ];
    const throttle = { rateLimit: 0.001, burstLimit: 2 };
    const call = await gatewayWith({
      apiKeys: [first, second],
      usagePlans: [plan("slow", ["first", "second"], { throttle, stages })],
    });
    const statuses = async (path: string, value: string, times: number) => {
      const seen = [];
      for (let i = 0; i < times; i++) seen.push((await call(path, value)).status);
      return seen;
    };
    expect(await statuses("/dev/keyed", first.value, 3)).toEqual([200, 200, 429]);
    expect(await statuses("/dev/other", first.value, 2)).toEqual([200, 429]);
    expect(await statuses("/dev/keyed", second.value, 1)).toEqual([200]);
    const refused = await call("/dev/keyed", first.value);
    expect(refused.headers.get("x-amzn-errortype")).toBe("TooManyRequestsException");
    await expect(refused.text()).resolves.toBe('{"message":"Too Many Requests"}');
  });

  it("of a quota end with AWS's answer", async () => {
    const one = key("one");
    const quota = { limit: 3, offset: 1, period: "DAY" as const };
    const call = await gatewayWith({ apiKeys: [one], usagePlans: [plan("few", ["one"], { quota })] });
    expect((await call("/dev/keyed", one.value)).status).toBe(200);
    expect((await call("/dev/keyed", one.value)).status).toBe(200);
    const refused = await call("/dev/keyed", one.value);
    expect([refused.status, refused.headers.get("x-amzn-errortype"), await refused.text()]).toEqual([
      429,
      "LimitExceededException",
      '{"message":"Limit Exceeded"}',
    ]);
  });

  it("of a stage hold for everybody, the most specific setting first", async () => {
    const methodSettings = [
      { method: "*", path: "*", throttlingRateLimit: 0, throttlingBurstLimit: 0 },
      { method: "GET", path: "free", throttlingRateLimit: 0.001, throttlingBurstLimit: 1 },
    ];
    const keys = { apiKeys: [key("k")], usagePlans: [plan("p", ["k"])] };
    const call = await gatewayWith(keys, [stage("dev", { methodSettings }), stage("prod")]);
    expect((await call("/dev/free")).status).toBe(200);
    expect((await call("/dev/free")).status).toBe(429);
    expect((await call("/dev/keyed", key("k").value)).status).toBe(429);
    expect((await call("/prod/free")).status).toBe(200);
  });
});

describe("a token bucket", () => {
  it.each([
    [
      "admits a burst, then as the rate allows",
      { rateLimit: 10, burstLimit: 3 },
      [0, 0, 0, 0, 99, 100, 101, 1000, 1000, 1000, 1000],
      "yyynnynyyyn",
    ],
    ["with a rate alone admits a second's worth at once", { rateLimit: 2 }, [0, 0, 0, 500, 500], "yynyn"],
    ["with a rate of nothing admits nothing", { rateLimit: 0, burstLimit: 5 }, [0, 1000], "nn"],
    ["with a burst of nothing admits nothing", { rateLimit: 5, burstLimit: 0 }, [0, 1000], "nn"],
    ["without a limit admits everything", {}, [0, 0, 0], "yyy"],
  ])("%s", (_name, rate, times, expected) => {
    const bucket = new TokenBucket(rate, 0);
    expect(times.map((at) => (bucket.take(at) ? "y" : "n")).join("")).toBe(expected);
  });
});

describe("a quota", () => {
  it.each([
    ["DAY", "2026-03-01T23:59:59Z", "2026-03-02T00:00:00Z"],
    ["WEEK", "2026-03-07T23:59:59Z", "2026-03-08T00:00:00Z"],
    ["MONTH", "2026-03-31T23:59:59Z", "2026-04-01T00:00:00Z"],
  ] as const)("of a %s is full again in the next", (period, last, next) => {
    const counter = new QuotaCounter({ limit: 2, offset: 1, period }, Date.parse(last));
    expect([counter.take(Date.parse(last)), counter.take(Date.parse(last))]).toEqual([true, false]);
    const taken = [1, 2, 3].map(() => counter.take(Date.parse(next)));
    expect(taken).toEqual([true, true, false]);
  });
});
