import type { UserPoolClient } from "../model/types";
import { API_SCOPE } from "./issuer-claims";

/**
 * The OAuth flows a client can use: those it lists, once `allowed_oauth_flows_user_pool_client` switches them on
 * (API reference, `CreateUserPoolClient`).
 */
export function oauthFlows(client: UserPoolClient): readonly string[] {
  const enabled = String(client.settings["allowed_oauth_flows_user_pool_client"]) === "true";
  return enabled ? client.allowedOAuthFlows : [];
}

/** Whether the client gets tokens for itself. */
export function isMachine(client: UserPoolClient): boolean {
  return oauthFlows(client).includes("client_credentials");
}

/** Whether users sign in to the client on the OAuth endpoints. */
export function hasUserFlow(client: UserPoolClient): boolean {
  return oauthFlows(client).some((flow) => flow === "code" || flow === "implicit");
}

/** The scopes of the client's tokens, for itself or for a user. Users who sign in by the API get its one scope. */
export function allowedScopes(client: UserPoolClient, machine: boolean): readonly string[] {
  return machine || hasUserFlow(client) ? client.allowedOAuthScopes : [API_SCOPE];
}
