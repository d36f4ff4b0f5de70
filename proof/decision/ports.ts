import type { Api, LambdaAuthorizer, Stage } from "../model/types";
import type { LocalCredential } from "../sigv4";
import type { VerificationKey } from "../tokens/verify";
import type { Caller } from "./types";

/** What an authorizer function came to. */
export type AuthorizerOutcome =
  /** It returned this. */
  | { readonly payload: unknown }
  /** It threw, called back with an error, crashed or timed out: the text of the error. */
  | { readonly errorMessage: string }
  /** API Gateway may not invoke it, or it cannot run here: why. */
  | { readonly cannotInvoke: string };

/** The public keys of an issuer (RFC 7517). */
export interface KeySet {
  readonly keys: readonly VerificationKey[];
}

/** What can be asked without waiting. */
export interface SyncPorts {
  /** Milliseconds since the epoch. */
  now(): number;
  /** The credential with this id; the session token is what the request carries, unverified. */
  findCredential(accessKeyId: string, sessionToken?: string): LocalCredential | undefined;
  /** The keys of an issuer of user pool tokens; undefined where they cannot be had, which answers 500. */
  jwks(issuer: string): KeySet | undefined;
}

/** Everything a decision needs from outside: its clock, its credentials, its keys, and the runner of its authorizers. */
export interface Ports extends SyncPorts {
  /** Never rejects for what a function does; a rejection is a defect of the runner and is passed on. */
  invokeAuthorizer(authorizer: LambdaAuthorizer, event: unknown): Promise<AuthorizerOutcome>;
}

/** Steps that are taken as passed, so that an analysis needs no keys and no functions. */
export interface Assumptions {
  /** The signature step is taken as passed by this caller; null is a request that nobody signed. */
  readonly caller?: Caller | null;
  /**
   * The signature and the times of a token are taken as passed with these claims; their use is not, nor the issuer where
   * they name one.
   */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** What the Lambda authorizer returns, taken instead of running or asking the cache. */
  readonly authorizerResult?: unknown;
  /** Names of the Lambda authorizers that know the caller: any other answers `Unauthorized`. Absent, each is asked. */
  readonly authorizers?: readonly string[] | undefined;
  /** Why API Gateway may not invoke a Lambda authorizer, so that it returns nothing; absent where each may be invoked. */
  readonly authorizerRefused?: (api: Api, stage: Stage, authorizer: LambdaAuthorizer) => string | undefined;
}
