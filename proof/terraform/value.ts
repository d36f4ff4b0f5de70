/** What a Terraform expression evaluates to. Maps and objects are plain objects; sets are sorted lists without duplicates. */
export type Value = null | boolean | number | string | Unknown | LazyObject | readonly Value[] | ValueObject;

export interface ValueObject {
  readonly [key: string]: Value;
}

/**
 * A value that this configuration does not say: it is known only after apply, read from AWS, or written with
 * something that is not supported. It travels through every expression, so that only what depends on it is refused.
 */
export class Unknown {
  constructor(
    /** Why there is no value, as the end of a sentence: `is known only after apply`. */
    readonly reason: string,
    /** What is missing: the Terraform address or the expression. */
    readonly address: string,
    /** Terraform itself would report an error here; `try` and `can` go on, as they do in Terraform. */
    readonly failed: boolean = false,
  ) {}
}

/** An object whose attributes are evaluated when they are asked for: a resource, a data source, `local`, `var`. */
export class LazyObject {
  constructor(
    readonly address: string,
    readonly attribute: (name: string) => Value,
    /** Names for the few expressions that need the object as a whole. */
    readonly names: () => readonly string[],
  ) {}
}

export const isUnknown = (value: unknown): value is Unknown => value instanceof Unknown;

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

export function isObject(value: Value | undefined): value is ValueObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Unknown) &&
    !(value instanceof LazyObject)
  );
}

/** One sentence for a person: what has no value, and why. */
export function describeUnknown(unknown: Unknown): string {
  return `${unknown.address} ${unknown.reason}`;
}

/** The value with every lazy object replaced by a plain one. */
export function materialize(value: Value): Value {
  if (value instanceof LazyObject) {
    return Object.fromEntries(value.names().map((name) => [name, materialize(value.attribute(name))]));
  }
  if (isList(value)) return value.map(materialize);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, materialize(item)]));
  return value;
}

/** The first unknown anywhere inside a value. */
export function findUnknown(value: Value): Unknown | undefined {
  if (value instanceof Unknown) return value;
  if (isList(value)) {
    for (const item of value) {
      const found = findUnknown(item);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (value instanceof LazyObject) return findUnknown(materialize(value));
  if (isObject(value)) {
    for (const item of Object.values(value)) {
      const found = findUnknown(item);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Terraform's string conversion of a primitive; `undefined` for anything else. */
export function toText(value: Value): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return numberText(value);
  return undefined;
}

/** Terraform never writes an exponent. */
function numberText(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

/** Terraform's `==`: no conversion between types. */
export function equal(left: Value, right: Value): boolean {
  const a = left instanceof LazyObject ? materialize(left) : left;
  const b = right instanceof LazyObject ? materialize(right) : right;
  if (isList(a)) {
    return isList(b) && a.length === b.length && a.every((item, index) => equal(item, b[index] ?? null));
  }
  if (isObject(a)) {
    if (!isObject(b)) return false;
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && equal(a[key] ?? null, b[key] ?? null))
    );
  }
  return a === b;
}

/** Entries in the order in which Terraform iterates a map: by key, code point by code point. */
export function sortedEntries(object: ValueObject): [string, Value][] {
  return Object.entries(object).sort(([a], [b]) => byCodePoint(a, b));
}

export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
