import type { JsonObject } from "./json";
import { evaluateJson } from "./expression/evaluate";
import type { Scope } from "./expression/evaluate";
import { toNumber } from "./expression/operators";
import { isList, isObject, materialize, sortedEntries, toText, Unknown } from "./value";
import type { Value } from "./value";

export interface Instance {
  readonly address: string;
  readonly scope: Scope;
}

/** More instances than this are refused. */
const most = 10_000;

/** The instances that `count` and `for_each` make of one resource block. */
export function expand(json: JsonObject, address: string, scope: Scope): readonly Instance[] | Unknown {
  if (json["for_each"] !== undefined) return forEach(evaluateJson(json["for_each"], scope), address, scope);
  if (json["count"] !== undefined) return counted(evaluateJson(json["count"], scope), address, scope);
  return [{ address, scope }];
}

function counted(value: Value, address: string, scope: Scope): readonly Instance[] | Unknown {
  if (value instanceof Unknown) return value;
  const count = toNumber(value);
  if (count === undefined || count < 0 || count > most || !Number.isInteger(count)) {
    return new Unknown(`is no whole number from 0 to ${String(most)}`, `${address}.count`, true);
  }
  return Array.from({ length: count }, (_, index) => ({
    address: `${address}[${String(index)}]`,
    scope: withRoot(scope, "count", { index }),
  }));
}

function forEach(value: Value, address: string, scope: Scope): readonly Instance[] | Unknown {
  const over = materialize(value);
  if (over instanceof Unknown) return over;
  let entries: (readonly [string, Value])[];
  if (isObject(over)) entries = sortedEntries(over);
  else if (isList(over)) {
    const unknown = over.find((item) => item instanceof Unknown);
    if (unknown instanceof Unknown) return unknown;
    entries = over.map((item) => [toText(item) ?? "", item] as const);
  } else return new Unknown("is neither a map nor a set of strings", `${address}.for_each`, true);
  return entries.map(([key, item]) => ({
    address: `${address}[${JSON.stringify(key)}]`,
    scope: withRoot(scope, "each", { key, value: item }),
  }));
}

function withRoot(scope: Scope, root: string, value: Value): Scope {
  return { ...scope, variable: (name) => (name === root ? value : scope.variable(name)) };
}
