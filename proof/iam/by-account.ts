import type { CompiledPolicy, CompiledStatement } from "./compile";
import type { PrincipalEntry } from "./principals";
import { splitArn } from "./arn";
import type { Principal } from "./types";

interface ByAccount {
  readonly named: ReadonlyMap<string, readonly CompiledStatement[]>;
  /** For callers of accounts that no statement names. */
  readonly others: readonly CompiledStatement[];
}

const prepared = new WeakMap<CompiledPolicy, ByAccount>();

/**
 * The statements that may be about a caller, in their order: without those that name only principals of other accounts.
 * What is left out applies to nobody of the account, so leaving it out changes no answer, only what a policy of hundreds
 * of accounts costs.
 */
export function statementsAbout(policy: CompiledPolicy, principal: Principal): readonly CompiledStatement[] {
  if (principal.kind === "service") return policy.statements;
  let known = prepared.get(policy);
  if (known === undefined) prepared.set(policy, (known = byAccount(policy)));
  return (principal.kind === "aws" ? known.named.get(principal.accountId) : undefined) ?? known.others;
}

function byAccount({ statements }: CompiledPolicy): ByAccount {
  const accounts = statements.map(accountsOf);
  const about = (account: string | undefined): CompiledStatement[] =>
    statements.filter((_, index) => {
      const named = accounts[index];
      return named === undefined || (account !== undefined && named.has(account));
    });
  const all = new Set(accounts.flatMap((named) => [...(named ?? [])]));
  return { named: new Map([...all].map((account) => [account, about(account)])), others: about(undefined) };
}

/** The accounts whose callers a statement is about, or undefined where it may be about any. */
function accountsOf({ principal }: CompiledStatement): ReadonlySet<string> | undefined {
  if (principal === undefined || principal.negated) return undefined;
  const accounts = new Set<string>();
  for (const entry of principal.entries) {
    const account = accountOf(entry);
    if (account === undefined) return undefined;
    accounts.add(account);
  }
  return accounts;
}

function accountOf(entry: PrincipalEntry): string | undefined {
  if (entry.kind === "account") return entry.accountId;
  return "arn" in entry ? splitArn(entry.arn)?.[4] : undefined;
}
