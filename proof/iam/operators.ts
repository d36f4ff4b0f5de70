import { cidrContains, parseCidr, parseIp } from "./ip";
import type { IpAddress } from "./ip";
import { parseInstant } from "./instant";
import { lowerPattern, parsePattern, patternMatches, splitPattern } from "./pattern";
import type { Pattern } from "./pattern";
import { splitArn } from "./arn";
import type { ContextKeys } from "./types";

/** One value of a condition, ready to be held against values of a request. */
export interface ValueTest {
  /** As written in the policy. */
  readonly source: string;
  matches(value: string, context: ContextKeys): boolean;
  /** Set for string and ARN operators, for those who reason about what a value can match. */
  readonly pattern?: Pattern;
}

export type OperatorType = "string" | "numeric" | "date" | "bool" | "binary" | "ip" | "arn" | "null";

/** A condition operator without its qualifiers (IAM User Guide, "IAM JSON policy elements: Condition operators"). */
export interface Operator {
  readonly name: string;
  readonly type: OperatorType;
  /** True for the operators that hold when nothing matches, and therefore also when the key is absent. */
  readonly negated: boolean;
  /** How a value of the request stands to the values of the policy when the operator fails: `is in none of`. */
  readonly fails: string;
  /**
   * Only string, ARN and `Bool` operators read variables; to the others, what holds one is no value of theirs.
   *
   * @param variables Whether the policy's Version knows variables.
   * @throws PatternError, ValueError
   */
  parse(value: string, variables: boolean): ValueTest;
}

/** Thrown where a value is not of the operator's type. */
export class ValueError extends Error {}

/** @param order of a request's value to a policy's: below 0 where it is less, 0 where they are equal */
type Compare = (order: number) => boolean;

function stringOperator(name: string, fails: string, how: { like?: true; lower?: true; negated?: true }): Operator {
  const lower = how.lower === true;
  return {
    name,
    type: "string",
    negated: how.negated === true,
    fails,
    parse: (source, variables) => {
      const written = parsePattern(source, { wildcards: how.like === true, variables });
      const pattern = lower ? lowerPattern(written) : written;
      return {
        source,
        pattern,
        matches: (value, context) => patternMatches(pattern, lower ? value.toLowerCase() : value, context, lower),
      };
    },
  };
}

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

function booleanOperator(): Operator {
  return {
    name: "Bool",
    type: "bool",
    negated: false,
    fails: "is not",
    parse: (source, variables) => {
      const pattern = lowerPattern(parsePattern(source, { wildcards: false, variables }));
      if (pattern.glob !== undefined && !isBoolean(source)) {
        throw new ValueError(`${JSON.stringify(source)} is neither true nor false`);
      }
      return {
        source,
        pattern,
        matches: (value, context) => isBoolean(value) && patternMatches(pattern, value.toLowerCase(), context, true),
      };
    },
  };
}

function isBoolean(text: string): boolean {
  return /^(true|false)$/i.test(text);
}

/** The only operator that looks at the key and not at its value: `conditions.ts` asks it with whether the key is absent. */
function nullOperator(): Operator {
  return {
    name: "Null",
    type: "null",
    negated: false,
    fails: "is not",
    parse: (source) => {
      if (!isBoolean(source)) throw new ValueError(`${JSON.stringify(source)} is neither true nor false`);
      const absent = source.toLowerCase();
      return { source, matches: (isAbsent) => isAbsent === absent };
    },
  };
}

function binaryOperator(): Operator {
  return {
    name: "BinaryEquals",
    type: "binary",
    negated: false,
    fails: "is none of",
    parse: (source) => {
      const bytes = decodeBase64(source);
      if (bytes === undefined) throw new ValueError(`${JSON.stringify(source)} is not base64`);
      return { source, matches: (value) => decodeBase64(value)?.equals(bytes) === true };
    },
  };
}

function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}

let lastIpText: string | undefined;
let lastIp: IpAddress | undefined;

/** One request's address is held against many ranges in a row, so the last one parsed is kept. */
function requestIp(text: string): IpAddress | undefined {
  if (text !== lastIpText) {
    lastIp = parseIp(text);
    lastIpText = text;
  }
  return lastIp;
}

function ipOperator(name: string, fails: string, negated: boolean): Operator {
  return {
    name,
    type: "ip",
    negated,
    fails,
    parse: (source) => {
      const cidr = parseCidr(source);
      if (cidr === undefined) throw new ValueError(`${JSON.stringify(source)} is no IPv4 or IPv6 address or range`);
      return {
        source,
        matches: (value) => {
          const address = requestIp(value);
          return address !== undefined && cidrContains(cidr, address);
        },
      };
    },
  };
}

/** Each of the six parts of an ARN is matched on its own; `ArnEquals` and `ArnLike` are the same operator. */
function arnOperator(name: string, fails: string, negated: boolean): Operator {
  return {
    name,
    type: "arn",
    negated,
    fails,
    parse: (source, variables) => {
      const pattern = parsePattern(source, { wildcards: true, variables });
      const parts = splitPattern(pattern, ":", 6);
      // A value that is one variable is an ARN once the variable is known.
      const whole = pattern.glob === undefined && pattern.tokens.length === 1;
      if (!whole && parts.length < 6) throw new ValueError(`${JSON.stringify(source)} is no ARN: it needs six parts`);
      return {
        source,
        pattern,
        matches: (value, context) => {
          const segments = splitArn(value);
          if (segments === undefined) return false;
          if (whole) return patternMatches(pattern, value, context);
          return parts.every((part, i) => patternMatches(part, segments[i] ?? "", context));
        },
      };
    },
  };
}

const equal: Compare = (order) => order === 0;
const less: Compare = (order) => order < 0;
const lessOrEqual: Compare = (order) => order <= 0;
const greater: Compare = (order) => order > 0;
const greaterOrEqual: Compare = (order) => order >= 0;

const ALL: readonly Operator[] = [
  stringOperator("StringEquals", "is none of", {}),
  stringOperator("StringNotEquals", "is one of", { negated: true }),
  stringOperator("StringEqualsIgnoreCase", "is none of", { lower: true }),
  stringOperator("StringNotEqualsIgnoreCase", "is one of", { lower: true, negated: true }),
  stringOperator("StringLike", "matches none of", { like: true }),
  stringOperator("StringNotLike", "matches one of", { like: true, negated: true }),
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
  booleanOperator(),
  binaryOperator(),
  ipOperator("IpAddress", "is in none of", false),
  ipOperator("NotIpAddress", "is in one of", true),
  arnOperator("ArnEquals", "matches none of", false),
  arnOperator("ArnLike", "matches none of", false),
  arnOperator("ArnNotEquals", "matches one of", true),
  arnOperator("ArnNotLike", "matches one of", true),
  nullOperator(),
];

/** By name; the names are case-sensitive. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(ALL.map((operator) => [operator.name, operator]));
