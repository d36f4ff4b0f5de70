import { randomBytes, randomUUID } from "node:crypto";
import type { UserPool, UserPoolClient } from "../../model/types";
import { verifyUserPoolToken } from "../../tokens/verify";
import { accessTokenClaims, API_SCOPE, idTokenClaims } from "../issuer-claims";
import type { SignIn } from "../issuer-claims";
import { block, tokenUser } from "../users";
import type { LocalUser } from "../users";
import { changePool, hash, readPool } from "./pool-data";
import type { CognitoContext, SignInRecord } from "./pool-data";
import { changed, tokenChanges } from "./trigger";
import type { TriggerSource } from "./trigger";

export interface IssuedTokens {
  readonly accessToken: string;
  /** Absent where an OAuth client did not ask for `openid`. */
  readonly idToken?: string;
  readonly refreshToken?: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** Why a refresh token is not taken. `reused`: it had been replaced, and its grace period is over. */
export type RefreshFault = "invalid" | "expired" | "revoked" | "reused" | "disabled";

const isRevocable = (client: UserPoolClient): boolean => client.settings["enable_token_revocation"] !== false;

/** `undefined` where the client does not rotate; else its grace period in ms. */
export function rotationGrace(client: UserPoolClient): number | undefined {
  const rotation = block(client.settings["refresh_token_rotation"]);
  if (rotation?.["feature"] !== "ENABLED") return undefined;
  return Number(rotation["retry_grace_period_seconds"] ?? 0) * 1000;
}

/** Signs a user in: ID, access and refresh token. `scopes` are those granted; API sign-ins have `[API_SCOPE]`. */
export async function signIn(
  context: CognitoContext,
  pool: UserPool,
  client: UserPoolClient,
  user: LocalUser,
  scopes: readonly string[],
  source: TriggerSource,
  nonce?: string,
): Promise<IssuedTokens> {
  const now = context.now();
  const refreshToken = newRefreshToken();
  const record: SignInRecord = {
    originJti: randomUUID(),
    clientId: client.clientId,
    sub: user.sub,
    scopes,
    authTime: Math.floor(now / 1000),
    expires: now + client.refreshTokenSeconds * 1000,
    current: hash(refreshToken),
    replaced: [],
    revoked: false,
  };
  const tokens = await issue(context, pool, client, user, record, source, nonce);
  changePool(context, pool, ({ signIns }) => signIns.push(record));
  return { ...tokens, refreshToken };
}

/** New tokens for a refresh token, with a new refresh token in its place where the client rotates. */
export async function refresh(
  context: CognitoContext,
  pool: UserPool,
  client: UserPoolClient,
  refreshToken: string,
): Promise<IssuedTokens | RefreshFault> {
  const presented = hash(refreshToken);
  const now = context.now();
  const grace = rotationGrace(client);
  const renewed = changePool(context, pool, ({ users, signIns }) => {
    const record = signIns.find(
      (candidate) => candidate.current === presented || candidate.replaced.some((old) => old.hash === presented),
    );
    if (record === undefined || record.clientId !== client.clientId) return "invalid";
    if (record.expires <= now) return "expired";
    if (record.revoked) return "revoked";
    const replaced = record.replaced.find((old) => old.hash === presented);
    if (replaced !== undefined && (grace === undefined || now >= replaced.at + grace)) {
      // Whether AWS ends the whole sign-in here is UNCONFIRMED; RFC 9700 4.14.2 asks for it, and it is the safe side.
      record.revoked = true;
      return "reused";
    }
    const user = users.find(({ sub }) => sub === record.sub);
    if (user === undefined) return "invalid";
    if (!user.enabled) return "disabled";
    if (grace === undefined) return { user, record };
    const next = newRefreshToken();
    if (replaced === undefined) record.replaced.push({ hash: presented, at: now });
    else record.replaced.push({ hash: record.current, at: now });
    record.current = hash(next);
    return { user, record, next };
  });
  if (typeof renewed === "string") return renewed;
  const tokens = await issue(context, pool, client, renewed.user, renewed.record, "TokenGeneration_RefreshTokens");
  return renewed.next === undefined ? tokens : { ...tokens, refreshToken: renewed.next };
}

/** The stored user whose refresh token it is, good or not; for the secret hash, which is over their name. */
export function ownerOf(context: CognitoContext, pool: UserPool, refreshToken: string): LocalUser | undefined {
  const presented = hash(refreshToken);
  const { users, signIns } = readPool(context, pool);
  const record = signIns.find(
    ({ current, replaced }) => current === presented || replaced.some((old) => old.hash === presented),
  );
  return users.find(({ sub }) => sub === record?.sub);
}

/** Ends the sign-in a refresh token belongs to. A token that is not known is no error (RFC 7009, 2.2). */
export function revoke(context: CognitoContext, pool: UserPool, client: UserPoolClient, refreshToken: string): void {
  const presented = hash(refreshToken);
  changePool(context, pool, ({ signIns }) => {
    for (const record of signIns) {
      const known = record.current === presented || record.replaced.some((old) => old.hash === presented);
      if (known && record.clientId === client.clientId) record.revoked = true;
    }
  });
}

/** Ends every sign-in of the user. Tokens stay good for API Gateway, which does not ask, until they expire. */
export function signOutEverywhere(context: CognitoContext, pool: UserPool, sub: string): void {
  changePool(context, pool, ({ users, signIns }) => {
    for (const record of signIns) if (record.sub === sub) record.revoked = true;
    for (const user of users) if (user.sub === sub) user.signedOut = context.now();
  });
}

export interface AccessTokenUser {
  readonly pool: UserPool;
  readonly user: LocalUser;
  readonly scopes: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The user of an access token of any local pool that holds the scope, or Cognito's words for why it is not taken. */
export function userOfAccessToken(context: CognitoContext, token: string, scope: string): AccessTokenUser | string {
  const verdict = verifyUserPoolToken(token, {
    issuers: context.model.userPools.map(({ issuer }) => issuer),
    keyOf: context.issuers.keyOf,
    now: context.now(),
    scopes: scopesIn(token),
  });
  if (verdict.outcome === "rejected") return verdict.expired ? "Access Token has expired" : "Invalid Access Token";
  const { claims } = verdict;
  const scopes = String(claims["scope"]).split(" ");
  if (!scopes.includes(scope)) return "Access Token does not have required scopes";
  const pool = context.model.userPools.find(({ issuer }) => issuer === claims["iss"]);
  const data = pool === undefined ? undefined : readPool(context, pool);
  const user = data?.users.find(({ sub }) => sub === claims["sub"]);
  if (pool === undefined || data === undefined || user === undefined) return "Invalid Access Token";
  const record = data.signIns.find(({ originJti }) => originJti === claims["origin_jti"]);
  const before = record === undefined && Number(claims["iat"]) * 1000 < (user.signedOut ?? 0);
  if (record?.revoked === true || before) return "Access Token has been revoked";
  if (!user.enabled) return "User is disabled.";
  return { pool, user, scopes, claims };
}

/** The scopes an access token says it has, before it is verified: which of them is asked for is checked afterwards. */
function scopesIn(token: string): readonly string[] {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")) as {
      scope?: unknown;
    };
    return typeof claims.scope === "string" ? claims.scope.split(" ") : [API_SCOPE];
  } catch {
    return [API_SCOPE];
  }
}

