import { own } from "../json";
import { byCodePoint, equal, isList, isObject, sortedEntries, toText, Unknown } from "../value";
import type { Value } from "../value";
import { FunctionError, list, number, object, text, texts, truth, value } from "./arguments";
import type { TerraformFunction } from "./arguments";

/** Needs every element. */
const all = (call: TerraformFunction["call"]): TerraformFunction => ({ call });
/** Moves elements about without looking into them. */
const shallow = (call: TerraformFunction["call"]): TerraformFunction => ({ deep: false, call });

function distinct(items: readonly Value[]): Value[] {
  const kept: Value[] = [];
  const seen = new Set<Value>();
  for (const item of items) {
    const primitive = item === null || typeof item !== "object";
    if (primitive ? seen.has(item) : kept.some((other) => equal(other, item))) continue;
    seen.add(item);
    kept.push(item);
  }
  return kept;
}

/** Terraform iterates a set of strings in lexical order. */
function toSet(items: readonly Value[]): Value[] {
  const unique = distinct(items);
  return unique.every((item) => typeof item === "string") ? unique.sort(byCodePoint) : unique;
}

function flatten(items: readonly Value[]): Value[] {
  return items.flatMap((item) => (isList(item) ? flatten(item) : [item]));
}

function setProduct(sets: readonly (readonly Value[])[]): Value[][] {
  return sets.reduce<Value[][]>((rows, set) => rows.flatMap((row) => set.map((item) => [...row, item])), [[]]);
}

const isEmpty = (item: Value): boolean => item === null || item === "";

export const collections: Readonly<Record<string, TerraformFunction>> = {
  concat: shallow((args) => args.flatMap((_, index) => list(args, index))),
  merge: shallow((args) =>
    Object.fromEntries(args.flatMap((arg, index) => (arg === null ? [] : Object.entries(object(args, index))))),
  ),
  lookup: shallow((args) => {
    const found = own(object(args, 0), text(args, 1));
    if (found !== undefined) return found;
    const fallback = args[2];
    if (fallback === undefined) throw new FunctionError(`finds no key "${text(args, 1)}"`);
    return fallback;
  }),
  element: shallow((args) => {
    const items = list(args, 0);
    if (items.length === 0) throw new FunctionError("needs a list that is not empty");
    const index = number(args, 1) % items.length;
    return items[index < 0 ? index + items.length : index] ?? null;
  }),
  length: shallow((args) => {
    const found = value(args, 0);
    if (typeof found === "string") return Array.from(found).length;
    if (isList(found)) return found.length;
    return Object.keys(object(args, 0)).length;
  }),
  keys: shallow((args) => sortedEntries(object(args, 0)).map(([key]) => key)),
  values: shallow((args) => sortedEntries(object(args, 0)).map(([, item]) => item)),
  zipmap: shallow((args) => {
    const items = list(args, 1);
    return Object.fromEntries(texts(args, 0).map((key, index) => [key, items[index] ?? null]));
  }),
  flatten: shallow((args) => flatten(list(args, 0))),
  slice: shallow((args) => list(args, 0).slice(number(args, 1), number(args, 2))),
  reverse: shallow((args) => [...list(args, 0)].reverse()),
  chunklist: shallow((args) => {
    const items = list(args, 0);
    const size = Math.max(1, number(args, 1));
    return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
      items.slice(index * size, (index + 1) * size),
    );
  }),
  tolist: shallow((args) => list(args, 0)),
  tomap: shallow((args) => object(args, 0)),
  one: shallow((args) => {
    const items = list(args, 0);
    if (items.length > 1) throw new FunctionError("needs a list of at most one element");
    return items[0] ?? null;
  }),
  toset: all((args) => toSet(list(args, 0))),
  coalesce: all((args) => {
    const found = args.find((arg) => !isEmpty(arg));
    if (found === undefined) throw new FunctionError("finds no argument that is not null or empty");
    return found;
  }),
  coalescelist: shallow((args) => {
    const found = args.find((arg) => isList(arg) && arg.length > 0);
    if (found === undefined) throw new FunctionError("finds no list that is not empty");
    return found;
  }),
  compact: all((args) => list(args, 0).filter((item) => !isEmpty(item))),
  contains: all((args) => list(args, 0).some((item) => equal(item, value(args, 1)))),
  index: all((args) => {
    const found = list(args, 0).findIndex((item) => equal(item, value(args, 1)));
    if (found === -1) throw new FunctionError("does not find the element");
    return found;
  }),
  distinct: all((args) => distinct(list(args, 0))),
  sort: all((args) => texts(args, 0).sort(byCodePoint)),
  setunion: all((args) => toSet(args.flatMap((_, index) => list(args, index)))),
  setintersection: all((args) =>
    toSet(
      list(args, 0).filter((item) => args.every((_, index) => list(args, index).some((other) => equal(item, other)))),
    ),
  ),
  setsubtract: all((args) => toSet(list(args, 0).filter((item) => !list(args, 1).some((other) => equal(item, other))))),
  setproduct: all((args) => setProduct(args.map((_, index) => list(args, index)))),
  alltrue: all((args) => list(args, 0).every(truth)),
  anytrue: all((args) => list(args, 0).some(truth)),
  range: all((args) => range(args.map((_, index) => number(args, index)))),
  transpose: all((args) => {
    const result = new Map<string, string[]>();
    for (const [key, items] of sortedEntries(object(args, 0))) {
      for (const item of isList(items) ? items : []) {
        const name = toText(item) ?? "";
        result.set(name, [...(result.get(name) ?? []), key]);
      }
    }
    return Object.fromEntries(result);
  }),
  matchkeys: all((args) => {
    const [items, keys, wanted] = [list(args, 0), list(args, 1), list(args, 2)];
    return items.filter((_, index) => wanted.some((key) => equal(key, keys[index] ?? null)));
  }),
  // Marks only; the value is the same.
  sensitive: shallow((args) => value(args, 0)),
  nonsensitive: shallow((args) => value(args, 0)),
  type: all((args) => (isObject(value(args, 0)) ? "object" : new Unknown("is not supported", "type()"))),
};

/** Longer ranges are refused by Terraform itself. */
const longestRange = 1024;

function range(numbers: readonly number[]): number[] {
  const [first = 0, second, third] = numbers;
  const start = second === undefined ? 0 : first;
  const end = second ?? first;
  const step = third ?? (end < start ? -1 : 1);
  if (step === 0) throw new FunctionError("needs a step that is not zero");
  const result: number[] = [];
  for (let item = start; step > 0 ? item < end : item > end; item += step) {
    result.push(item);
    if (result.length > longestRange) throw new FunctionError(`has more than ${String(longestRange)} elements`);
  }
  return result;
}
