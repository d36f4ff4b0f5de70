import { createHash, randomBytes } from "node:crypto";
import type { Model, UserPool, UserPoolClient } from "../../model/types";
import type { LocalIssuers } from "../issuer";
import type { StateFolder } from "../state";
import { findUser } from "../users";
import type { LocalUser } from "../users";
import type { Invoke } from "./trigger";

/** One sign-in with its refresh tokens, each known by its hash only. */
export interface SignInRecord {
  readonly originJti: string;
  readonly clientId: string;
  readonly sub: string;
  readonly scopes: readonly string[];
  /** Seconds since the epoch. */
  readonly authTime: number;
  /** Milliseconds since the epoch; a rotated token does not live longer than the first would have. */
  readonly expires: number;
  /** Hash of the refresh token that is good now. */
  current: string;
  /** Those it replaced, with the time in ms. */
  replaced: { hash: string; at: number }[];
  revoked: boolean;
}

export interface PoolData {
  readonly users: LocalUser[];
  readonly signIns: SignInRecord[];
  /** Groups made here, beyond those of the configuration. */
  readonly groups: string[];
}

/** A code or link that Cognito would send by e-mail or SMS. */
export interface Message {
  readonly pool: string;
  readonly user: string;
  readonly to: string;
  readonly purpose: string;
  readonly code: string;
}

/** What all local Cognito endpoints of one directory share. */
export interface CognitoContext {
  readonly model: Model;
  readonly issuers: LocalIssuers;
  readonly state: StateFolder;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Nothing is sent: the local stand-in for e-mail and SMS. */
  deliver(message: Message): void;
  /** Runs the pools' triggers. Where it is absent, pools with a trigger give no user tokens. */
  readonly invoke?: Invoke;
}

/** Everything about a pool's users, read afresh each time so that two processes see each other's changes. */
export function readPool(context: Pick<CognitoContext, "state">, pool: UserPool): PoolData {
  const stored = context.state.read(fileOf(pool)) as PoolData | undefined;
  return { users: stored?.users ?? [], signIns: stored?.signIns ?? [], groups: stored?.groups ?? [] };
}

/** Reads, changes and writes in one go. Nothing is written where `change` throws. */
export function changePool<T>(context: CognitoContext, pool: UserPool, change: (data: PoolData) => T): T {
  const data = readPool(context, pool);
  const result = change(data);
  const live = data.signIns.filter((record) => record.expires > context.now() - DAY);
  context.state.write(fileOf(pool), { ...data, signIns: live });
  return result;
}

/** Changes one stored user; undefined where there is none of that `sub`. */
export function changeUser<T>(
  context: CognitoContext,
  pool: UserPool,
  sub: string,
  change: (user: LocalUser) => T,
): T | undefined {
  return changePool(context, pool, ({ users }) => {
    const user = users.find((candidate) => candidate.sub === sub);
    if (user === undefined) return undefined;
    user.modified = context.now();
    return change(user);
  });
}

export function lookUpUser(context: CognitoContext, pool: UserPool, name: string): LocalUser | undefined {
  return findUser(pool, readPool(context, pool).users, name);
}

export function findClient(
  model: Model,
  clientId: string,
): { readonly pool: UserPool; readonly client: UserPoolClient } | undefined {
  for (const pool of model.userPools) {
    const client = pool.clients.find((candidate) => candidate.clientId === clientId);
    if (client !== undefined) return { pool, client };
  }
  return undefined;
}

/** The secret of a confidential client, made locally: the configuration does not hold the one AWS makes. */
export function clientSecret(context: Pick<CognitoContext, "state">, client: UserPoolClient): string | undefined {
  if (!client.generateSecret) return undefined;
  const name = `client-secret-${hash(client.clientId).slice(0, 16)}.json`;
  const stored = context.state.readOrCreate(name, () => ({
    clientId: client.clientId,
    secret: randomBytes(39).toString("hex").slice(0, 51),
  })) as { secret: string };
  return stored.secret;
}

/** For values with enough randomness of their own; passwords and codes go through scrypt. */
export function hash(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}

/** How long an expired sign-in is remembered, so that its token is answered as expired and not as unknown. */
const DAY = 24 * 60 * 60 * 1000;

function fileOf(pool: UserPool): string {
  return `users-${hash(pool.issuer).slice(0, 16)}.json`;
}
