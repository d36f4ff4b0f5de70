import type { Denial } from "../../proof/decision/types";
import type { Exchange } from "../../proof/gateway/exchange";
import { compileGatewayResponses, renderDenial } from "../../proof/gateway/gateway-responses";
import { prepareApi } from "../../proof/gateway/served-api";
import type { GatewayResponse } from "../../proof/model/types";
import { api, route, stage } from "./models";

const accessDenied: Denial = {
  responseType: "ACCESS_DENIED",
  status: 403,
  errorType: "AccessDeniedException",
  message: 'User: "x" is not authorized',
  messageKey: "Message",
};
const authorizerFailed: Denial = {
  responseType: "AUTHORIZER_CONFIGURATION_ERROR",
  status: 500,
  errorType: "AuthorizerConfigurationException",
  message: null,
  messageKey: "message",
};
const noStage: Denial = { status: 403, errorType: "ForbiddenException", message: "Forbidden", messageKey: "message" };

const served = prepareApi(api([route("GET", "/orders/{id}")]));
const exchange: Exchange = {
  isBinary: served.isBinary,
  request: {
    method: "GET",
    rawPath: "/dev/orders/7",
    rawQuery: "q=1&q=2",
    headers: [["Origin", "https://app.example"]],
    body: new Uint8Array(),
    network: { sourceIp: "203.0.113.7" },
    requestId: "req-1",
  },
  decision: {
    outcome: "deny",
    api: served.api,
    stage: stage("dev", { variables: { tier: "gold" } }),
    route: route("GET", "/orders/{id}"),
    pathParameters: { id: "7" },
    path: "/orders/7",
    methodArn: "arn:aws:execute-api:eu-west-1:111111111111:abcdefghij/dev/GET/orders/7",
    authorization: { authorizer: { principalId: "user-1", claims: { "custom:role": "admin" } } },
    trace: [],
  },
  startedAt: 0,
  extendedRequestId: "ext-1",
  traceId: "Root=1-0-0",
};

function response(responseType: string, more: Partial<GatewayResponse> = {}): GatewayResponse {
  return {
    responseType,
    responseParameters: {},
    responseTemplates: {},
    source: { file: "f", address: responseType },
    ...more,
  };
}

function answer(denial: Denial, ...responses: GatewayResponse[]) {
  const { status, headers, body } = renderDenial(denial, compileGatewayResponses(responses), exchange);
  return { status, headers: Object.fromEntries(headers), body };
}

describe("the answer to a refused request", () => {
  it("is AWS's own where the API sets none, with Message only for authorization denials", () => {
    expect(answer(accessDenied)).toEqual({
      status: 403,
      headers: { "Content-Type": "application/json", "x-amzn-ErrorType": "AccessDeniedException" },
      body: '{"Message":"User: \\"x\\" is not authorized"}',
    });
    expect(answer(authorizerFailed).body).toBe('{"message":null}');
  });

  it("takes the response set for its type before the default of its class", () => {
    const set = answer(
      accessDenied,
      response("DEFAULT_4XX", { statusCode: "499" }),
      response("ACCESS_DENIED", { statusCode: "404" }),
    );
    expect(set.status).toBe(404);
  });

  it.each([
    ["DEFAULT_4XX", accessDenied, 499],
    ["DEFAULT_5XX", accessDenied, 403],
    ["DEFAULT_5XX", authorizerFailed, 499],
    ["UNAUTHORIZED", accessDenied, 403],
  ])("with %s set, %o is answered with status %d", (type, denial, status) => {
    expect(answer(denial, response(type, { statusCode: "499" })).status).toBe(status);
  });

  it("keeps AWS's status where only headers are set, and writes message in lower case", () => {
    const cors = response("DEFAULT_4XX", {
      responseParameters: { "gatewayresponse.header.Access-Control-Allow-Origin": "'*'" },
    });
    expect(answer(accessDenied, cors)).toEqual({
      status: 403,
      headers: {
        "Content-Type": "application/json",
        "x-amzn-ErrorType": "AccessDeniedException",
        "Access-Control-Allow-Origin": "*",
      },
      body: '{"message":"User: \\"x\\" is not authorized"}',
    });
  });

  it.each([
    ["'literal value'", "literal value"],
    ["method.request.header.origin", "https://app.example"],
    ["method.request.querystring.q", "2"],
    ["method.request.path.id", "7"],
    ["context.requestId", "req-1"],
    ["context.identity.sourceIp", "203.0.113.7"],
    ["context.error.responseType", "ACCESS_DENIED"],
    ["stageVariables.tier", "gold"],
    ["stageVariables.constructor", undefined],
    ["method.request.path.constructor", undefined],
    ["method.request.header.absent", undefined],
    ["nonsense", undefined],
  ])("maps a header from %s", (expression, value) => {
    const mapped = response("ACCESS_DENIED", { responseParameters: { "gatewayresponse.header.X-Out": expression } });
    expect(answer(accessDenied, mapped).headers["X-Out"]).toBe(value);
  });

  it.each([
    ['{"m":$context.error.messageString}', '{"m":"User: \\"x\\" is not authorized"}'],
    ["$context.error.message", 'User: "x" is not authorized'],
    ["$context.authorizer.claims['custom:role'] of $stageVariables.tier.", "admin of gold."],
    ["$context.identity.caller|$context.nothing|", "||"],
    ["costs $5 in $context.stage", "costs $5 in dev"],
  ])("fills the template %s", (template, body) => {
    const templated = response("ACCESS_DENIED", { responseTemplates: { "application/json": template } });
    expect(answer(accessDenied, templated).body).toBe(body);
  });

  it("never lets an answer template see a template of what a caller sent", () => {
    const hostile: Exchange = {
      ...exchange,
      request: { ...exchange.request, headers: [["User-Agent", "$context.identity.sourceIp"]] },
    };
    const templated = compileGatewayResponses([
      response("ACCESS_DENIED", { responseTemplates: { "text/plain": "$context.identity.userAgent" } }),
    ]);
    const rendered = renderDenial(accessDenied, templated, hostile);
    expect(rendered.body).toBe("$context.identity.sourceIp");
    expect(rendered.headers).toContainEqual(["Content-Type", "text/plain"]);
  });

  it("is AWS's own for a missing stage, whatever the API sets", () => {
    expect(answer(noStage, response("DEFAULT_4XX", { statusCode: "418" }))).toMatchObject({
      status: 403,
      body: '{"message":"Forbidden"}',
    });
  });
});
