import { describePrincipal, scopeOf } from "./checks";
import type { CompiledPolicy, CompiledStatement } from "./compile";
import { failedCheck, grantOf, reducePolicies } from "./reduce";
import type { AccessRequest, GrantedTo, Reduction, StatementRef } from "./types";

/** One statement held against one request. */
export interface StatementTrace {
  readonly ref: StatementRef;
  /** Whether it applies. */
  readonly applies: boolean;
  /** The elements that hold, and the first that does not, in words with the values seen. */
  readonly matched: readonly string[];
  readonly failed?: string;
  readonly because: string;
  /** What would have to change for the statement to apply, or to apply no more. */
  readonly change: string;
  readonly grantedTo?: GrantedTo;
}

export interface Explanation extends Reduction {
  readonly statements: readonly StatementTrace[];
}

/** The same answer as `reducePolicies`, with what every statement saw. */
export function explainPolicies(policies: readonly CompiledPolicy[], request: AccessRequest): Explanation {
  const statements = policies.flatMap((policy) => policy.statements.map((statement) => trace(statement, request)));
  return { ...reducePolicies(policies, request), statements };
}

function trace(statement: CompiledStatement, request: AccessRequest): StatementTrace {
  const scope = scopeOf(request);
  const failed = failedCheck(statement, scope);
  const { ref, checks } = statement;
  const matched = checks.slice(0, failed === undefined ? checks.length : checks.indexOf(failed)).map((c) => c.element);
  if (failed !== undefined) {
    return { ref, applies: false, matched, failed: failed.element, ...failed.mismatch(scope) };
  }
  const grantedTo = statement.effect === "Allow" ? grantOf(statement, request) : undefined;
  return {
    ref,
    applies: true,
    matched,
    because: `${statement.effect}s ${request.action} on ${request.resource} to ${describePrincipal(request.principal)}`,
    change: `one of ${matched.join(", ")} would have to stop matching, or the statement be removed`,
    ...(grantedTo === undefined ? {} : { grantedTo }),
  };
}
