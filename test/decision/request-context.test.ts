import type { RequestFacts } from "../../proof/decision/request-context";
import { commonLogTime, requestContext, resourceId } from "../../proof/decision/request-context";
import { ACCOUNT, api, API_ID, NOW, request, route, source } from "./support";

const stage = (name = "dev") => ({ name, variables: {}, source: source(name) });
const facts = (more: Partial<RequestFacts> = {}): RequestFacts => ({
  api: api(),
  stage: stage(),
  route: route("GET", "/orders/{id}"),
  request: request("GET", "/dev/orders/7"),
  now: NOW,
  ...more,
});
const sent = (headers: [string, string][], rawPath = "/dev/orders/7") => request("GET", rawPath, { headers });

it("has the members recorded from AWS, and null for those that need a signature (R LS proxy event)", () => {
  expect(requestContext(facts())).toEqual({
    accountId: ACCOUNT,
    apiId: API_ID,
    deploymentId: expect.stringMatching(/^[0-9a-f]{6}$/),
    domainName: "orders.localhost",
    domainPrefix: "orders",
    extendedRequestId: expect.stringMatching(/^[0-9a-f]{15}$/),
    httpMethod: "GET",
    identity: {
      accessKey: null,
      accountId: null,
      caller: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: "203.0.113.7",
      user: null,
      userAgent: null,
      userArn: null,
    },
    path: "/dev/orders/7",
    protocol: "HTTP/1.1",
    requestId: "6f1e9a0c-0000-4000-8000-000000000001",
    requestTime: "22/Nov/2026:12:00:00 +0000",
    requestTimeEpoch: NOW,
    resourceId: expect.stringMatching(/^[0-9a-f]{6}$/),
    resourcePath: "/orders/{id}",
    stage: "dev",
  });
});

describe("an id is a stand-in for AWS's own: the same for the same, and another for another", () => {
  it.each<[string, "deploymentId" | "resourceId" | "extendedRequestId", Partial<RequestFacts>, boolean]>([
    ["the deployment of the same stage", "deploymentId", {}, true],
    ["the deployment of another stage", "deploymentId", { stage: stage("prod") }, false],
    ["the deployment of another API", "deploymentId", { api: api({ id: "zzzzzzzzzz" }) }, false],
    ["the deployment for another path", "deploymentId", { route: route("GET", "/lines") }, true],
    ["the resource of another verb", "resourceId", { route: route("POST", "/orders/{id}") }, true],
    ["the resource of another path", "resourceId", { route: route("GET", "/lines") }, false],
    ["the resource of another API", "resourceId", { api: api({ id: "zzzzzzzzzz" }) }, false],
    ["the same request", "extendedRequestId", {}, true],
    [
      "another request",
      "extendedRequestId",
      { request: request("GET", "/dev/orders/7", { requestId: "another" }) },
      false,
    ],
  ])("%s", (_, member, more, same) => {
    expect(requestContext(facts(more))[member] === requestContext(facts())[member]).toBe(same);
  });

  it("which does not depend on where the path begins and the API's id ends", () => {
    expect(resourceId("a", "b/c")).not.toBe(resourceId("ab", "/c"));
  });

  it("and which the resource keeps, whichever way it is asked for", () => {
    expect(requestContext(facts())["resourceId"]).toBe(resourceId(API_ID, "/orders/{id}"));
  });

  it("and which is worked out once", () => {
    const [here, there] = [facts(), facts()];
    const ids = [here, here, there].map((each) => requestContext(each)["deploymentId"]);
    expect(new Set(ids).size).toBe(1);
  });
});

it.each<[string, [string, string][], unknown, unknown]>([
  [
    "a host of several labels",
    [["Host", "a1.execute-api.us-east-1.amazonaws.com"]],
    "a1.execute-api.us-east-1.amazonaws.com",
    "a1",
  ],
  ["a host of one", [["Host", "localhost"]], "localhost", "localhost"],
  ["no host", [], "", ""],
])("%s", (_, headers, domainName, domainPrefix) => {
  expect(requestContext(facts({ request: sent(headers) }))).toMatchObject({ domainName, domainPrefix });
});

it.each([
  ["/dev/orders//7/", "/dev/orders//7/"],
  ["//dev/orders", "/dev/orders"],
  ["///dev//orders", "/dev//orders"],
])("the path %s stands as %s (R LS proxy event)", (rawPath, path) => {
  expect(requestContext(facts({ request: sent([], rawPath) }))).toMatchObject({ path });
});

it.each<[string, boolean, [string, string][], unknown]>([
  ["is there where the method asks for one", true, [["X-API-Key", "k"]], "k"],
  [
    "is the last of several",
    true,
    [
      ["x-api-key", "a"],
      ["x-api-key", "b"],
    ],
    "b",
  ],
  ["is not there where none was sent", true, [], undefined],
  ["is not there where the method asks for none (D 8.1)", false, [["x-api-key", "k"]], undefined],
])("the API key %s", (_, apiKeyRequired, headers, expected) => {
  const asking = { ...route("GET", "/orders/{id}"), apiKeyRequired };
  const { identity } = requestContext(facts({ route: asking, request: sent(headers) }));
  expect(Object.entries(identity as object).filter(([name]) => name === "apiKey")).toEqual(
    expected === undefined ? [] : [["apiKey", expected]],
  );
});

it("the user agent is there where one was sent", () => {
  expect(requestContext(facts({ request: sent([["User-Agent", "curl"]]) }))).toMatchObject({
    identity: { userAgent: "curl" },
  });
});

it.each([
  [Date.UTC(2015, 3, 9, 12, 34, 56), "09/Apr/2015:12:34:56 +0000"],
  [Date.UTC(2026, 11, 31, 23, 59, 59, 999), "31/Dec/2026:23:59:59 +0000"],
])("%s is %s in the format of an access log (D $context.requestTime)", (now, expected) => {
  expect(commonLogTime(now)).toBe(expected);
});
