import { basicCredentials, form, json, OAuthError, same } from "./cognito/form";
import { header } from "./http";
import type { HttpAnswer, HttpRequest } from "./http";
import type { LocalIssuers } from "./issuer";
import { oidcAccessClaims, oidcIdClaims } from "./issuer-claims";
import type { externalIssuers } from "./issuer-clients";
import type { OidcClients } from "./oidc-clients";
import type { OidcSignIn } from "./oidc-sign-in";

/** Seconds. */
const LIFE = 3600;

/**
 * The token endpoint of an OIDC issuer: client credentials (RFC 6749, 4.4) and authorization codes (4.1), with access
 * tokens of RFC 9068. The clients are those that functions name, and any scope is given: which scopes a client has, only
 * the real issuer knows.
 */
export function oidcTokens(
  { issuer, audiences, clientIds }: ReturnType<typeof externalIssuers>[number],
  issuers: LocalIssuers,
  clients: OidcClients,
  signIn: OidcSignIn,
): (request: HttpRequest) => HttpAnswer {
  clients.prepare(issuer, clientIds);
  const secretOf = (id: string) => (clientIds.includes(id) ? clients.secretOf(issuer, id) : undefined);
  const tokens = (clientId: string, subject: string, scopes: readonly string[], audience: string | undefined) => {
    if (audience !== undefined && !audiences.includes(audience)) throw new OAuthError("invalid_target");
    const aud = audience === undefined ? audiences : [audience];
    const claims = oidcAccessClaims(issuer, subject, aud, clientId, scopes, [], { now: Date.now(), expiresIn: LIFE });
    return {
      access_token: issuers.of(issuer).sign(claims, { typ: "at+jwt" }),
      token_type: "Bearer",
      expires_in: LIFE,
      ...(scopes.length === 0 ? {} : { scope: scopes.join(" ") }),
    };
  };
  const grant = (request: HttpRequest): object => {
    const given = form(request);
    const type = given["grant_type"];
    // A browser application has no secret to authenticate with; its code is bound to it by PKCE.
    const clientId = authenticate(request, given, secretOf, type === "authorization_code");
    // RFC 8707 calls it `resource`, some issuers `audience`.
    const audience = given["resource"] ?? given["audience"];
    if (type === "client_credentials") {
      const scopes = (given["scope"] ?? "").split(" ").filter((scope) => scope !== "");
      return tokens(clientId, clientId, scopes, audience);
    }
    if (type !== "authorization_code") {
      throw new OAuthError(type === undefined ? "invalid_request" : "unsupported_grant_type");
    }
    const { user, scopes, nonce, signedInAt, ...code } = signIn.redeem(given, clientId);
    const idToken = { sub: user, aud: clientId, nonce, authTime: Math.floor(signedInAt / 1000) };
    return {
      ...tokens(clientId, user, scopes, audience ?? code.audience),
      ...(scopes.includes("openid") ? { id_token: issuers.of(issuer).sign(oidcIdClaims(issuer, idToken, LIFE)) } : {}),
    };
  };
  return (request) => {
    if (request.method !== "POST") return { status: 405, headers: [["allow", "POST"]], body: "" };
    try {
      return json(200, grant(request));
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      const challenge = error.status === 401 ? [["www-authenticate", "Basic"] as const] : [];
      return json(error.status, { error: error.code }, challenge);
    }
  };
}

function authenticate(
  request: HttpRequest,
  given: Readonly<Record<string, string>>,
  secretOf: (id: string) => string | undefined,
  mayBePublic: boolean,
): string {
  const basic = basicCredentials(header(request, "authorization"));
  if (basic !== undefined && given["client_secret"] !== undefined) throw new OAuthError("invalid_request");
  const id = basic?.id ?? given["client_id"] ?? "";
  const expected = secretOf(id);
  const secret = basic?.secret ?? given["client_secret"];
  const isProven = secret === undefined ? mayBePublic : same(secret, expected ?? "");
  if ((given["client_id"] ?? id) !== id || expected === undefined || !isProven) {
    throw new OAuthError("invalid_client", "invalid_client", 401);
  }
  return id;
}