async function issue(
  context: CognitoContext,
  pool: UserPool,
  client: UserPoolClient,
  user: LocalUser,
  record: SignInRecord,
  source: TriggerSource,
  nonce?: string,
): Promise<IssuedTokens> {
  const issuer = context.issuers.of(pool.issuer);
  const tie: SignIn = { eventId: randomUUID(), ...(isRevocable(client) ? { originJti: record.originJti } : {}) };
  const during = (expiresIn: number) => ({ now: context.now(), expiresIn, authTime: record.authTime });
  const known = tokenUser(user);
  const { clientId } = client;
  const changes = await tokenChanges(context.invoke, pool, clientId, known, record.scopes, source);
  const who = { ...known, groups: changes.groups ?? known.groups };
  const access = accessTokenClaims(pool.issuer, clientId, who, record.scopes, tie, during(client.accessTokenSeconds));
  const id = idTokenClaims(pool.issuer, clientId, who, tie, during(client.idTokenSeconds), nonce);
  const identified = record.scopes.includes("openid") || record.scopes.includes(API_SCOPE);
  return {
    accessToken: issuer.sign(changed(access, changes.access)),
    ...(identified ? { idToken: issuer.sign(changed(id, changes.id)) } : {}),
    expiresIn: client.accessTokenSeconds,
  };
}

/** As long as Cognito's, which are encrypted and say nothing to clients either. */
function newRefreshToken(): string {
  return randomBytes(128).toString("base64url");
}
