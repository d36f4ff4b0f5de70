import { equal, findUnknown, toText, Unknown } from "../value";
import type { Value } from "../value";
import type { BinaryOperator } from "./syntax";

export function unary(operator: "!" | "-", value: Value): Value {
  if (value instanceof Unknown) return value;
  if (operator === "!") {
    const truth = toBoolean(value);
    return truth === undefined ? new Unknown("is no boolean, as ! needs", text(value), true) : !truth;
  }
  const number = toNumber(value);
  return number === undefined ? new Unknown("is no number, as - needs", text(value), true) : -number;
}

export function binary(operator: BinaryOperator, left: Value, right: Value): Value {
  if (operator === "==" || operator === "!=") {
    const unknown = findUnknown(left) ?? findUnknown(right);
    if (unknown !== undefined) return unknown;
    return equal(left, right) === (operator === "==");
  }
  if (left instanceof Unknown) return left;
  if (right instanceof Unknown) return right;
  if (operator === "&&" || operator === "||") {
    const a = toBoolean(left);
    const b = toBoolean(right);
    if (a === undefined || b === undefined) {
      return new Unknown(`is no boolean, as ${operator} needs`, text(a === undefined ? left : right), true);
    }
    return operator === "&&" ? a && b : a || b;
  }
  const a = toNumber(left);
  const b = toNumber(right);
  if (a === undefined || b === undefined) {
    return new Unknown(`is no number, as ${operator} needs`, text(a === undefined ? left : right), true);
  }
  if ((operator === "/" || operator === "%") && b === 0) return new Unknown("divides by zero", operator, true);
  const result = arithmetic[operator](a, b);
  // Terraform calculates in decimals: 0.1 + 0.2 is 0.3.
  return typeof result === "number" && !Number.isInteger(result) ? Number(result.toPrecision(15)) : result;
}

const arithmetic = {
  "<": (a: number, b: number) => a < b,
  "<=": (a: number, b: number) => a <= b,
  ">": (a: number, b: number) => a > b,
  ">=": (a: number, b: number) => a >= b,
  "+": (a: number, b: number) => a + b,
  "-": (a: number, b: number) => a - b,
  "*": (a: number, b: number) => a * b,
  "/": (a: number, b: number) => a / b,
  "%": (a: number, b: number) => a % b,
};

const text = (value: Value): string => toText(value) ?? "a value";

/** Terraform converts the strings `"true"` and `"false"`. */
export function toBoolean(value: Value): boolean | undefined {
  if (value === true || value === "true") return true;
  return value === false || value === "false" ? false : undefined;
}

/** Terraform converts a string that is a number. */
export function toNumber(value: Value): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !/^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(value)) return undefined;
  return Number(value);
}
