import type { Denial, StepName } from "../../proof/decision/types";
import type { Exchange } from "../../proof/gateway/exchange";
import { phaseVariables } from "../../proof/gateway/phases";
import type { LambdaAuthorizer, RouteAuth } from "../../proof/model/types";
import { api, route, stage } from "./models";

const iam: RouteAuth = { type: "AWS_IAM" };
const custom: RouteAuth = { type: "CUSTOM", authorizer: {} as LambdaAuthorizer };
const cognito = { type: "COGNITO_USER_POOLS", authorizer: {}, scopes: [] } as unknown as RouteAuth;

const denial = (responseType: Denial["responseType"], status: number): Denial => ({
  ...(responseType === undefined ? {} : { responseType }),
  status,
  errorType: "E",
  message: "m",
  messageKey: "message",
});
const denied = denial("ACCESS_DENIED", 403);

function exchange(auth: RouteAuth, refused: Denial | undefined, steps: readonly StepName[]): Exchange {
  const at = route("GET", "/x", { auth });
  return {
    isBinary: () => false,
    request: {
      method: "GET",
      rawPath: "/dev/x",
      rawQuery: "",
      headers: [],
      body: new Uint8Array(),
      network: { sourceIp: "" },
      requestId: "r",
    },
    decision: {
      outcome: refused === undefined ? "allow" : "deny",
      api: api([]),
      stage: stage("dev"),
      route: at,
      pathParameters: {},
      path: "/x",
      methodArn: "",
      ...(refused === undefined ? {} : { denial: refused }),
      authorization: {},
      trace: steps.map((step) => ({ step, result: "", because: "" })),
    },
    startedAt: 0,
    extendedRequestId: "",
    traceId: "",
  };
}

describe("the phases of a request in the access log", () => {
  it.each<[string, RouteAuth, Denial | undefined, readonly StepName[], object]>([
    ["a public route", { type: "NONE" }, undefined, [], {}],
    ["a signed request", iam, undefined, [], { "authenticate.status": 200, "authorize.status": 200 }],
    [
      "a bad signature",
      iam,
      denial("INVALID_SIGNATURE", 403),
      [],
      { "authenticate.status": 403, "authenticate.error": "m" },
    ],
    [
      "a signed request that a policy refuses",
      iam,
      denied,
      [],
      { "authenticate.status": 200, "authorize.status": 403, "authorize.error": "m" },
    ],
    [
      "an admitting authorizer",
      custom,
      undefined,
      ["authorizer"],
      { "authorizer.status": 200, "authorize.status": 200 },
    ],
    [
      "an authorizer that fails",
      custom,
      denial("AUTHORIZER_CONFIGURATION_ERROR", 500),
      ["authorizer"],
      { "authorizer.status": 500, "authorizer.error": "m" },
    ],
    [
      "a missing identity source",
      custom,
      denial("UNAUTHORIZED", 401),
      ["identity-source"],
      { "authorizer.status": 401, "authorizer.error": "m" },
    ],
    [
      "a denying authorizer",
      custom,
      denied,
      ["authorizer", "authorizer-policy"],
      { "authorizer.status": 200, "authorize.status": 403, "authorize.error": "m" },
    ],
    [
      "a resource policy that denies before the authorizer",
      custom,
      denied,
      ["resource-policy"],
      { "authorize.status": 403, "authorize.error": "m" },
    ],
    ["a good token", cognito, undefined, [], { "authorizer.status": 200 }],
    ["a bad token", cognito, denial("UNAUTHORIZED", 401), [], { "authorizer.status": 401, "authorizer.error": "m" }],
    ["a good token that the resource policy refuses", cognito, denied, [], { "authorizer.status": 200 }],
    [
      "a signed request without its API key",
      iam,
      denial("INVALID_API_KEY", 403),
      [],
      { "authenticate.status": 200, "authorize.status": 200 },
    ],
  ])("of %s", (_name, auth, refused, steps, expected) => {
    expect(phaseVariables(exchange(auth, refused, steps))).toEqual(expected);
  });
});
