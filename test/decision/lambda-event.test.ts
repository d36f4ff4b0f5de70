import type { WireRequest } from "../../proof/decision/types";
import type { Api, LambdaAuthorizer } from "../../proof/model/types";
import { anything, requestAuthorizer, token } from "./lambda-support";
import { ARN, ask, NOW, request, returned, route, tokenAuthorizer } from "./support";

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
      ["x-forwarded-for", "10.0.0.2"],
      ["X-Forwarded-Proto", "http"],
      ["x-forwarded-port", "80"],
      ["X-Forwarded-Host", "forged.example.com"],
      ["My-X-Forwarded-", "kept"],
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
      "10.0.0.1, 10.0.0.2, 203.0.113.7",
      "O",
    ],
    [
      "all headers, with those of the front end instead of the client's",
      (event) => event.multiValueHeaders,
      {
        Host: ["api.example.com"],
        "x-Tenant": ["a", "b"],
        Authorization: ["t"],
        "User-Agent": ["curl"],
        "My-X-Forwarded-": ["kept"],
        "X-Forwarded-For": ["10.0.0.1, 10.0.0.2, 203.0.113.7"],
        "X-Forwarded-Port": ["443"],
        "X-Forwarded-Proto": ["https"],
      },
      "R LS proxy event",
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

  it("of a REQUEST authorizer holds the peer alone where the client forwarded nothing", async () => {
    const event = await eventOf(requestAuthorizer([]), request("GET", "/dev/orders/7"));
    expect(event).toMatchObject({ headers: { "X-Forwarded-For": "203.0.113.7" }, queryStringParameters: {} });
  });

  function member(event: Record<string, unknown>, ...path: string[]): unknown {
    return path.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], event.requestContext);
  }
});
