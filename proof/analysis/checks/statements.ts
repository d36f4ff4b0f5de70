import type { Decision, TraceStep } from "../../decision";
import type { StepName } from "../../decision/types";
import { unknownKey } from "../../decision/unknown-keys";
import { holdsWhenAbsent } from "../../iam";
import type { CompiledStatement } from "../../iam";
import type { StatementRef } from "../../iam/types";
import type { Route } from "../../model/types";
import { dimensionOf } from "../keys";
import { conditionsText } from "../rules";
import type { CallerSubject } from "../subject";
import type { RequestClass } from "./classes";
import type { CheckedStage } from "./context";
import type { RuleFinding } from "./finding";

/** `Statement 2 (Sid "Public")`, to begin a sentence with. */
export function statementName({ index, sid }: Pick<StatementRef, "index" | "sid">): string {
  return sid === undefined ? `Statement ${index}` : `Statement ${index} (Sid "${sid}")`;
}

/** `GET /orders/{id}` */
export function routeName({ method, path }: Pick<Route, "method" | "path">): string {
  return `${method} ${path}`;
}

/** `GET /a, GET /b and 3 more` */
export function listed(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  const shown = distinct.slice(0, 4).join(", ");
  return distinct.length > 4 ? `${shown} and ${distinct.length - 4} more` : shown;
}

/** The routes that the requests are to, and one of their paths where it is not all: `GET /a/{id} (such as /a/b)`. */
export function requestedRoutes(stage: CheckedStage, requests: readonly RequestClass[]): string {
  const cells = new Map(requests.map(({ cell, route }) => [cell, route] as const));
  const partly = new Set<string>();
  for (const { route, requests: all, verb } of stage.classes()) {
    if (route !== undefined && all.some(({ cell }) => !cells.has(cell))) partly.add(`${routeName(route)} ${verb}`);
  }
  return listed(
    [...cells].map(([cell, route]) =>
      partly.has(`${routeName(route)} ${cell.verb}`) && cell.words !== ""
        ? `${routeName(route)} (such as ${cell.path})`
        : routeName(route),
    ),
  );
}

/** The statements of an API's resource policy that speak of one effect. */
export function resourceStatements(stage: CheckedStage, effect?: "Allow" | "Deny"): readonly CompiledStatement[] {
  return (stage.prepared.policy?.statements ?? []).filter((one) => effect === undefined || one.effect === effect);
}

/** Whether a policy pins the caller to the unique id of one role or user, by `aws:userid`. Nobody else ever has it. */
export function isNamedById({ traits }: CallerSubject): boolean {
  return traits.some(({ of, words }) => of === "user id" && / A[A-Z0-9]{11,}(?:[: ]|$)/.test(words));
}

/** Where a statement stands, which is the attribute that holds the policy, and what it says, however it is ordered. */
export function about(statement: CompiledStatement): Pick<RuleFinding, "where" | "says"> {
  const { ref, effect, principal, action, resource, conditions } = statement;
  const named = [principal?.negated, [...(principal?.written ?? [])].sort()];
  const patterns = [action, resource].map((one) => [one?.negated, one?.patterns.map(({ source }) => source).sort()]);
  return {
    where: { file: ref.policy.file, address: ref.policy.address },
    says: JSON.stringify([effect, named, patterns, conditionsText(conditions)]),
  };
}

/** The statement of an API's resource policy that a decision names. */
export function statementOf({ prepared }: CheckedStage, ref: StatementRef): CompiledStatement | undefined {
  return prepared.policy?.statements.find((one) => one.ref === ref);
}

export function stepOf(decision: Decision | undefined, name: StepName): TraceStep | undefined {
  return decision?.trace.find(({ step }) => step === name);
}

const NOBODY = { principal: { kind: "anonymous" }, action: "", resource: "", context: new Map() } as const;

/** Keys of the statement that no request to the route has, and whose conditions hold for that very reason. */
export function absentKeys(statement: CompiledStatement, route: Route, { api }: CheckedStage): readonly string[] {
  const where = { kind: "resource", signed: route.auth.type === "AWS_IAM", endpointType: api.endpointType } as const;
  return statement.conditions
    .filter((condition) => condition.lowerKey !== "aws:securetransport" && holdsWhenAbsent(condition))
    .filter((one) => dimensionOf(one.lowerKey, where) === "fixed")
    .filter((one) => unknownKey(one, statement, NOBODY, { api, throughEndpoint: true }) === undefined)
    .map(({ key }) => key);
}
