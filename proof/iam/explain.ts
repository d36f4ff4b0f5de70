import { scopeOf } from "./checks";
import type { Scope } from "./checks";
import type { CompiledPolicy, CompiledStatement } from "./compile";
import { failedCheck, grantOf, reducePolicies } from "./reduce";
import type { AccessRequest, GrantedTo, Reduction, StatementRef } from "./types";
import { describePrincipal } from "./words";
import type { Words } from "./words";

/** One element of a statement held against one request. */
export interface ElementTrace {
  /** `Principal`, `Condition IpAddress aws:SourceIp`. */
  readonly element: string;
  /** `Condition IpAddress aws:SourceIp: 198.51.100.7 is in none of 203.0.113.0/24` */
  readonly because: string;
  /** What of the request would have to be different for the opposite. */
  readonly change: string;
}

/** One statement held against one request. */
export interface StatementTrace {
  readonly ref: StatementRef;
  /** Whether all of it holds. */
  readonly applies: boolean;
  /** The elements that hold, up to the first that does not. */
  readonly matched: readonly ElementTrace[];
  /** The first element that does not hold. */
  readonly failed?: ElementTrace;
  readonly because: string;
  /** What would have to change for the statement to apply, or to apply no more. */
  readonly change: string;
  /** For an Allow that applies, in policies with principals. */
  readonly grantedTo?: GrantedTo | undefined;
}

export interface Explanation extends Reduction {
  readonly statements: readonly StatementTrace[];
}

/** The same answer as `reducePolicies`, with what every statement saw. */
export function explainPolicies(policies: readonly CompiledPolicy[], request: AccessRequest): Explanation {
  const statements = policies.flatMap((policy) =>
    policy.statements.map((statement) => explainStatement(statement, request)),
  );
  return { ...reducePolicies(policies, request), statements };
}

/** Whether all of a statement holds, without the words. */
export function statementApplies(statement: CompiledStatement, request: AccessRequest): boolean {
  return failedCheck(statement, scopeOf(request)) === undefined;
}

/** One statement held against one request. */
export function explainStatement(statement: CompiledStatement, request: AccessRequest): StatementTrace {
  const scope = scopeOf(request);
  const failed = failedCheck(statement, scope);
  const { ref, checks, effect } = statement;
  const held = failed === undefined ? checks : checks.slice(0, checks.indexOf(failed));
  const words = failed === undefined ? wordsOfApplying(statement, scope) : failed.words(scope);
  return {
    ref,
    applies: failed === undefined,
    // Put into words only for who reads them: of most statements it is enough what failed.
    get matched() {
      return held.map((check) => ({ element: check.element, ...check.words(scope) }));
    },
    ...(failed === undefined ? {} : { failed: { element: failed.element, ...words } }),
    ...words,
    grantedTo: failed === undefined && effect === "Allow" ? grantOf(statement, request) : undefined,
  };
}

function wordsOfApplying({ checks, effect }: CompiledStatement, scope: Scope): Words {
  const { principal, action, resource } = scope.request;
  // The last element is the narrowest: what distinguishes this request from others is rarely its action.
  const last = checks.at(-1);
  const narrowest = last?.words(scope);
  const condition = last?.element.startsWith("Condition") ? ` (${narrowest?.because})` : "";
  return {
    because: `${effect === "Allow" ? "allows" : "denies"} ${describePrincipal(principal)} ${action} on ${resource}${condition}`,
    change: narrowest?.change ?? "the statement would have to be removed",
  };
}
