import type { UserPool, UserPoolClient } from "../../model/types";
import { oauthFlows } from "../issuer-flows";
import { list } from "../users";
import { OAuthError, parameters } from "./form";
import { challengeOf } from "./pkce";

/** A checked request to `/oauth2/authorize`. */
export interface AuthorizeRequest {
  readonly client: UserPoolClient;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state?: string;
  readonly nonce?: string;
  readonly codeChallenge?: string;
  /** `login` asks for a sign-in even where there is a session; `none` for an error where there is none. */
  readonly prompt?: string;
  /** The query as it came, for links between the pages. */
  readonly query: string;
}

/** An error that goes back to the application, as its redirect URI is known to be its own. */
export class RedirectError extends Error {
  readonly location: string;

  constructor(redirectUri: string, state: string | undefined, code: string, description: string) {
    super(description);
    this.location = withQuery(redirectUri, {
      error: code,
      error_description: description,
      ...(state === undefined ? {} : { state }),
    });
  }
}

/**
 * Checks the client and its redirect URI, which must be one of the client's character by character, and then the rest.
 * Throws `OAuthError` where the answer must not leave this server, `RedirectError` where the application is told.
 *
 * Public clients must use PKCE with S256: Cognito only recommends it, RFC 9700 2.1.1 asks for it, and what works here
 * works there.
 */
export function authorizeRequest(pool: UserPool, query: string): AuthorizeRequest {
  const given = parameters(query);
  const client = pool.clients.find(({ clientId }) => clientId === given["client_id"]);
  if (client === undefined) throw new OAuthError("invalid_request", `There is no client ${given["client_id"] ?? ""}`);
  const redirectUri = given["redirect_uri"] ?? (client.callbackUrls.length === 1 ? client.callbackUrls[0] : undefined);
  if (redirectUri === undefined || !client.callbackUrls.includes(redirectUri)) {
    const known = client.callbackUrls.join(", ") || "none";
    throw new OAuthError(
      "redirect_mismatch",
      `${redirectUri ?? "No redirect_uri"} is not one of the client's: ${known}`,
    );
  }
  const { state, nonce, prompt } = given;
  const fail = (code: string, description: string): RedirectError =>
    new RedirectError(redirectUri, state, code, description);
  if (given["response_type"] !== "code") {
    throw fail("unsupported_response_type", "Only response_type=code is supported locally");
  }
  if (!oauthFlows(client).includes("code")) throw fail("unauthorized_client", "The client has no code flow");
  const asked = (given["scope"] ?? "").split(" ").filter((scope) => scope !== "");
  const scopes = asked.length > 0 ? asked : client.allowedOAuthScopes;
  const refused = scopes.filter((scope) => !client.allowedOAuthScopes.includes(scope));
  if (refused.length > 0) throw fail("invalid_scope", `The client may not ask for ${refused.join(" ")}`);
  return {
    client,
    redirectUri,
    scopes,
    query,
    ...(state === undefined ? {} : { state }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(prompt === undefined ? {} : { prompt }),
    ...challengeOf(given, !client.generateSecret, fail),
  };
}

/** Whether the client may send its users there after they signed out: character by character, as for redirect URIs. */
export function isLogoutUri(client: UserPoolClient, uri: string): boolean {
  return list(client.settings["logout_urls"]).includes(uri);
}

export function withQuery(uri: string, values: Readonly<Record<string, string>>): string {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(values)) url.searchParams.append(name, value);
  return url.href;
}
