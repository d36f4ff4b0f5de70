import type { CompiledPolicy, CompiledStatement } from "./compile";
import type { PrincipalEntry } from "./principals";
import { splitArn } from "./arn";
import type { Principal } from "./types";

/** What was found out, by the account of the caller: empty for callers of none. */
const found = new WeakMap<CompiledPolicy, Map<string, readonly CompiledStatement[]>>();

/**
 * The statements that may be about a caller, in their order: without those that name only principals of other accounts.
 * What is left out applies to nobody of the account, so leaving it out changes no answer, only what a policy of hundreds
 * of accounts costs.
 */
export function statementsAbout(policy: CompiledPolicy, principal: Principal): readonly CompiledStatement[] {
  if (principal.kind === "service") return policy.statements;
  const account = principal.kind === "aws" ? principal.accountId : "";
  let known = found.get(policy);
  if (known === undefined) found.set(policy, (known = new Map()));
  let about = known.get(account);
  if (about === undefined) known.set(account, (about = policy.statements.filter((one) => isAbout(one, account))));
  return about;
}

function isAbout(statement: CompiledStatement, account: string): boolean {
  const accounts = accountsOf(statement);
  return accounts === "any" || accounts.has(account);
}

const named = new WeakMap<CompiledStatement, ReadonlySet<string> | "any">();

/** The accounts whose callers a statement is about. */
function accountsOf(statement: CompiledStatement): ReadonlySet<string> | "any" {
  let accounts = named.get(statement);
  if (accounts === undefined) named.set(statement, (accounts = accountsIn(statement)));
  return accounts;
}

function accountsIn({ principal }: CompiledStatement): ReadonlySet<string> | "any" {
  if (principal === undefined || principal.negated) return "any";
  const accounts = principal.entries.map(accountOf);
  return accounts.includes("any") ? "any" : new Set(accounts);
}

function accountOf(entry: PrincipalEntry): string {
  if (entry.kind === "account") return entry.accountId;
  return "arn" in entry ? (splitArn(entry.arn)?.[4] ?? "any") : "any";
}
