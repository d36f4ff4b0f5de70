import { conditionKeyProblem } from "./condition-keys";
import { quote } from "./errors";
import type { PolicyProblems } from "./errors";
import { ValueError } from "./operator";
import type { Operator, ValueTest } from "./operator";
import { OPERATORS } from "./operators";
import { PatternError } from "./pattern";
import type { AccessRequest, Effect } from "./types";

/** One key under one operator. All conditions of a statement must hold. */
export interface Condition {
  /** As written: `ForAllValues:StringLikeIfExists`. */
  readonly name: string;
  readonly operator: Operator;
  readonly set: "ForAllValues" | "ForAnyValue" | undefined;
  readonly ifExists: boolean;
  /** As written. */
  readonly key: string;
  readonly lowerKey: string;
  readonly values: readonly ValueTest[];
}

/** Reads a `Condition` element; every problem of it is reported, and what is sound is returned. */
export function parseConditions(element: unknown, variables: boolean, problems: PolicyProblems): readonly Condition[] {
  if (!isObject(element)) {
    problems.add(`Condition is ${quote(element)}; it is an object of operators.`);
    return [];
  }
  return Object.entries(element).flatMap(([name, block]) => parseBlock(name, block, variables, problems));
}

function parseBlock(name: string, block: unknown, variables: boolean, problems: PolicyProblems): Condition[] {
  const qualified = parseOperatorName(name);
  if (qualified === undefined) problems.add(`there is no condition operator ${quote(name)}.`, operatorAdvice(name));
  if (!isObject(block)) {
    problems.add(`Condition ${name} is ${quote(block)}; it is an object of keys and values.`);
    return [];
  }
  return Object.entries(block).flatMap(([key, written]) => {
    const keyProblem = conditionKeyProblem(key);
    if (keyProblem !== undefined) problems.add(`Condition ${name}: ${keyProblem}`);
    if (qualified === undefined) return [];
    const values = parseValues(`Condition ${name} ${key}`, written, qualified.operator, variables, problems);
    return [{ ...qualified, name, key, lowerKey: key.toLowerCase(), values }];
  });
}

interface QualifiedOperator {
  readonly operator: Operator;
  readonly set: Condition["set"];
  readonly ifExists: boolean;
}

function parseOperatorName(name: string): QualifiedOperator | undefined {
  const match = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(name);
  const operator = OPERATORS.get(match?.[2] ?? "");
  if (match === null || operator === undefined) return undefined;
  const set = match[1] as Condition["set"];
  const ifExists = match[3] !== undefined;
  // `Null` asks whether the key exists, which neither a set nor `IfExists` can qualify.
  if (operator.type === "null" && (ifExists || set !== undefined)) return undefined;
  return { operator, set, ifExists };
}

function operatorAdvice(name: string): string {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  const bare = letters(name.replace(/^.*:/, "").replace(/IfExists$/i, ""));
  const near = [...OPERATORS.keys()].find((known) => letters(known).startsWith(bare));
  return near === undefined || bare === ""
    ? "Use one of IAM's operators, such as StringEquals, ArnLike or IpAddress, spelt exactly so."
    : `Did you mean ${near}? Null takes no IfExists, ForAllValues or ForAnyValue.`;
}

function parseValues(
  where: string,
  written: unknown,
  operator: Operator,
  variables: boolean,
  problems: PolicyProblems,
): ValueTest[] {
  const list: readonly unknown[] = Array.isArray(written) ? written : [written];
  if (list.length === 0) problems.add(`${where} has no values.`, "Name at least one value, or remove the condition.");
  return list.flatMap((value) => {
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      problems.add(`${where}: ${quote(value)} is no value; values are strings, numbers, true or false.`);
      return [];
    }
    try {
      return [operator.parse(String(value), variables)];
    } catch (error) {
      if (!(error instanceof ValueError) && !(error instanceof PatternError)) throw error;
      problems.add(`${where}: ${error.message}.`);
      return [];
    }
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Headers: AWS gives these keys one value, whatever is sent. */
const HEADERS = new Set(["aws:referer", "aws:useragent"]);

/**
 * Whether a condition holds. Without a set operator, and of a header with one, IAM defines single values only; where a
 * request has several, an Allow wants the condition to hold for each of them and a Deny for any (UNCONFIRMED, the side that
 * grants less).
 */
export function conditionHolds(condition: Condition, effect: Effect, request: AccessRequest): boolean {
  const values = request.context.get(condition.lowerKey);
  const absent = values === undefined || values.length === 0;
  if (condition.operator.type === "null") return someMatches(condition, String(absent), request);
  if (absent) return holdsWhenAbsent(condition);
  if (condition.set !== undefined && values.length > 1 && HEADERS.has(condition.lowerKey)) {
    const alone = (value: string): boolean =>
      conditionHolds(condition, effect, {
        ...request,
        context: new Map([...request.context, [condition.lowerKey, [value]]]),
      });
    return effect === "Allow" ? values.every(alone) : values.some(alone);
  }
  if (condition.set === undefined) {
    return effect === "Allow" ? eachHolds(condition, values, request) : anyHolds(condition, values, request);
  }
  // "If the key values resolve to a null data set, such as an empty string" (Condition with multiple keys or values).
  if (values.every((value) => value === "")) return condition.set === "ForAllValues";
  return condition.set === "ForAllValues"
    ? eachHolds(condition, values, request)
    : anyHolds(condition, values, request);
}

/** What a condition answers for a request that has no value for its key. */
export function holdsWhenAbsent(condition: Condition): boolean {
  if (condition.ifExists) return true;
  if (condition.set !== undefined) return condition.set === "ForAllValues";
  return condition.operator.negated;
}

function eachHolds(condition: Condition, values: readonly string[], request: AccessRequest): boolean {
  for (const value of values) {
    if (someMatches(condition, value, request) === condition.operator.negated) return false;
  }
  return true;
}

function anyHolds(condition: Condition, values: readonly string[], request: AccessRequest): boolean {
  for (const value of values) {
    if (someMatches(condition, value, request) !== condition.operator.negated) return true;
  }
  return false;
}

function someMatches(condition: Condition, value: string, request: AccessRequest): boolean {
  for (const test of condition.values) if (test.matches(value, request.context)) return true;
  return false;
}
