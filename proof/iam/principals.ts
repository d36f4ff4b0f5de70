import { splitArn } from "./arn";
import { quote } from "./errors";
import type { PolicyProblems } from "./errors";
import type { Effect, GrantedTo, Principal } from "./types";

/** One entry of a `Principal` or `NotPrincipal` element (IAM User Guide, "AWS JSON policy elements: Principal"). */
export type PrincipalEntry =
  /** `"*"`: callers of every kind. */
  | { readonly kind: "everyone" }
  /** `{"AWS": "*"}`: every AWS caller and, as for `"*"`, the anonymous one; no service or identity provider. */
  | { readonly kind: "every-aws" }
  /** `123456789012` or the ARN of its root: delegates to the account. */
  | { readonly kind: "account"; readonly accountId: string; readonly rootArn: string }
  | { readonly kind: "user" | "role" | "session"; readonly arn: string }
  /** What AWS leaves of a user or role that was deleted since the policy was saved: it matches nobody any more. */
  | { readonly kind: "deleted"; readonly id: string }
  | { readonly kind: "service"; readonly service: string }
  | { readonly kind: "federated"; readonly provider: string };

export interface PrincipalElement {
  /** `NotPrincipal`. */
  readonly negated: boolean;
  /** As written, without its keys. */
  readonly written: readonly string[];
  readonly entries: readonly PrincipalEntry[];
}

const ARN_ADVICE =
  'Name an account (123456789012), its root, a user, a role, an assumed-role session, or "*"; ' +
  "a part of an ARN cannot be a wildcard (use a condition on aws:PrincipalArn).";

/** Reads the element; every problem of it is reported, and what is sound is returned. */
export function parsePrincipal(element: unknown, negated: boolean, problems: PolicyProblems): PrincipalElement {
  const name = negated ? "NotPrincipal" : "Principal";
  if (element === "*") return { negated, written: ["*"], entries: [{ kind: "everyone" }] };
  if (typeof element !== "object" || element === null || Array.isArray(element)) {
    problems.add(`${name} is ${quote(element)}; it is "*" or an object such as {"AWS": "123456789012"}.`);
    return { negated, written: [], entries: [] };
  }
  const written: string[] = [];
  const entries: PrincipalEntry[] = [];
  for (const [type, value] of Object.entries(element)) {
    const parse = Object.hasOwn(PARSERS, type) ? PARSERS[type] : undefined;
    if (parse === undefined) {
      problems.add(`${name}: ${quote(type)} is no type of principal here.`, "Use AWS, Service or Federated.");
      continue;
    }
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.length === 0) problems.add(`${name} ${type} is an empty list.`, "Name at least one principal.");
    for (const item of list) {
      const entry = typeof item === "string" ? parse(item) : undefined;
      if (entry === undefined) problems.add(`${name} ${type}: ${quote(item)} is no valid principal.`, ADVICE[type]);
      else {
        written.push(String(item));
        entries.push(entry);
      }
    }
  }
  if (Object.keys(element).length === 0) problems.add(`${name} is empty.`, "Name at least one principal.");
  return { negated, written, entries };
}

const PARSERS: Readonly<Record<string, (text: string) => PrincipalEntry | undefined>> = {
  AWS: parseAws,
  Service: (text) => (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(text) ? { kind: "service", service: text } : undefined),
  Federated: (text) => (isProvider(text) ? { kind: "federated", provider: text } : undefined),
};

const ADVICE: Readonly<Record<string, string>> = {
  AWS: ARN_ADVICE,
  Service: "Name a service such as apigateway.amazonaws.com.",
  Federated: "Name a host such as cognito-identity.amazonaws.com, or the ARN of a SAML or OIDC provider.",
};

/** Of a user or role (IAM identifiers, "Unique identifiers"). */
const UNIQUE_ID = /^A(?:ID|RO)A[A-Z0-9]{12,124}$/;
const ACCOUNT_ID = /^\d{12}$/;
const PRINCIPAL_ARN = /^arn:aws[a-z-]*:(iam|sts)::(\d{12}):([\x21-\x7e]+)$/;
/** The characters of names and paths of users, roles and sessions; `*`, `?` and `$` are not among them. */
const NAME = "[A-Za-z0-9+=,.@_-]+";
const IAM_NAME = new RegExp(`^(user|role)/(?:${NAME}/)*${NAME}$`);
const STS_NAME = new RegExp(`^(?:assumed-role/${NAME}/${NAME}|federated-user/${NAME})$`);

