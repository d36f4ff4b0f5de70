import { parseInstant } from "./instant";
import { ValueError } from "./operator";
import type { Operator } from "./operator";

/** @param order of a request's value to a policy's: below 0 where it is less, 0 where they are equal */
type Compare = (order: number) => boolean;

/** How values of a type are read and put in order. */
interface Ordered<T> {
  readonly type: "numeric" | "date";
  readonly expected: string;
  parse(text: string): T | undefined;
  order(one: T, other: T): number;
}

const DATES: Ordered<number> = {
  type: "date",
  expected: "a date such as 2026-01-31T08:00:00Z, nor a number of seconds since 1970",
  parse: parseInstant,
  order: (one, other) => one - other,
};

function comparison<T>(
  name: string,
  { type, expected, parse, order }: Ordered<T>,
  fails: string,
  compare: Compare,
  negated = false,
): Operator {
  return {
    name,
    type,
    negated,
    fails,
    parse: (source) => {
      const limit = parse(source);
      if (limit === undefined) throw new ValueError(`${JSON.stringify(source)} is not ${expected}`);
      return {
        source,
        matches: (value) => {
          const found = parse(value);
          return found !== undefined && compare(order(found, limit));
        },
      };
    },
  };
}

const DECIMAL = /^([+-]?)(\d{1,300})(?:\.(\d{1,300}))?(?:[eE]([+-]?\d{1,3}))?$/;

/** `digits` times ten to the power of `exponent`: a number of a program would round what is longer than 15 digits. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const DECIMALS: Ordered<Decimal> = {
  type: "numeric",
  expected: "a number",
  parse(text) {
    const [, sign = "", whole, fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
    if (whole === undefined) return undefined;
    const digits = BigInt(`${whole}${fraction}`);
    return { digits: sign === "-" ? -digits : digits, exponent: Number(exponent) - fraction.length };
  },
  order(one, other) {
    const least = Math.min(one.exponent, other.exponent);
    const [a, b] = [one, other].map(({ digits, exponent }) => digits * 10n ** BigInt(exponent - least));
    return a === undefined || b === undefined || a === b ? 0 : a < b ? -1 : 1;
  },
};

const equal: Compare = (order) => order === 0;
const less: Compare = (order) => order < 0;
const lessOrEqual: Compare = (order) => order <= 0;
const greater: Compare = (order) => order > 0;
const greaterOrEqual: Compare = (order) => order >= 0;

/** The operators of numbers and of dates: what can be put in order. */
export const ORDERED: readonly Operator[] = [
  comparison("NumericEquals", DECIMALS, "is none of", equal),
  comparison("NumericNotEquals", DECIMALS, "is one of", equal, true),
  comparison("NumericLessThan", DECIMALS, "is not less than", less),
  comparison("NumericLessThanEquals", DECIMALS, "is greater than", lessOrEqual),
  comparison("NumericGreaterThan", DECIMALS, "is not greater than", greater),
  comparison("NumericGreaterThanEquals", DECIMALS, "is less than", greaterOrEqual),
  comparison("DateEquals", DATES, "is none of", equal),
  comparison("DateNotEquals", DATES, "is one of", equal, true),
  comparison("DateLessThan", DATES, "is not before", less),
  comparison("DateLessThanEquals", DATES, "is after", lessOrEqual),
  comparison("DateGreaterThan", DATES, "is not after", greater),
  comparison("DateGreaterThanEquals", DATES, "is before", greaterOrEqual),
];
