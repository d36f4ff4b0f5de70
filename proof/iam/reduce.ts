import { statementsAbout } from "./by-account";
import { scopeOf } from "./checks";
import type { Check, Scope } from "./checks";
import type { CompiledPolicy, CompiledStatement } from "./compile";
import { principalGrant, reachesFurther } from "./principals";
import type { AccessRequest, GrantedTo, Reduction } from "./types";

const NEITHER: Reduction = { verdict: "NEITHER" };

/**
 * What policies of one kind say of one request: DENY where a Deny statement applies, else ALLOW where an Allow statement
 * does, else NEITHER (IAM User Guide, "Policy evaluation logic"). Allocates nothing for a statement.
 */
export function reducePolicies(policies: readonly CompiledPolicy[], request: AccessRequest): Reduction {
  const scope = scopeOf(request);
  let allowing: CompiledStatement | undefined;
  let granted: GrantedTo | undefined;
  for (const policy of policies) {
    for (const statement of statementsAbout(policy, request.principal)) {
      if (failedCheck(statement, scope) !== undefined) continue;
      if (statement.effect === "Deny") return { verdict: "DENY", decidedBy: statement.ref };
      const grant = grantOf(statement, request);
      if (allowing !== undefined && !reachesFurther(grant, granted)) continue;
      allowing = statement;
      granted = grant;
    }
  }
  if (allowing === undefined) return NEITHER;
  return { verdict: "ALLOW", decidedBy: allowing.ref, ...(granted === undefined ? {} : { grantedTo: granted }) };
}

/** The first check that does not hold, or undefined where the statement applies. */
export function failedCheck(statement: CompiledStatement, scope: Scope): Check | undefined {
  for (const check of statement.checks) if (!check.holds(scope)) return check;
  return undefined;
}

/** How an applying statement reaches the caller; undefined in policies without principals. */
export function grantOf(statement: CompiledStatement, request: AccessRequest): GrantedTo | undefined {
  if (statement.principal === undefined) return undefined;
  return principalGrant(statement.principal, statement.effect, request.principal);
}