function parseAws(text: string): PrincipalEntry | undefined {
  if (text === "*") return { kind: "every-aws" };
  if (UNIQUE_ID.test(text)) return { kind: "deleted", id: text };
  if (ACCOUNT_ID.test(text)) return { kind: "account", accountId: text, rootArn: `arn:aws:iam::${text}:root` };
  const match = PRINCIPAL_ARN.exec(text);
  if (match === null) return undefined;
  const [, service, accountId = "", resource = ""] = match;
  if (service === "sts") return STS_NAME.test(resource) ? { kind: "session", arn: text } : undefined;
  if (resource === "root") return { kind: "account", accountId, rootArn: text };
  const kind = IAM_NAME.exec(resource)?.[1];
  return kind === undefined ? undefined : { kind: kind as "user" | "role", arn: text };
}

function isProvider(text: string): boolean {
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+(\/[^\s*?]*)?$/.test(text)) return true;
  return /^arn:aws[a-z-]*:iam::\d{12}:(saml-provider|oidc-provider)\/[^\s*?]+$/.test(text);
}

/** How a statement reaches a caller, or undefined where it does not apply to it. */
export function principalGrant(element: PrincipalElement, effect: Effect, principal: Principal): GrantedTo | undefined {
  let best: GrantedTo | undefined;
  for (const entry of element.entries) {
    const grant = entryGrant(entry, principal);
    if (reachesFurther(grant, best)) best = grant;
  }
  if (!element.negated) return best;
  // An Allow is withheld from everyone of a named account: the side that grants less.
  const spared = best !== undefined && (effect === "Allow" || isSpared(element, principal));
  return spared ? undefined : "everyone";
}

/**
 * Whether a Deny with `NotPrincipal` spares a caller whom it names. Of a user AWS asks for the ARN of its account as well,
 * and of a session for those of its role and account: without one of them "the effect of the policy might be to explicitly
 * deny access" (AWS JSON policy elements: NotPrincipal). When it does is UNCONFIRMED; here it always does, the side that
 * denies.
 */
function isSpared({ entries }: PrincipalElement, principal: Principal): boolean {
  if (isBounded(principal)) return false;
  if (principal.kind !== "aws" || entries.some(({ kind }) => kind === "everyone" || kind === "every-aws")) return true;
  const account = entries.some((entry) => entry.kind === "account" && entry.accountId === principal.accountId);
  // A role's ARN also stands for its sessions, whose `principalArn` it is.
  const named = entries.some((entry) => "arn" in entry && entry.arn === principal.principalArn);
  return account && (named || isRootUser(principal));
}

/**
 * "The NotPrincipal element with a Deny effect will always deny any IAM principal that has a permissions boundary policy
 * attached, regardless of the values specified" (AWS JSON policy elements: NotPrincipal).
 */
export function isBounded(principal: Principal): boolean {
  return principal.kind === "aws" && principal.bounded === true;
}

/** Whether a grant reaches further than another; any reaches further than none. */
export function reachesFurther(grant: GrantedTo | undefined, than: GrantedTo | undefined): boolean {
  return RANKS.indexOf(grant) > RANKS.indexOf(than);
}

const RANKS: readonly (GrantedTo | undefined)[] = [undefined, "account", "everyone", "principal", "session"];

function entryGrant(entry: PrincipalEntry, principal: Principal): GrantedTo | undefined {
  switch (entry.kind) {
    case "everyone":
      return "everyone";
    case "every-aws":
      return principal.kind === "aws" || principal.kind === "anonymous" ? "everyone" : undefined;
    case "service":
      return principal.kind === "service" && principal.service === entry.service ? "principal" : undefined;
    case "federated":
      return principal.kind === "federated" && principal.provider === entry.provider ? "principal" : undefined;
    case "account":
      if (principal.kind !== "aws" || principal.accountId !== entry.accountId) return undefined;
      return isRootUser(principal) ? "principal" : "account";
    case "deleted":
      return undefined;
    case "session":
      return principal.kind === "aws" && principal.arn === entry.arn ? "session" : undefined;
    default:
      // A role's ARN also stands for its sessions, whose `principalArn` it is.
      return principal.kind === "aws" && principal.principalArn === entry.arn ? "principal" : undefined;
  }
}

export function isRootUser(principal: Principal): boolean {
  return principal.kind === "aws" && splitArn(principal.arn)?.[5] === "root";
}
