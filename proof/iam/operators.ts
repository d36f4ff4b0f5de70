import { cidrContains, parseCidr, parseIp } from "./ip";
import type { IpAddress } from "./ip";
import { ValueError } from "./operator";
import type { Operator } from "./operator";
import { ORDERED } from "./ordered-operators";
import { lowerPattern, parsePattern, patternMatches, splitPattern } from "./pattern";
import { splitArn } from "./arn";

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

const ALL: readonly Operator[] = [
  stringOperator("StringEquals", "is none of", {}),
  stringOperator("StringNotEquals", "is one of", { negated: true }),
  stringOperator("StringEqualsIgnoreCase", "is none of", { lower: true }),
  stringOperator("StringNotEqualsIgnoreCase", "is one of", { lower: true, negated: true }),
  stringOperator("StringLike", "matches none of", { like: true }),
  stringOperator("StringNotLike", "matches one of", { like: true, negated: true }),
  ...ORDERED,
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
