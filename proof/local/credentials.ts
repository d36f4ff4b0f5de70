import type { Caller } from "../decision/types";
import { InputError } from "../errors";
import type { Model, PolicyDocument, Role, User } from "../model/types";
import type { LocalCredential } from "../sigv4";
import type { FileCaller } from "./credentials-file";
import { readCallersFile } from "./credentials-file";
import type { Identity } from "./credentials-principal";
import { identityOf } from "./credentials-principal";
import type { SessionClaims } from "./credentials-token";
import { SessionMint } from "./credentials-token";
import type { StateFolder } from "./state";

export type { LocalCredential } from "../sigv4";

export interface RegistryOptions {
  readonly model: Pick<Model, "roles" | "users">;
  readonly state: StateFolder;
  /** Path of the callers file. */
  readonly callersFile?: string;
  /** Milliseconds since the epoch; `Date.now` if left out. */
  readonly now?: () => number;
}

export interface RoleSessionRequest {
  /** The role, or its ARN in the model. */
  readonly role: Role | string;
  readonly sessionName: string;
  /** 3600 if left out. */
  readonly durationSeconds?: number;
  /** Policy documents that narrow the session. */
  readonly sessionPolicies?: readonly unknown[];
  /** Session tags; they win over the role's own tags. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A credential that was minted here: always with a token and an end. */
export type SessionCredential = LocalCredential & Required<Pick<LocalCredential, "sessionToken" | "expiresAt">>;

/** Every credential that can sign, over all accounts: those of the callers file and the sessions made here. */
export interface CredentialRegistry {
  /**
   * The credential of an access key id. Sessions carry themselves in their token, so they are found only with it, and
   * they act with the policies that their role or user has in the present model. Expired ones are found as well.
   */
  find(accessKeyId: string, sessionToken?: string): LocalCredential | undefined;
  /** A session of a role. Whether somebody may assume it is decided elsewhere, by `mayAssume`. */
  mintRoleSession(request: RoleSessionRequest): SessionCredential;
  /** Temporary credentials of a user, or of the account root, with that user's own permissions. */
  mintUserSession(arn: string, durationSeconds: number): SessionCredential;
}

/** Sessions kept as they were read, so that their policies are compiled once and not at each request. */
const MOST_SESSIONS = 1000;

/** Throws an `InputError` with every problem of the callers file. */
export function createCredentialRegistry({ model, state, callersFile, now }: RegistryOptions): CredentialRegistry {
  const clock = now ?? Date.now;
  const startedAt = clock();
  const mint = new SessionMint(state);
  const entries = callersFile === undefined ? [] : readCallersFile(callersFile, model);
  const roles = new Map(model.roles.map((role) => [role.arn, role]));
  const users = new Map(model.users.map((user) => [user.arn, user]));
  const sessions = new Map<string, SessionCredential>();
  const listed = new Map(entries.map((entry) => [entry.accessKeyId, listedCredential(entry)]));

  function listedCredential(entry: FileCaller): LocalCredential {
    const { principal, type } = entry.identity;
    const owner = ownerOf(principal.principalArn);
    const boundary = entry.boundary === undefined ? owner?.permissionsBoundary : (entry.boundary ?? undefined);
    return {
      accessKeyId: entry.accessKeyId,
      secretAccessKey: entry.secretAccessKey,
      ...(entry.sessionToken === undefined ? {} : { sessionToken: entry.sessionToken }),
      caller: {
        ...callerOf(entry.identity, entry.accessKeyId),
        identityPolicies: entry.policies ?? owner?.identityPolicies ?? [],
        ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
        ...(entry.organizationId === undefined ? {} : { organizationId: entry.organizationId }),
        tags: entry.tags ?? owner?.tags ?? {},
        ...(type === "role" || entry.sessionToken !== undefined ? { issuedAt: startedAt } : {}),
      },
    };
  }

  function ownerOf(arn: string): Role | User | undefined {
    return roles.get(arn) ?? users.get(arn);
  }

  /** Of a user in the callers file, what the file says of them; of anybody else, what the model says. */
  function permissionsOf(arn: string): Omit<Caller, "principal" | "accessKeyId" | "userId" | "issuedAt"> | undefined {
    const entry = [...listed.values()].find(({ caller }) => caller.principal.arn === arn);
    const owner = ownerOf(arn);
    if (entry !== undefined) return entry.caller;
    if (owner === undefined) return undefined;
    return {
      identityPolicies: owner.identityPolicies,
      ...(owner.permissionsBoundary === undefined ? {} : { permissionsBoundary: owner.permissionsBoundary }),
      sessionPolicies: [],
      serviceControlPolicies: [],
      tags: owner.tags,
    };
  }

  function sessionCredential(claims: SessionClaims, sessionToken: string): SessionCredential | undefined {
    const identity = identityOf(claims.arn, claims.session, model);
    const permissions = permissionsOf(claims.arn);
    if (typeof identity === "string" || permissions === undefined) return undefined;
    const { accessKeyId, issuedAt, expiresAt } = claims;
    return {
      accessKeyId,
      secretAccessKey: mint.secretOf(accessKeyId),
      sessionToken,
      expiresAt,
      caller: {
        ...permissions,
        ...callerOf(identity, accessKeyId),
        sessionPolicies: claims.policies.map((document, index) => sessionPolicy(document, index, identity)),
        tags: { ...permissions.tags, ...claims.tags },
        issuedAt,
      },
    };
  }

  function readSession(token: string): SessionCredential | undefined {
    const claims = mint.read(token);
    const credential = claims === undefined ? undefined : sessionCredential(claims, token);
    if (credential === undefined) return undefined;
    const [oldest] = sessions.keys();
    if (sessions.size >= MOST_SESSIONS && oldest !== undefined) sessions.delete(oldest);
    sessions.set(token, credential);
    return credential;
  }

  function start(session: Omit<SessionClaims, "accessKeyId" | "issuedAt" | "expiresAt">, seconds: number) {
    const issuedAt = clock();
    const claims = { ...session, accessKeyId: mint.newAccessKeyId(), issuedAt, expiresAt: issuedAt + seconds * 1000 };
    const credential = sessionCredential(claims, mint.tokenOf(claims));
    if (credential !== undefined) return credential;
    throw new InputError({
      what: `There is no role or user '${session.arn}' with a session '${session.session ?? ""}' in the configuration or the callers file.`,
      next: `Known: ${[...roles.keys(), ...users.keys()].join(", ") || "none"}`,
    });
  }

  return {
    find(accessKeyId, sessionToken) {
      const found = listed.get(accessKeyId);
      if (found !== undefined || sessionToken === undefined) return found;
      const session = sessions.get(sessionToken) ?? readSession(sessionToken);
      return session?.accessKeyId === accessKeyId ? session : undefined;
    },
    mintRoleSession({ role, sessionName, durationSeconds = 3600, sessionPolicies = [], tags = {} }) {
      const arn = typeof role === "string" ? role : role.arn;
      return start({ arn, session: sessionName, policies: sessionPolicies, tags }, durationSeconds);
    },
    mintUserSession: (arn, durationSeconds) => start({ arn, policies: [], tags: {} }, durationSeconds),
  };
}

function callerOf({ principal, userId, type }: Identity, accessKeyId: string) {
  return { principal, userId, madeUpId: type !== "root", accessKeyId, sessionPolicies: [], serviceControlPolicies: [] };
}

function sessionPolicy(document: unknown, index: number, { principal }: Identity): PolicyDocument {
  return { document, source: { file: "session", address: `${principal.arn} session policy ${index + 1}` } };
}
