import { conditionHolds, patternMatches, principalGrant } from "../iam";
import type { CompiledPolicy, CompiledStatement, Condition } from "../iam";
import type { AccessRequest } from "../iam/types";
import type { EndpointType } from "../model/types";
import type { Dimension } from "./keys";
import { unknownKey, unknownVariable } from "../decision/unknown-keys";
import type { KeyFacts } from "../decision/unknown-keys";
import { dimensionOf, variablesOf } from "./keys";

/** A statement about invoking, with what is asked of it over and over worked out once. */
export interface Rule {
  /** The same for the same statement object, in every analysis of this process. */
  readonly id: number;
  readonly statement: CompiledStatement;
  readonly policy: CompiledPolicy;
  readonly variableResource: boolean;
}

/** A rule that applies to a caller at a path as soon as its open conditions hold. */
export interface LiveRule {
  readonly rule: Rule;
  readonly open: readonly Condition[];
  /** Why it cannot be told whether it applies, where it cannot. */
  readonly doubt?: string;
  /** How the statement reaches the caller; part of what tells callers apart. */
  readonly grant?: string;
}

const known = new WeakMap<CompiledPolicy, readonly Rule[]>();
let nextId = 0;

/** The statements of a policy whose action is `execute-api:Invoke`, and all of a trust policy. */
export function rulesOf(policy: CompiledPolicy): readonly Rule[] {
  let rules = known.get(policy);
  if (rules === undefined) {
    const asked =
      policy.kind === "trust"
        ? policy.statements
        : policy.statements.filter((one) => isAbout(one, "execute-api:Invoke"));
    rules = asked.map((statement) => ({
      id: nextId++,
      statement,
      policy,
      variableResource: (statement.resource?.patterns ?? []).some(({ glob }) => glob === undefined),
    }));
    known.set(policy, rules);
  }
  return rules;
}

/** Whether a statement speaks of an action, `sts:AssumeRole`, whomever it is for. */
export function isAbout({ action }: CompiledStatement, asked: string): boolean {
  return action.patterns.some((pattern) => patternMatches(pattern, asked.toLowerCase(), NO_KEYS)) !== action.negated;
}

const NO_KEYS: AccessRequest["context"] = new Map();

/** Whether the resource of a rule without variables is this one. */
export function coversResource({ statement }: Rule, resource: string, context = NO_KEYS): boolean {
  const { resource: element } = statement;
  if (element === undefined) return true;
  return element.patterns.some((pattern) => patternMatches(pattern, resource, context)) !== element.negated;
}

/** How a caller is known, as far as it decides what can be told of a statement about it. */
export interface Perspective {
  readonly request: AccessRequest;
  /** Whether the method asks for a signature. */
  readonly signed: boolean;
  readonly endpointType: EndpointType;
  readonly facts: KeyFacts;
  /** Keys that are left open here, so that a variable of them stands for no value in particular. */
  readonly open: (lowerKey: string) => boolean;
}

/** The rule as it stands for a caller at a path, or undefined where it cannot apply whatever else is the case. */
export function liveRule(
  rule: Rule,
  { request, signed, endpointType, facts, open }: Perspective,
): LiveRule | undefined {
  const { statement, policy } = rule;
  const { principal, effect } = statement;
  const grant = principal === undefined ? undefined : principalGrant(principal, effect, request.principal);
  if (principal !== undefined && grant === undefined) return undefined;
  let doubt: string | undefined;
  if (rule.variableResource) {
    const unclear = openVariable(rule, open);
    const unknown = unknownVariable(statement, facts);
    if (unclear !== undefined) doubt = `its resource holds \${${unclear}}, which differs from caller to caller`;
    else if (unknown !== undefined) doubt = `nothing says what ${unknown} holds for the caller`;
    else if (!coversResource(rule, request.resource, request.context)) return undefined;
  }
  const conditions: Condition[] = [];
  for (const condition of statement.conditions) {
    const dimension = dimensionOf(condition.lowerKey, { kind: policy.kind, signed, endpointType });
    const unclear = variablesOf(condition).find(open);
    const unknown = unknownKey(condition, statement, request, facts);
    if (unclear !== undefined) doubt ??= `its condition on ${condition.key} holds the variable \${${unclear}}`;
    else if (dimension === "unknown" || unknown !== undefined)
      doubt ??= `nothing says what ${unknown ?? condition.key} holds for the caller`;
    else if (!canBeCut(condition, dimension, open))
      doubt ??= `${condition.name} does not cut ${condition.key} into ranges`;
    else if (dimension === "fixed" || dimension === "caller") {
      if (!conditionHolds(condition, effect, request)) return undefined;
    } else if (asksForAddress(condition, dimension)) {
      const context = new Map([...request.context, [condition.lowerKey, ["10.0.0.7"]] as const]);
      if (!conditionHolds(condition, effect, { ...request, context })) return undefined;
    } else conditions.push(condition);
  }
  return {
    rule,
    open: conditions,
    ...(doubt === undefined ? {} : { doubt }),
    ...(grant === undefined ? {} : { grant }),
  };
}

/** Every request has an address, and every one through an endpoint that of its client. */
function asksForAddress({ operator, lowerKey }: Condition, dimension: Dimension): boolean {
  return operator.type === "null" && (dimension === "address" || lowerKey === "aws:vpcsourceip");
}

/** Whether the classes of the key can be told by the operator: addresses by ranges, texts by patterns. */
function canBeCut({ operator, lowerKey }: Condition, dimension: Dimension, open: Perspective["open"]): boolean {
  if (operator.type === "null") return true;
  if (dimension === "address" || lowerKey === "aws:vpcsourceip") return operator.type === "ip";
  if (lowerKey === "aws:tokenissuetime") return operator.type === "date";
  if (lowerKey === "aws:multifactorauthage") return operator.type === "numeric";
  if (lowerKey === "aws:userid") return isTextual(operator);
  const varies = dimension === "header" || dimension === "endpoint" || (dimension === "caller" && open(lowerKey));
  return !varies || isTextual(operator);
}

function isTextual({ type }: Condition["operator"]): boolean {
  return ["string", "arn", "bool"].includes(type);
}

/** A variable in the resource of a rule that stands for no value in particular. */
export function openVariable({ statement }: Rule, open: Perspective["open"]): string | undefined {
  for (const { tokens } of statement.resource?.patterns ?? []) {
    for (const token of tokens) if (token.kind === "variable" && open(token.key)) return token.key;
  }
  return undefined;
}

/** What conditions ask, however they are ordered and written down. */
export function conditionsText(conditions: readonly Condition[]): string {
  return conditions
    .map(({ name, lowerKey, values }) => JSON.stringify([name, lowerKey, values.map(({ source }) => source).sort()]))
    .sort()
    .join();
}
