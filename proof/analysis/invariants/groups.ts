import type { Admission } from "./invariant";

/** Some callers. */
export interface Group {
  /** `account 222222222222` */
  readonly words: string;
  /** Whether all callers of a class are among them. */
  has(admission: Admission): boolean;
}

/** Everybody of these AWS accounts, by twelve-digit id. */
export function accounts(...ids: readonly string[]): Group {
  return {
    words: `account${ids.length === 1 ? "" : "s"} ${ids.join(", ")}`,
    has: ({ request: { subject } }) =>
      subject.kind === "caller" && !subject.otherAccount && ids.includes(subject.account),
  };
}

/** The roles or users with these ARNs. */
export function principals(...arns: readonly string[]): Group {
  return {
    words: arns.join(", "),
    has: ({ request: { subject } }) => subject.kind === "caller" && arns.includes(subject.person ?? ""),
  };
}

/** Callers of the account that owns the API whom their own identity policy allows. */
export function theApiAccount(): Group {
  return {
    words: "callers of the API's own account whom their own policy allows",
    has: ({ api, request: { subject } }) =>
      subject.kind === "caller" && subject.account === api.accountId && subject.grants !== "silent",
  };
}

/** Holders of an access token of a user pool with one of these scopes (`profile/read`). */
export function tokensWithScope(...scopes: readonly string[]): Group {
  return {
    words: `tokens with scope ${scopes.join(" or ")}`,
    has: ({ request: { subject } }) => subject.kind === "token" && scopes.includes(subject.scope ?? ""),
  };
}

/** Holders of an ID token of a user pool. */
export function idTokens(): Group {
  return {
    words: "ID tokens of the user pool",
    has: ({ request: { subject } }) => subject.kind === "token" && subject.use === "id",
  };
}

/** Callers whom the Lambda authorizer of this name allows. */
export function whomever(name: string): { allows(): Group } {
  return {
    allows: () => ({
      words: `whomever the ${name} authorizer allows`,
      has: ({ request: { subject } }) =>
        subject.kind === "authorizer" && subject.says === "allow" && subject.names.includes(name),
    }),
  };
}

/** Callers who present nothing. */
export function anonymous(): Group {
  return { words: "anonymous callers", has: ({ request: { subject } }) => subject.kind === "anonymous" };
}
