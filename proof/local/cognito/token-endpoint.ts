import type { UserPool, UserPoolClient } from "../../model/types";
import { header } from "../http";
import type { HttpAnswer, HttpRequest } from "../http";
import { machineTokenClaims } from "../issuer-claims";
import { isMachine, oauthFlows } from "../issuer-flows";
import { CognitoError } from "./error";
import { authenticateClient, form, json, OAuthError } from "./form";
import { proves } from "./pkce";
import { readPool } from "./pool-data";
import type { CognitoContext } from "./pool-data";
import type { ShortLived } from "./short-lived";
import { refresh, revoke, signIn, userOfAccessToken } from "./tokens";
import type { IssuedTokens } from "./tokens";
import { changed, machineTokenChanges } from "./trigger";

/** What an authorization code stands for. */
export interface CodeGrant {
  readonly clientId: string;
  readonly sub: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly codeChallenge?: string;
  readonly nonce?: string;
}

type Form = Readonly<Record<string, string>>;

/** `POST /oauth2/token` (Cognito developer guide, "Token endpoint"). */
export async function tokenEndpoint(
  context: CognitoContext,
  pool: UserPool,
  codes: ShortLived<CodeGrant>,
  request: HttpRequest,
): Promise<HttpAnswer> {
  const given = form(request);
  const client = authenticateClient(context, pool, request, given);
  switch (given["grant_type"]) {
    case "client_credentials":
      return json(200, await machineToken(context, pool, client, given));
    case "authorization_code":
      return json(200, rendered(await codeGrant(context, pool, client, codes, given)));
    case "refresh_token":
      return json(200, rendered(await refreshGrant(context, pool, client, given)));
    case undefined:
      throw new OAuthError("invalid_request", "grant_type is missing");
    default:
      throw new OAuthError("unsupported_grant_type");
  }
}

/** `POST /oauth2/revoke` (RFC 7009): the refresh token and every access token of the same sign-in. */
export function revocationEndpoint(context: CognitoContext, pool: UserPool, request: HttpRequest): HttpAnswer {
  const given = form(request);
  const client = authenticateClient(context, pool, request, given);
  const { token } = given;
  if (token === undefined || token === "") throw new OAuthError("invalid_request", "token is missing");
  if (client.settings["enable_token_revocation"] === false) throw new OAuthError("invalid_request");
  if (token.split(".").length === 3) throw new OAuthError("unsupported_token_type");
  revoke(context, pool, client, token);
  return json(200, undefined);
}

/** `/oauth2/userInfo`: the attributes of the user whose access token it is; the scope `openid` is needed. */
export function userInfoEndpoint(context: CognitoContext, pool: UserPool, request: HttpRequest): HttpAnswer {
  const [, token] = /^Bearer (\S+)$/.exec(header(request, "authorization") ?? "") ?? [];
  const found = token === undefined ? "no token" : userOfAccessToken(context, token, "openid");
  if (typeof found === "string" || found.pool.id !== pool.id) {
    const body = {
      error: "invalid_token",
      error_description: "Access token is expired, disabled, or deleted, or the user has globally signed out.",
    };
    const challenge = `error="invalid_token", error_description="${body.error_description}"`;
    return json(401, body, [["www-authenticate", challenge]]);
  }
  const { user } = found;
  return json(200, { sub: user.sub, ...user.attributes, username: user.username });
}

async function machineToken(
  context: CognitoContext,
  pool: UserPool,
  client: UserPoolClient,
  given: Form,
): Promise<object> {
  if (!isMachine(client) || !client.generateSecret) {
    throw new OAuthError("unauthorized_client");
  }
  const asked = (given["scope"] ?? "").split(" ").filter((scope) => scope !== "");
  const scopes = asked.length > 0 ? asked : client.allowedOAuthScopes;
  if (scopes.some((scope) => !client.allowedOAuthScopes.includes(scope))) throw new OAuthError("invalid_scope");
  const expiresIn = client.accessTokenSeconds;
  const { access } = await orInvalidGrant(machineTokenChanges(context.invoke, pool, client.clientId, scopes));
  const claims = machineTokenClaims(pool.issuer, client.clientId, scopes, { now: context.now(), expiresIn });
  const token = context.issuers.of(pool.issuer).sign(changed(claims, access));
  return { access_token: token, expires_in: expiresIn, token_type: "Bearer" };
}

async function codeGrant(
  context: CognitoContext,
  pool: UserPool,
  client: UserPoolClient,
  codes: ShortLived<CodeGrant>,
  given: Form,
): Promise<IssuedTokens> {
  if (!oauthFlows(client).includes("code")) throw new OAuthError("unauthorized_client");
  // Taken, not read: a code that was shown once is spent, right or wrong (RFC 6749, 4.1.2).
  const grant = codes.take(given["code"] ?? "");
  if (grant === undefined || grant.clientId !== client.clientId || grant.redirectUri !== given["redirect_uri"]) {
    throw new OAuthError("invalid_grant");
  }
  if (!proves(given["code_verifier"], grant.codeChallenge)) throw new OAuthError("invalid_grant");
  const user = readPool(context, pool).users.find(({ sub }) => sub === grant.sub);
  if (user?.enabled !== true) throw new OAuthError("invalid_grant");
  return orInvalidGrant(signIn(context, pool, client, user, grant.scopes, "TokenGeneration_HostedAuth", grant.nonce));
}

async function refreshGrant(
  context: CognitoContext,
  pool: UserPool,
  client: UserPoolClient,
  given: Form,
): Promise<IssuedTokens> {
  const token = given["refresh_token"];
  if (token === undefined || token === "") throw new OAuthError("invalid_request", "refresh_token is missing");
  const renewed = await orInvalidGrant(refresh(context, pool, client, token));
  if (typeof renewed === "string") throw new OAuthError("invalid_grant");
  return renewed;
}

/** A trigger that fails fails the grant. */
async function orInvalidGrant<T>(tokens: Promise<T>): Promise<T> {
  try {
    return await tokens;
  } catch (error) {
    if (error instanceof CognitoError) throw new OAuthError("invalid_grant", error.message);
    throw error;
  }
}

function rendered(tokens: IssuedTokens): object {
  return {
    ...(tokens.idToken === undefined ? {} : { id_token: tokens.idToken }),
    access_token: tokens.accessToken,
    ...(tokens.refreshToken === undefined ? {} : { refresh_token: tokens.refreshToken }),
    expires_in: tokens.expiresIn,
    token_type: "Bearer",
  };
}
