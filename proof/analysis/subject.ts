import type { RequestCaller } from "../decision/request-file";

/** A class of callers, by one that stands for all of it: what it presents to the API. */
export type Subject = AnonymousSubject | CallerSubject | TokenSubject | AuthorizerSubject;

/** Nobody: no signature, no token that is accepted, no identity for an authorizer. */
export interface AnonymousSubject {
  readonly kind: "anonymous";
}

/** Somebody with AWS credentials, who signs. */
export interface CallerSubject {
  readonly kind: "caller";
  readonly account: string;
  /** Whether the account stands for every one that no policy and no other class names. */
  readonly otherAccount: boolean;
  /** What of the account: the ARN of a role, user or session, `root`, or absent for everybody else in it. */
  readonly person?: string;
  /** In words where the class holds more than one ARN: `role/partner-*`. */
  readonly personLike?: string;
  /**
   * `known`: the configuration holds the role or user, and its own policies count. Otherwise the class is of callers
   * that can exist: `allowed` by their own policies, or with none that allows (`silent`).
   */
  readonly grants: "known" | "allowed" | "silent";
  /** Organization, or undefined for a caller of none. */
  readonly organization?: string;
  /** Words for what else tells the class from others of the same person: `in organization o-…`. */
  readonly traits: readonly Trait[];
  /** As a request file names it. */
  readonly asked: RequestCaller;
}

/** One thing that a class of callers has in common, of several it could be. */
export interface Trait {
  /** `organization`, `tag team`. */
  readonly of: string;
  /** The value in words; empty for what goes without saying. */
  readonly words: string;
}

/** Somebody with a token of a user pool. */
export interface TokenSubject {
  readonly kind: "token";
  readonly issuer: string;
  readonly use: "id" | "access";
  /** Full scope, or undefined for a token with none of those that a method asks for. */
  readonly scope?: string;
  /** Of an ID token, where an authorizer looks at it. */
  readonly audience?: string;
  readonly words: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Somebody whose identity sources are there, and of whom the Lambda authorizer says this. */
export interface AuthorizerSubject {
  readonly kind: "authorizer";
  /** Name of the authorizer, in the last configuration that has it. */
  readonly name: string;
  /** Its names in all the configurations. */
  readonly names: readonly string[];
  readonly says: "allow" | "deny" | "nothing";
  readonly result: unknown;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** Identity sources of another configuration that are left out here. */
  readonly without: readonly string[];
  /** In words what values are sent, where validation expressions tell values apart. */
  readonly sending?: string;
}

export const ANONYMOUS: AnonymousSubject = { kind: "anonymous" };
