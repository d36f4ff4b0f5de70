import { isList, isObject, isUnknown, LazyObject, materialize, findUnknown, Unknown } from "../value";
import type { Value } from "../value";
import { collections } from "./collections";
import { encodings } from "./encodings";
import { files } from "./files";
import { strings } from "./strings";
import { yaml } from "./yaml";
import { own } from "../json";
import { FunctionError } from "./arguments";
import type { FunctionContext, TerraformFunction } from "./arguments";

export type { FunctionContext } from "./arguments";

const functions = new Map<string, TerraformFunction>(
  [strings, collections, encodings, files, yaml].flatMap((table) => Object.entries(table)),
);

/** Terraform's own names of every function that is not supported on purpose, each with its reason. */
const refused: Readonly<Record<string, string>> = {
  timestamp: "changes with every run",
  plantimestamp: "changes with every run",
  uuid: "changes with every run",
  bcrypt: "changes with every run",
};

/** Calls a Terraform function. What is unknown, unsupported or wrong comes back as `Unknown`. */
export function callFunction(name: string, given: readonly Value[], context: FunctionContext): Value {
  const bare = name.startsWith("core::") ? name.slice(6) : name;
  if (bare === "try") return tryFirst(given);
  if (bare === "can") return can(given[0] ?? null);
  const called = functions.get(bare);
  if (called === undefined)
    return new Unknown(own(refused, bare) ?? "is a function that is not supported", `${name}()`);
  const args = given.map((value) => (value instanceof LazyObject ? materialize(value) : value));
  for (const arg of args) {
    if (isUnknown(arg)) return arg;
    // Functions that only move elements about keep those that are unknown; all others need every element.
    const inside = called.deep === false || !(isList(arg) || isObject(arg)) ? undefined : findUnknown(arg);
    if (inside !== undefined) return inside;
  }
  try {
    return called.call(args, context);
  } catch (error) {
    if (error instanceof FunctionError) return new Unknown(error.message, `${name}()`, error.terraformFails);
    throw error;
  }
}

function tryFirst(values: readonly Value[]): Value {
  for (const value of values) {
    const unknown = findUnknown(value);
    if (unknown === undefined || !unknown.failed) return value;
  }
  return values.at(-1) ?? new Unknown("needs at least one argument", "try()", true);
}

function can(value: Value): Value {
  const unknown = findUnknown(value);
  if (unknown === undefined) return true;
  return unknown.failed ? false : unknown;
}
