import type { CompiledPolicy, Condition } from "../iam";
import { rulesOf } from "./rules";
import { textPatterns } from "./values";
import type { TextPattern } from "./values";

/** Everything that the policies in play ask of callers. */
export interface CallerTests {
  /** Twelve-digit ids that a policy names. */
  readonly accounts: ReadonlySet<string>;
  /** Patterns for `aws:PrincipalAccount` that are neither an id nor `*`. */
  readonly accountPatterns: readonly TextPattern[];
  /** ARNs of roles and users that a policy names as principals. */
  readonly arns: ReadonlySet<string>;
  /** ARNs of role sessions that a policy names as principals. */
  readonly sessions: ReadonlySet<string>;
  readonly arnPatterns: readonly TextPattern[];
  readonly organizationPatterns: readonly TextPattern[] | undefined;
  readonly userNamePatterns: readonly TextPattern[];
  /** What is asked of credentials: MFA, its age, when they were issued. */
  readonly credentials: readonly Condition[];
  readonly userIdPatterns: readonly TextPattern[] | undefined;
  /** By tag key, in lower case. */
  readonly tagPatterns: ReadonlyMap<string, readonly TextPattern[]>;
  /** Whether users, roles and root users are told apart by anything but their ARNs. */
  readonly types: boolean;
}

const TAG = "aws:principaltag/";
const CREDENTIAL_KEYS = ["aws:multifactorauthpresent", "aws:multifactorauthage", "aws:tokenissuetime"];

/** @param policies resource and endpoint policies, which ask about callers @param own policies of known callers */
export function callerTests(policies: readonly CompiledPolicy[], own: readonly CompiledPolicy[]): CallerTests {
  const accounts = new Set<string>();
  const arns = new Set<string>();
  const sessions = new Set<string>();
  const byKey = new Map<string, Condition[]>();
  let types = false;
  for (const policy of [...policies, ...own]) {
    for (const { statement } of rulesOf(policy)) {
      types ||= statement.principal?.negated === true;
      for (const entry of statement.principal?.entries ?? []) {
        if (entry.kind === "account") accounts.add(entry.accountId);
        if (entry.kind === "session") sessions.add(entry.arn);
        if (entry.kind === "user" || entry.kind === "role") arns.add(entry.arn);
      }
      for (const condition of statement.conditions) {
        const list = byKey.get(condition.lowerKey);
        if (list === undefined) byKey.set(condition.lowerKey, [condition]);
        else list.push(condition);
      }
    }
  }
  const patternsOf = (key: string): readonly TextPattern[] => textPatterns(byKey.get(key) ?? []);
  const arnPatterns = patternsOf("aws:principalarn");
  for (const arn of [...arns, ...sessions]) accounts.add(arn.split(":")[4] ?? "");
  const ids = patternsOf("aws:principalaccount");
  for (const one of [...ids.map(({ pattern }) => pattern.source), ...arnPatterns.map(accountPart)]) {
    if (/^\d{12}$/.test(one)) accounts.add(one);
  }
  const tags = [...byKey.keys()].filter((key) => key.startsWith(TAG));
  return {
    accounts,
    accountPatterns: ids.filter(({ pattern }) => !/^(\d{12}|\*+|\?{12})$/.test(pattern.source)),
    arns,
    sessions,
    arnPatterns,
    organizationPatterns: byKey.has("aws:principalorgid") ? patternsOf("aws:principalorgid") : undefined,
    userNamePatterns: patternsOf("aws:username"),
    credentials: CREDENTIAL_KEYS.flatMap((key) => byKey.get(key) ?? []),
    userIdPatterns: byKey.has("aws:userid") ? patternsOf("aws:userid") : undefined,
    tagPatterns: new Map(tags.map((key) => [key.slice(TAG.length), patternsOf(key)])),
    // Roles always have temporary credentials, and ids of another form.
    types:
      types || ["aws:principaltype", "aws:username", "aws:userid", ...CREDENTIAL_KEYS].some((key) => byKey.has(key)),
  };
}

/** What a pattern of ARNs says of the account, where that stands between its colons; else all of it. */
export function accountPart({ pattern: { source } }: TextPattern): string {
  const parts = source.split(":");
  return parts.length < 6 ? source : (parts[4] ?? "");
}
