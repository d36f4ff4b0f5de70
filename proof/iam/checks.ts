import { conditionHolds, holdsWhenAbsent } from "./conditions";
import type { Condition } from "./conditions";
import { patternMatches } from "./pattern";
import { principalGrant } from "./principals";
import type { PrincipalElement } from "./principals";
import type { PatternElement, Statement } from "./statement";
import type { AccessRequest, Effect, Principal } from "./types";

/** A request with what is worked out once for all statements. */
export interface Scope {
  readonly request: AccessRequest;
  readonly lowerAction: string;
}

export function scopeOf(request: AccessRequest): Scope {
  return { request, lowerAction: request.action.toLowerCase() };
}

/** Why a check fails, with the values seen, and what of the request would have to be different. */
export interface Mismatch {
  readonly because: string;
  readonly change: string;
}

/** One thing that must hold for a statement to apply. Evaluation and explanation ask the same `holds`. */
export interface Check {
  /** `Principal`, `NotAction`, `Condition IpAddress aws:SourceIp`. */
  readonly element: string;
  holds(scope: Scope): boolean;
  /** Only for a request for which the check does not hold. */
  mismatch(scope: Scope): Mismatch;
}

/** In the order of the elements of a statement: the cheapest first. */
export function checksOf(statement: Omit<Statement, "sid">): readonly Check[] {
  const { principal, action, resource, conditions, effect } = statement;
  return [
    patternCheck("Action", action, (scope) => scope.lowerAction),
    ...(principal === undefined ? [] : [principalCheck(principal, effect)]),
    ...(resource === undefined ? [] : [patternCheck("Resource", resource, (scope) => scope.request.resource)]),
    ...conditions.map((condition) => conditionCheck(condition, effect)),
  ];
}

function patternCheck(name: "Action" | "Resource", element: PatternElement, valueOf: (scope: Scope) => string): Check {
  const { patterns, negated } = element;
  const label = negated ? `Not${name}` : name;
  const list = listed(patterns.map((pattern) => pattern.source));
  const nothing = patterns.length === 1 ? "is not" : "is none of";
  return {
    element: label,
    holds: (scope) => {
      const value = valueOf(scope);
      // A variable without a value matches no resource: neither does a NotResource with one then exempt any.
      for (const pattern of patterns) if (patternMatches(pattern, value, scope.request.context)) return !negated;
      return negated;
    },
    mismatch: ({ request }) => {
      const seen = name === "Action" ? request.action : request.resource;
      return negated
        ? {
            because: `${label}: ${seen} is exempt by ${list}`,
            change: `the ${name.toLowerCase()} would have to be none of ${list}`,
          }
        : {
            because: `${label}: ${seen} ${nothing} ${list}`,
            change: `the ${name.toLowerCase()} would have to match ${list}`,
          };
    },
  };
}

function principalCheck(element: PrincipalElement, effect: Effect): Check {
  const label = element.negated ? "NotPrincipal" : "Principal";
  const list = listed(element.written);
  return {
    element: label,
    holds: ({ request }) => principalGrant(element, effect, request.principal) !== undefined,
    mismatch: ({ request }) => {
      const who = describePrincipal(request.principal);
      return element.negated
        ? { because: `${label}: ${who} is exempt by ${list}`, change: `the caller would have to be none of ${list}` }
        : { because: `${label}: ${who} is not covered by ${list}`, change: `the caller would have to be ${list}` };
    },
  };
}

/** A principal in words: its ARN, `the anonymous caller`, … */
export function describePrincipal(principal: Principal): string {
  if (principal.kind === "aws") return principal.arn;
  if (principal.kind === "service") return `the service ${principal.service}`;
  return principal.kind === "federated" ? `the identity provider ${principal.provider}` : "the anonymous caller";
}

function conditionCheck(condition: Condition, effect: Effect): Check {
  return {
    element: `Condition ${condition.name} ${condition.key}`,
    holds: ({ request }) => conditionHolds(condition, effect, request),
    mismatch: ({ request }) => describeCondition(condition, request),
  };
}

function describeCondition(condition: Condition, request: AccessRequest): Mismatch {
  const { operator, key, name } = condition;
  const label = `Condition ${name} ${key}`;
  const list = listed(condition.values.map((value) => value.source));
  const values = request.context.get(condition.lowerKey) ?? [];
  if (operator.type === "null") {
    const state = values.length === 0 ? "absent" : `present (${listed(values)})`;
    return {
      because: `${label}: the key is ${state}, and the policy asks for Null ${list}`,
      change: `${key} would have to be ${values.length === 0 ? "present" : "absent"}`,
    };
  }
  const wanted = `${key} would have to be a value that ${negate(operator.fails)} ${list}`;
  if (values.length === 0) return { because: `${label}: the request has no ${key}`, change: wanted };
  const many =
    values.length === 1 ? "" : condition.set === "ForAnyValue" ? " (not one of them passes)" : " (one or more)";
  const unset = holdsWhenAbsent(condition) ? `, or ${key} be absent` : "";
  return { because: `${label}: ${listed(values)}${many} ${operator.fails} ${list}`, change: `${wanted}${unset}` };
}

/** The opposite of an operator's `fails`. */
function negate(fails: string): string {
  if (fails.includes("none of")) return fails.replace("none of", "one of");
  if (fails.includes("one of")) return fails.replace("one of", "none of");
  return fails.includes("is not") ? fails.replace("is not", "is") : fails.replace(/^is /, "is not ");
}

function listed(values: readonly string[]): string {
  return values.length <= 6 ? values.join(", ") : `${values.slice(0, 6).join(", ")}, … (${values.length} in all)`;
}
