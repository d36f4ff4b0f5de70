import { randomUUID } from "node:crypto";
import { InputError } from "../errors";
import type { UserPool, UserPoolClient } from "../model/types";
import { CognitoError } from "./cognito/error";
import { changed, machineTokenChanges, tokenChanges } from "./cognito/trigger";
import type { Invoke } from "./cognito/trigger";
import type { LocalIssuers } from "./issuer";
import { accessTokenClaims, idTokenClaims, machineTokenClaims, oidcAccessClaims, standInSub } from "./issuer-claims";
import type { SignIn, TokenUser, Validity } from "./issuer-claims";
import type { TokenClient } from "./issuer-clients";
import { allowedScopes, hasUserFlow, isMachine } from "./issuer-flows";
import { claimProblems, machineProblems, scopeProblems, userProblems } from "./issuer-refusals";
import type { TokenRequest } from "./issuer-request";

export interface MintedToken {
  readonly token: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** What the pools know beyond the configuration, and how their triggers run. */
export interface MintOptions {
  /** The user of that name, where somebody signed up or was created. */
  readonly findUser?: (pool: UserPool, name: string) => TokenUser | undefined;
  /** Every group of the pool; those of the configuration where absent. */
  readonly groupsOf?: (pool: UserPool) => readonly string[];
  readonly invoke?: Invoke;
}

export const DEFAULT_USER = "local-user";

/**
 * A token as the real issuer would give it to that client, signed with the local key. Throws `InputError` with every
 * reason why the real issuer would not.
 */
export async function mintToken(
  issuers: LocalIssuers,
  client: Exclude<TokenClient, { kind: "saml" }>,
  request: TokenRequest,
  options: MintOptions = {},
): Promise<MintedToken> {
  if (client.kind === "oidc") return mintOidc(issuers, client, request);
  const { pool } = client;
  const machine = request.user === undefined && isMachine(client.client);
  const problems = [
    ...(machine
      ? machineProblems(client.client, request)
      : userProblems(pool, client.client, request, (options.groupsOf ?? (() => pool.groups))(pool))),
    ...scopeProblems(client.client, request, machine),
    ...claimProblems(request),
  ];
  if (problems.length > 0) throw new InputError(problems);
  const claims = machine
    ? await machineClaims(pool, client.client, request, options)
    : await userClaims(pool, client.client, request, options);
  return sign(issuers, pool.issuer, { ...claims, ...request.claims });
}

export function signInOf(client: UserPoolClient): SignIn {
  const revocable = client.settings["enable_token_revocation"] !== false;
  return { eventId: randomUUID(), ...(revocable ? { originJti: randomUUID() } : {}) };
}

/** A user whom nobody created: enough to try a route with, and the same each time. */
export function standInUser(pool: UserPool, name: string): TokenUser {
  const sub = standInSub(pool.issuer, name);
  const aliases = pool.settings["username_attributes"];
  return {
    sub,
    username: Array.isArray(aliases) && aliases.length > 0 ? sub : name,
    attributes: { email: name.includes("@") ? name : `${name}@example.com`, email_verified: true },
    groups: [],
  };
}

async function machineClaims(
  pool: UserPool,
  client: UserPoolClient,
  request: TokenRequest,
  { invoke }: MintOptions,
): Promise<Record<string, unknown>> {
  const scopes = request.scopes.length > 0 ? request.scopes : allowedScopes(client, true);
  const changes = await orInputError(pool, machineTokenChanges(invoke, pool, client.clientId, scopes));
  const during = validity(request, client.accessTokenSeconds);
  return changed(machineTokenClaims(pool.issuer, client.clientId, scopes, during), changes.access);
}

async function userClaims(
  pool: UserPool,
  client: UserPoolClient,
  request: TokenRequest,
  { findUser, invoke }: MintOptions,
): Promise<Record<string, unknown>> {
  const name = request.user ?? DEFAULT_USER;
  const known = findUser?.(pool, name) ?? standInUser(pool, name);
  const joined = { ...known, groups: [...new Set([...known.groups, ...request.groups])] };
  const scopes = request.scopes.length > 0 ? request.scopes : allowedScopes(client, false);
  const source = hasUserFlow(client) ? "TokenGeneration_HostedAuth" : "TokenGeneration_Authentication";
  const changes = await orInputError(pool, tokenChanges(invoke, pool, client.clientId, joined, scopes, source));
  const user = { ...joined, groups: changes.groups ?? joined.groups };
  const { issuer } = pool;
  const { clientId } = client;
  const signIn = signInOf(client);
  if (request.use === "id") {
    const during = validity(request, client.idTokenSeconds);
    return changed(idTokenClaims(issuer, clientId, user, signIn, during), changes.id);
  }
  const during = validity(request, client.accessTokenSeconds);
  return changed(accessTokenClaims(issuer, clientId, user, scopes, signIn, during), changes.access);
}

async function orInputError<T>(pool: UserPool, changes: Promise<T>): Promise<T> {
  try {
    return await changes;
  } catch (error) {
    if (!(error instanceof CognitoError)) throw error;
    throw new InputError({
      what: `The pool's trigger gives no token: ${error.message}`,
      where: `${pool.address}.lambda_config`,
      next: "Correct the function; without its claims the token would say something else than the real pool's.",
    });
  }
}

function mintOidc(
  issuers: LocalIssuers,
  client: Extract<TokenClient, { kind: "oidc" }>,
  request: TokenRequest,
): MintedToken {
  const problems = claimProblems(request);
  if (request.use === "id") {
    problems.push({
      what: `An ID token was asked of ${client.issuer}.`,
      next: "The local issuer gives access tokens for OIDC issuers; leave --use out.",
    });
  }
  if (problems.length > 0) throw new InputError(problems);
  const subject = request.user ?? DEFAULT_USER;
  const claims = oidcAccessClaims(
    client.issuer,
    subject,
    client.audiences,
    client.clientId,
    request.scopes,
    request.groups,
    validity(request, 3600),
  );
  // RFC 9068: the type tells a resource server that this is no ID token.
  return sign(issuers, client.issuer, { ...claims, ...request.claims }, { typ: "at+jwt" });
}

function sign(issuers: LocalIssuers, issuer: string, claims: Record<string, unknown>, header = {}): MintedToken {
  return { token: issuers.of(issuer).sign(claims, header), claims };
}

function validity(request: TokenRequest, granted: number): Validity {
  return { now: request.now, expiresIn: request.expiresIn ?? granted };
}
