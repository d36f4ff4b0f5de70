import { begin, complete, decide } from "../../proof/decision/decide";
import { prepareEngine } from "../../proof/decision/engine";
import type { AuthorizerOutcome, Ports } from "../../proof/decision/ports";
import type { WireRequest } from "../../proof/decision/types";
import type { Api, LambdaAuthorizer } from "../../proof/model/types";
import { allow, anything, guarded, orders, token, requestAuthorizer, IMPLICIT, EXPLICIT } from "./lambda-support";
import { answer, api, ARN, model, NOW, ports, request, returned, route, tokenAuthorizer } from "./support";

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
