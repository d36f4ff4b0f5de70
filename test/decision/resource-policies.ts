/** Requests of every kind of caller, under one resource policy. */
import type { Assumptions } from "../../proof/decision/ports";
import type { NetworkPosition } from "../../proof/decision/types";
import type { Api, RouteAuth, VpcEndpoint } from "../../proof/model/types";
import { allowing, ask, caller, cognitoAuthorizer, request, returned, route, tokenAuthorizer } from "./support";

export const anything = [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }];

/** A caller that every check but the resource policy admits, for each authorization type. */
export const ADMITTED: readonly [string, RouteAuth, Assumptions][] = [
  ["NONE", { type: "NONE" }, {}],
  ["AWS_IAM", { type: "AWS_IAM" }, { caller: caller({ identityPolicies: [allowing("*")] }) }],
  ["CUSTOM", { type: "CUSTOM", authorizer: tokenAuthorizer() }, { authorizerResult: returned(anything) }],
  [
    "COGNITO_USER_POOLS",
    { type: "COGNITO_USER_POOLS", authorizer: cognitoAuthorizer(), scopes: [] },
    { claims: { token_use: "id" } },
  ],
];

export function decide(
  auth: RouteAuth,
  assumptions: Assumptions,
  more: Partial<Api>,
  network: NetworkPosition,
  vpcEndpoints: VpcEndpoint[] = [],
  headers: [string, string][] = [],
) {
  const wire = request("GET", "/dev/orders", { headers: [["Authorization", "t"], ...headers], network });
  return ask({ routes: [route("GET", "/orders", auth)], ...more, models: { vpcEndpoints } }, wire, assumptions);
}

export const here: NetworkPosition = { sourceIp: "203.0.113.7" };

export const inVpc: NetworkPosition = {
  sourceIp: "10.1.2.3",
  vpc: { id: "vpc-a", endpoint: "vpce-a", sourceIp: "10.0.0.7" },
};
