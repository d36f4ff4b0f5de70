import type { WireRequest } from "../../proof/decision/types";
import type { Api, LambdaAuthorizer } from "../../proof/model/types";
import { ARN, request, route, tokenAuthorizer } from "./support";

export const allow = (...resources: string[]) => [
  { Effect: "Allow", Action: "execute-api:Invoke", Resource: resources },
];
export const anything = allow(`${ARN}/*`);
export const token: [string, string] = ["Authorization", "Bearer t"];
export const orders = (more: Partial<WireRequest> = {}) => request("GET", "/dev/orders", { headers: [token], ...more });

/** Two routes behind the same authorizer. */
export const guarded = (authorizer: LambdaAuthorizer = tokenAuthorizer(), more: Partial<Api> = {}) => ({
  routes: [
    route("GET", "/orders", { type: "CUSTOM", authorizer }),
    route("GET", "/lines", { type: "CUSTOM", authorizer }),
  ],
  ...more,
});

export const requestAuthorizer = (identitySources: string[], more: Partial<LambdaAuthorizer> = {}) =>
  tokenAuthorizer({ type: "REQUEST", identitySources, ...more });

export const INTERNAL = "500 null";
export const UNAUTHORIZED = "401 Unauthorized";
export const IMPLICIT =
  "403 User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action";
export const EXPLICIT =
  "403 User is not authorized to access this resource with an explicit deny in an identity-based policy";
