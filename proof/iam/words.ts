import type { Condition } from "./conditions";
import { holdsWhenAbsent } from "./conditions";
import type { Principal } from "./types";

/** What one element of a statement saw, and what of the request would have to be different for the opposite. */
export interface Words {
  readonly because: string;
  readonly change: string;
}

/** A principal in words: its ARN, `the anonymous caller`, … */
export function describePrincipal(principal: Principal): string {
  if (principal.kind === "aws") return principal.arn;
  if (principal.kind === "service") return `the service ${principal.service}`;
  return principal.kind === "federated" ? `the identity provider ${principal.provider}` : "the anonymous caller";
}

/**
 * Words for an element that lists what it covers, or exempts.
 *
 * @param label `NotAction`.
 * @param subject `the action`.
 * @param seen The value of the request.
 * @param hit Whether the value is among those listed, whatever the element makes of it.
 */
export function describeList(
  label: string,
  subject: string,
  seen: string,
  written: readonly string[],
  hit: boolean,
): Words {
  const list = listed(written);
  if (hit)
    return { because: `${label}: ${seen} matches ${list}`, change: `${subject} would have to match none of ${list}` };
  return {
    because: `${label}: ${seen} ${written.length === 1 ? "does not match" : "matches none of"} ${list}`,
    change: `${subject} would have to match ${written.length === 1 ? "" : "one of "}${list}`,
  };
}

/** Words for a `NotPrincipal` of a Deny and a caller with a permissions boundary. */
export function describeBounded(label: string, who: string): Words {
  return {
    because: `${label}: ${who} has a permissions boundary, and whoever has one is denied whatever ${label} names`,
    change:
      'the statement would have to name "*" as Principal, with a condition on aws:PrincipalArn in place of NotPrincipal',
  };
}

/** Words for a `NotPrincipal` of a Deny that names a caller, but not in the way in which it spares it. */
export function describeHalfNamed(label: string, who: string): Words {
  return {
    because: `${label}: ${who} is not named together with its account, without which AWS may deny whom ${label} names`,
    change: "the statement would have to name the user, or the role of the session, and its account",
  };
}

/** Words for a condition that holds, or does not, for the values a request has. */
export function describeCondition(condition: Condition, values: readonly string[], holds: boolean): Words {
  const { operator, key, name } = condition;
  const label = `Condition ${name} ${key}`;
  const list = listed(condition.values.map((value) => value.source));
  if (operator.type === "null") {
    const state = values.length === 0 ? "absent" : `present (${listed(values)})`;
    const other = values.length === 0 ? "present" : "absent";
    return { because: `${label}: the key is ${state}, asked for ${list}`, change: `${key} would have to be ${other}` };
  }
  // An operator's own words say how a value stands that fails it.
  const failing = `${operator.fails} ${list}`;
  const passing = `${opposite(operator.fails)} ${list}`;
  const absentHolds = holdsWhenAbsent(condition);
  const byAbsence = absentHolds !== holds ? `, or be absent` : "";
  const change = `${key} would have to be one that ${holds ? failing : passing}${byAbsence}`;
  if (values.length === 0) return { because: `${label}: the request has no ${key}`, change };
  return {
    because: `${label}: ${listed(values)}${several(condition, values, holds)} ${holds ? passing : failing}`,
    change,
  };
}

function several(condition: Condition, values: readonly string[], holds: boolean): string {
  if (values.length === 1) return "";
  const every = condition.set === "ForAnyValue" ? !holds : holds;
  return every ? " (each of them)" : " (at least one of them)";
}

function opposite(fails: string): string {
  if (fails.includes("none of")) return fails.replace("none of", "one of");
  if (fails.includes("one of")) return fails.replace("one of", "none of");
  return fails.includes("is not") ? fails.replace("is not", "is") : fails.replace(/^is /, "is not ");
}

export function listed(values: readonly string[]): string {
  return values.length <= 6 ? values.join(", ") : `${values.slice(0, 6).join(", ")}, … (${values.length} in all)`;
}
