import { conditionHolds } from "./conditions";
import type { Condition } from "./conditions";
import { patternMatches } from "./pattern";
import { isBounded, principalGrant } from "./principals";
import type { PrincipalElement } from "./principals";
import type { PatternElement, Statement } from "./statement";
import type { AccessRequest, Effect } from "./types";
import { describeBounded, describeCondition, describeHalfNamed, describeList, describePrincipal } from "./words";
import type { Words } from "./words";

/** A request with what is worked out once for all statements. */
export interface Scope {
  readonly request: AccessRequest;
  readonly lowerAction: string;
}

export function scopeOf(request: AccessRequest): Scope {
  return { request, lowerAction: request.action.toLowerCase() };
}

/** One thing that must hold for a statement to apply. Evaluation and explanation ask the same `holds`. */
export interface Check {
  /** `Principal`, `NotAction`, `Condition IpAddress aws:SourceIp`. */
  readonly element: string;
  holds(scope: Scope): boolean;
  /** Why it holds, or does not, for a request, with the values seen. */
  words(scope: Scope): Words;
}

/** All that must hold for a statement to apply; the cheapest first, which also keeps an explanation to the point. */
export function checksOf(statement: Statement): readonly Check[] {
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
  const written = patterns.map((pattern) => pattern.source);
  const holds = (scope: Scope): boolean => {
    const value = valueOf(scope);
    for (const pattern of patterns) if (patternMatches(pattern, value, scope.request.context)) return !negated;
    return negated;
  };
  return {
    element: label,
    holds,
    words: (scope) => {
      const seen = name === "Action" ? scope.request.action : scope.request.resource;
      return describeList(label, `the ${name.toLowerCase()}`, seen, written, holds(scope) !== negated);
    },
  };
}

function principalCheck(element: PrincipalElement, effect: Effect): Check {
  const label = element.negated ? "NotPrincipal" : "Principal";
  const holds = ({ request }: Scope) => principalGrant(element, effect, request.principal) !== undefined;
  return {
    element: label,
    holds,
    words: (scope) => {
      const { principal } = scope.request;
      const who = describePrincipal(principal);
      if (element.negated && effect === "Deny" && isBounded(principal)) return describeBounded(label, who);
      const named = element.negated && principalGrant({ ...element, negated: false }, effect, principal) !== undefined;
      if (named && holds(scope)) return describeHalfNamed(label, who);
      return describeList(label, "the caller", who, element.written, holds(scope) !== element.negated);
    },
  };
}

function conditionCheck(condition: Condition, effect: Effect): Check {
  const holds = ({ request }: Scope) => conditionHolds(condition, effect, request);
  return {
    element: `Condition ${condition.name} ${condition.key}`,
    holds,
    words: (scope) => describeCondition(condition, scope.request.context.get(condition.lowerKey) ?? [], holds(scope)),
  };
}
