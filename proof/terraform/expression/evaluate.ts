import { callFunction } from "../functions/call";
import type { FunctionContext } from "../functions/call";
import { isList, isObject, isUnknown, LazyObject, materialize, sortedEntries, toText, Unknown } from "../value";
import type { Value, ValueObject } from "../value";
import { binary, unary } from "./operators";
import { parseTemplate } from "./template";
import { ExpressionError } from "./syntax";
import type { Expression, ForExpression } from "./syntax";

/** What names mean where an expression stands. */
export interface Scope extends FunctionContext {
  /** The root of a reference: `local`, `var`, `aws_lambda_function`, `data`, `each`, … */
  variable(name: string): Value | undefined;
}

/** A value that stands in the place of JSON and is worked out when it is asked for. */
export class Deferred {
  constructor(readonly value: () => Value) {}
}

/** Evaluates what stands in a Terraform JSON file in the place of an expression. Never throws. */
export function evaluateJson(json: unknown, scope: Scope): Value {
  if (typeof json === "string") return evaluateText(json, scope);
  if (Array.isArray(json)) return json.map((item) => evaluateJson(item, scope));
  if (json instanceof Deferred) return json.value();
  if (typeof json === "object" && json !== null) {
    const entries: [string, Value][] = [];
    for (const [name, item] of Object.entries(json)) {
      const key = name.includes("{") ? evaluateText(name, scope) : name;
      if (isUnknown(key)) return key;
      entries.push([toText(key) ?? name, evaluateJson(item, scope)]);
    }
    return Object.fromEntries(entries);
  }
  return json as null | boolean | number;
}

function evaluateText(text: string, scope: Scope): Value {
  if (!text.includes("{")) return text;
  try {
    return evaluate(parseTemplate(text), scope);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return new Unknown(`cannot be read at character ${String(error.position + 1)}: ${error.message}`, shorten(text));
  }
}

