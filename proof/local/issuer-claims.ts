import { createHash, randomUUID } from "node:crypto";

/** When a token is issued and how long it is good. */
export interface Validity {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Seconds; negative for a token that has expired already. */
  readonly expiresIn: number;
  /** Seconds since the epoch; when the user signed in, where that was before the token was issued. */
  readonly authTime?: number;
}

/** The user as the pool knows them. */
export interface TokenUser {
  readonly sub: string;
  /** `cognito:username`: what they sign up with, or `sub` where the pool's users sign in with an e-mail address. */
  readonly username: string;
  /** Attributes as Cognito writes them into the ID token: `email`, `email_verified`, `custom:tenant`, … */
  readonly attributes: Readonly<Record<string, string | boolean>>;
  readonly groups: readonly string[];
}

/** What ties the tokens of one sign-in together. */
export interface SignIn {
  readonly eventId: string;
  /** Absent where the client has token revocation switched off. */
  readonly originJti?: string;
}

type Claims = Record<string, unknown>;

/** The scope of access tokens that come from the API (`InitiateAuth`) and not from the OAuth endpoints. */
export const API_SCOPE = "aws.cognito.signin.user.admin";

/**
 * ID token of a user pool. Source: Cognito developer guide, "Understanding the identity (ID) token".
 *
 * @param nonce from the authorize request, where there was one
 */
export function idTokenClaims(
  issuer: string,
  clientId: string,
  user: TokenUser,
  signIn: SignIn,
  validity: Validity,
  nonce?: string,
): Claims {
  const { iat, exp, authTime } = times(validity);
  return {
    sub: user.sub,
    ...(user.groups.length === 0 ? {} : { "cognito:groups": user.groups }),
    iss: issuer,
    "cognito:username": user.username,
    ...(nonce === undefined ? {} : { nonce }),
    ...(signIn.originJti === undefined ? {} : { origin_jti: signIn.originJti }),
    aud: clientId,
    event_id: signIn.eventId,
    token_use: "id",
    auth_time: authTime,
    exp,
    iat,
    jti: randomUUID(),
    ...user.attributes,
  };
}

/**
 * Access token of a signed-in user. Source: Cognito developer guide, "Understanding the access token". `version` 2
 * is in the tokens of the OAuth endpoints, not in those of the API, whose only scope is `API_SCOPE`.
 */
export function accessTokenClaims(
  issuer: string,
  clientId: string,
  user: TokenUser,
  scopes: readonly string[],
  signIn: SignIn,
  validity: Validity,
): Claims {
  const { iat, exp, authTime } = times(validity);
  const fromApi = scopes.length === 1 && scopes[0] === API_SCOPE;
  return {
    sub: user.sub,
    ...(user.groups.length === 0 ? {} : { "cognito:groups": user.groups }),
    iss: issuer,
    ...(fromApi ? {} : { version: 2 }),
    client_id: clientId,
    ...(signIn.originJti === undefined ? {} : { origin_jti: signIn.originJti }),
    event_id: signIn.eventId,
    token_use: "access",
    scope: scopes.join(" "),
    auth_time: authTime,
    exp,
    iat,
    jti: randomUUID(),
    username: user.username,
  };
}

/** Access token of the client-credentials grant: no user, and the client itself is the subject. */
export function machineTokenClaims(
  issuer: string,
  clientId: string,
  scopes: readonly string[],
  validity: Validity,
): Claims {
  const { iat, exp, authTime } = times(validity);
  return {
    sub: clientId,
    token_use: "access",
    scope: scopes.join(" "),
    auth_time: authTime,
    iss: issuer,
    exp,
    iat,
    version: 2,
    jti: randomUUID(),
    client_id: clientId,
  };
}

/** Access token of an OpenID Connect issuer that is no user pool, in the shape of RFC 9068. */
export function oidcAccessClaims(
  issuer: string,
  subject: string,
  audiences: readonly string[],
  clientId: string,
  scopes: readonly string[],
  groups: readonly string[],
  validity: Validity,
): Claims {
  const { iat, exp } = times(validity);
  const [only] = audiences;
  return {
    iss: issuer,
    sub: subject,
    aud: audiences.length === 1 ? only : audiences,
    client_id: clientId,
    azp: clientId,
    ...(scopes.length === 0 ? {} : { scope: scopes.join(" ") }),
    ...(groups.length === 0 ? {} : { groups }),
    iat,
    nbf: iat,
    exp,
    jti: randomUUID(),
  };
}

/** ID token of such an issuer, with the claims that OpenID Connect Core 1.0, section 2, requires. */
export function oidcIdClaims(
  issuer: string,
  { sub, aud, nonce, authTime }: { sub: string; aud: string; nonce: string | undefined; authTime: number },
  expiresIn: number,
): Claims {
  const { iat, exp } = times({ now: Date.now(), expiresIn });
  return { iss: issuer, sub, aud, iat, exp, auth_time: authTime, ...(nonce === undefined ? {} : { nonce }) };
}

/** A user id for a user nobody created: always the same for the same name in the same pool. */
export function standInSub(issuer: string, username: string): string {
  const hex = createHash("sha256").update(`${issuer}\n${username}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A token that is to have expired already is dated back, so that it looks like one that was good for an hour. */
function times({ now, expiresIn, authTime }: Validity): { iat: number; exp: number; authTime: number } {
  const exp = Math.floor(now / 1000) + expiresIn;
  const iat = expiresIn > 0 ? Math.floor(now / 1000) : exp - 3600;
  return { iat, exp, authTime: authTime ?? iat };
}
