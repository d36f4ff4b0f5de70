import { basicCredentials, form, json, OAuthError, same } from "./cognito/form";
import { header } from "./http";
import type { HttpAnswer, HttpRequest } from "./http";
import type { LocalIssuers } from "./issuer";
import { oidcAccessClaims } from "./issuer-claims";
import type { externalIssuers } from "./issuer-clients";
import type { OidcClients } from "./oidc-clients";

/** The machine client of an issuer where no function names one. */
export const LOCAL_CLIENT = "local-client";
/** Seconds. */
const LIFE = 3600;

/**
 * The token endpoint of an OIDC issuer: the client-credentials grant (RFC 6749, 4.4) with access tokens of RFC 9068. The
 * clients are those that functions name, and any scope is given: which scopes a client has, only the real issuer knows.
 * There is no code flow, as nothing in the configuration says who the users are and where they may be sent.
 */
export function oidcTokens(
  { issuer, audiences, clientIds }: ReturnType<typeof externalIssuers>[number],
  issuers: LocalIssuers,
  clients: OidcClients,
): (request: HttpRequest) => HttpAnswer {
  const known = clientIds.length === 0 ? [LOCAL_CLIENT] : clientIds;
  clients.prepare(issuer, known);
  const grant = (request: HttpRequest): object => {
    const given = form(request);
    const clientId = authenticate(request, given, (id) =>
      known.includes(id) ? clients.secretOf(issuer, id) : undefined,
    );
    if (given["grant_type"] === undefined) throw new OAuthError("invalid_request");
    if (given["grant_type"] !== "client_credentials") throw new OAuthError("unsupported_grant_type");
    // RFC 8707 calls it `resource`, some issuers `audience`.
    const asked = given["resource"] ?? given["audience"];
    if (asked !== undefined && !audiences.includes(asked)) throw new OAuthError("invalid_target");
    const scopes = (given["scope"] ?? "").split(" ").filter((scope) => scope !== "");
    const validity = { now: Date.now(), expiresIn: LIFE };
    const aud = asked === undefined ? audiences : [asked];
    const claims = oidcAccessClaims(issuer, clientId, aud, clientId, scopes, [], validity);
    return {
      access_token: issuers.of(issuer).sign(claims, { typ: "at+jwt" }),
      token_type: "Bearer",
      expires_in: LIFE,
      ...(scopes.length === 0 ? {} : { scope: scopes.join(" ") }),
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
): string {
  const basic = basicCredentials(header(request, "authorization"));
  if (basic !== undefined && given["client_secret"] !== undefined) throw new OAuthError("invalid_request");
  const id = basic?.id ?? given["client_id"] ?? "";
  const expected = secretOf(id);
  const secret = basic?.secret ?? given["client_secret"] ?? "";
  if ((given["client_id"] ?? id) !== id || expected === undefined || !same(secret, expected)) {
    throw new OAuthError("invalid_client", "invalid_client", 401);
  }
  return id;
}