const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 117)}...` : text);

export function evaluate(expression: Expression, scope: Scope, splatItem: Value = null): Value {
  const inner = (part: Expression): Value => evaluate(part, scope, splatItem);
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "template":
      return joinTemplate(expression.parts.map(inner));
    case "variable":
      return (
        scope.variable(expression.name) ?? new Unknown("does not exist in this configuration", expression.name, true)
      );
    case "splat-item":
      return splatItem;
    case "attribute":
      return select(inner(expression.of), expression.name);
    case "index": {
      const key = inner(expression.key);
      return select(inner(expression.of), key);
    }
    case "splat":
      return splat(inner(expression.of), (item) => evaluate(expression.each, scope, item));
    case "unary":
      return unary(expression.operator, inner(expression.of));
    case "binary":
      return binary(expression.operator, inner(expression.left), inner(expression.right));
    case "conditional": {
      const test = inner(expression.test);
      if (isUnknown(test)) return test;
      if (test !== true && test !== false && test !== "true" && test !== "false") {
        return new Unknown("is no boolean, as a condition must be", toText(test) ?? "this condition", true);
      }
      return test === true || test === "true" ? inner(expression.yes) : inner(expression.no);
    }
    case "call":
      return call(expression.name, expression.args.map(inner), expression.spread, scope);
    case "tuple":
      return expression.items.map(inner);
    case "object":
      return toObject(expression.entries.map(([key, value]) => [inner(key), inner(value)] as const));
    case "for":
      return loop(expression, scope, splatItem);
  }
}

function joinTemplate(parts: readonly Value[]): Value {
  let text = "";
  for (const part of parts) {
    if (isUnknown(part)) return part;
    const piece = toText(part);
    if (piece === undefined)
      return new Unknown("is no string, number or boolean, as a template needs", describe(part), true);
    text += piece;
  }
  return text;
}

function describe(value: Value): string {
  if (value === null) return "null";
  if (value instanceof LazyObject) return value.address;
  return isList(value) ? "a list" : "an object";
}

/** Terraform's `of[key]` and `of.key`. */
export function select(of: Value, key: Value): Value {
  if (isUnknown(of)) return of;
  if (isUnknown(key)) return key;
  const name = toText(key);
  if (name === undefined) return new Unknown("cannot be an index", describe(key), true);
  if (of instanceof LazyObject) return of.attribute(name);
  if (isList(of)) {
    const found = /^[0-9]+$/.test(name) ? of[Number(name)] : undefined;
    return found ?? (name in of && found === null ? null : new Unknown(`has no element ${name}`, "a list", true));
  }
  if (isObject(of)) {
    if (Object.hasOwn(of, name)) return of[name] ?? null;
    // A nested block written once may be an object in JSON; to an expression it is a list of one.
    if (name === "0") return of;
    return new Unknown(`has no attribute "${name}"`, "an object", true);
  }
  return new Unknown(`cannot be taken from ${of === null ? "null" : "a primitive value"}`, `attribute "${name}"`, true);
}

function splat(of: Value, each: (item: Value) => Value): Value {
  if (isUnknown(of)) return of;
  if (of === null) return [];
  return isList(of) ? of.map(each) : [each(of)];
}

function call(name: string, args: readonly Value[], spread: boolean, scope: Scope): Value {
  if (!spread) return callFunction(name, args, scope);
  const last = args.at(-1) ?? null;
  if (isUnknown(last)) return last;
  if (!isList(last)) return new Unknown("cannot be spread with ...", describe(last), true);
  return callFunction(name, [...args.slice(0, -1), ...last], scope);
}

function toObject(entries: readonly (readonly [Value, Value])[]): Value {
  const result: [string, Value][] = [];
  for (const [key, value] of entries) {
    if (isUnknown(key)) return key;
    const name = toText(key);
    if (name === undefined) return new Unknown("cannot be the key of an object", describe(key), true);
    result.push([name, value]);
  }
  return Object.fromEntries(result);
}

function loop(expression: ForExpression, scope: Scope, splatItem: Value): Value {
  const source = evaluate(expression.over, scope, splatItem);
  const over = source instanceof LazyObject ? materialize(source) : source;
  if (isUnknown(over)) return over;
  let entries: (readonly [Value, Value])[];
  if (isList(over)) entries = over.map((item, index) => [index, item] as const);
  else if (isObject(over)) entries = sortedEntries(over);
  else return new Unknown("cannot be iterated", describe(over), true);

  const values: Value[] = [];
  const keyed: [string, Value][] = [];
  for (const [key, item] of entries) {
    const local: Scope = { ...scope, variable: (name) => bound(expression, name, key, item) ?? scope.variable(name) };
    if (expression.condition !== undefined) {
      const keep = evaluate(expression.condition, local, splatItem);
      if (isUnknown(keep)) return keep;
      if (keep !== true && keep !== "true") continue;
    }
    const value = evaluate(expression.value, local, splatItem);
    if (expression.key === undefined) {
      values.push(value);
      continue;
    }
    const name = evaluate(expression.key, local, splatItem);
    if (isUnknown(name)) return name;
    keyed.push([toText(name) ?? "", value]);
  }
  if (expression.key === undefined) return values;
  return expression.group ? grouped(keyed) : unique(keyed);
}

function bound(expression: ForExpression, name: string, key: Value, item: Value): Value | undefined {
  if (name === expression.valueName) return item;
  return name === expression.keyName ? key : undefined;
}

function grouped(entries: readonly (readonly [string, Value])[]): ValueObject {
  const groups = new Map<string, Value[]>();
  for (const [key, value] of entries) groups.set(key, [...(groups.get(key) ?? []), value]);
  return Object.fromEntries(groups);
}

function unique(entries: readonly (readonly [string, Value])[]): Value {
  const seen = new Map<string, Value>();
  for (const [key, value] of entries) {
    if (seen.has(key)) return new Unknown("is the key of two elements of a for expression", `"${key}"`, true);
    seen.set(key, value);
  }
  return Object.fromEntries(seen);
}
