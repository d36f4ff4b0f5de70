import type { AuthorizerResult } from "../../proof/decision/authorizer-output";
import { begin } from "../../proof/decision/decide";
import { prepareEngine } from "../../proof/decision/engine";
import { ACCOUNT, allowAll, api, model, policy, ports, request, route, source } from "./support";

const answer = { principalId: "u" } as AuthorizerResult;

describe("an engine", () => {
  it.each([
    [undefined, 10_000],
    [3, 3],
    [0, 0],
  ])("keeps at most so many answers of authorizers: %s gives %s", (cacheEntries, most) => {
    const { cache } = prepareEngine(model([]), cacheEntries === undefined ? {} : { cacheEntries });
    for (let index = 0; index < most + 5; index++) cache.set(String(index), answer, 1);
    expect(cache.size).toBe(most);
  });

  it("tells every invalid policy of every holder at once, each with its place", () => {
    const bad = (address: string) => policy([{ ...allowAll, Effect: "Maybe" }], address);
    const holder = (name: string) => ({
      address: name,
      name,
      arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
      accountId: ACCOUNT,
      identityPolicies: [bad(`${name}.policy`)],
      permissionsBoundary: bad(`${name}.boundary`),
      tags: {},
      source: source(name),
    });
    const role = { ...holder("role"), trustPolicy: policy([], "trust"), maxSessionSeconds: 3600 };
    const endpoint = {
      address: "e",
      id: "vpce-a",
      vpcId: "vpc-a",
      accountId: ACCOUNT,
      serviceName: "s",
      policy: bad("endpoint.policy"),
      source: source("e"),
    };
    const loaded = model([api({ policy: bad("api.policy") })], {
      roles: [role],
      users: [holder("user")],
      vpcEndpoints: [endpoint],
    });
    for (const place of [
      "role.policy",
      "role.boundary",
      "user.policy",
      "user.boundary",
      "endpoint.policy",
      "api.policy",
    ]) {
      expect(() => prepareEngine(loaded)).toThrow(`main.tf.json: ${place}: statement 0`);
    }
  });

  it("decides on the API that it is asked for, of several", () => {
    const open = api({ routes: [route("GET", "/orders")] });
    const closed = api({
      address: "aws_api_gateway_rest_api.closed",
      id: "zzzzzzzzzz",
      routes: [route("GET", "/orders")],
      policy: policy([]),
    });
    const engine = prepareEngine(model([open, closed]));
    const outcomes = [open, closed].map((each) => {
      const decision = begin(engine, each, request("GET", "/dev/orders"), ports());
      return "pending" in decision ? "pending" : decision.outcome;
    });
    expect(outcomes).toEqual(["allow", "deny"]);
  });

  it("refuses to decide on an API that it was not prepared for", () => {
    expect(() => begin(prepareEngine(model([])), api(), request("GET", "/dev/orders"), ports())).toThrow(
      "aws_api_gateway_rest_api.api",
    );
  });
});
