import { compileIdentitySource } from "../../proof/decision/identity-source";
import type { RequestFacts } from "../../proof/decision/request-context";
import { ACCOUNT, api, API_ID, NOW, request, route, source } from "./support";

const asked = request("GET", "/dev/orders/1", {
  rawQuery: "key=a&key=b&empty=",
  headers: [
    ["Host", "orders.example.com"],
    ["User-Agent", "curl"],
    ["X-Key", "one"],
    ["x-key", "two"],
    ["X-Blank", " "],
    ["x-blank", "three"],
  ],
});
const facts: RequestFacts = {
  api: api(),
  stage: { name: "dev", variables: { tenant: "north" }, source: source("stage") },
  route: route("GET", "/orders/{id}"),
  request: asked,
  now: NOW,
};
const values = (expression: string) => compileIdentitySource(expression)?.values(facts);

describe("an identity source (API Gateway Developer Guide, configure a Lambda authorizer)", () => {
  it.each<[string, readonly string[]]>([
    ["method.request.header.User-Agent", ["curl"]],
    ["method.request.header.X-Key", ["one", "two"]],
    [" method.request.header.X-Key ", ["one", "two"]],
    ["method.request.header.X-Blank", []],
    ["method.request.header.X-None", []],
    ["method.request.querystring.key", ["a", "b"]],
    ["method.request.querystring.empty", []],
    ["method.request.querystring.Key", []],
    ["stageVariables.tenant", ["north"]],
    ["stageVariables.toString", []],
    ["context.accountId", [ACCOUNT]],
    ["context.apiId", [API_ID]],
    ["context.httpMethod", ["GET"]],
    ["context.identity.sourceIp", ["203.0.113.7"]],
    ["context.identity.userAgent", ["curl"]],
    ["context.identity.apiKey", []],
    ["context.path", ["/dev/orders/1"]],
    ["context.protocol", ["HTTP/1.1"]],
    ["context.requestId", [asked.requestId]],
    ["context.requestTimeEpoch", [String(NOW)]],
    ["context.resourcePath", ["/orders/{id}"]],
    ["context.stage", ["dev"]],
  ])("%s reads %j", (expression, read) => {
    expect(values(expression)).toEqual(read);
  });

  it.each([["context.domainName"], ["context.domainPrefix"], ["context.requestTime"], ["context.resourceId"]])(
    "%s reads one value",
    (expression) => {
      expect(values(expression)).toHaveLength(1);
    },
  );

  it.each([
    ["method.request.path.id"],
    ["method.request.body"],
    ["method.request.header."],
    ["method.request.header"],
    ["xmethod.request.header.a"],
    ["method.request.header.a\nb"],
    ["context.authorizer.principalId"],
    ["context.identity"],
    ["stageVariables"],
    [""],
  ])("%s is none", (expression) => {
    expect(compileIdentitySource(expression)).toBeUndefined();
  });
});
