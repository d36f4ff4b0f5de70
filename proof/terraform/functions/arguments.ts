import { isList, isObject, toText } from "../value";
import type { Value, ValueObject } from "../value";
import { toBoolean, toNumber } from "../expression/operators";

/** What functions may touch of the outside: the folder that `path.module` stands for. */
export interface FunctionContext {
  /** Absolute path. */
  readonly directory: string;
}

export interface TerraformFunction {
  /** `false`: elements inside a list or an object may be unknown. */
  readonly deep?: false;
  readonly call: (args: readonly Value[], context: FunctionContext) => Value;
}

/** The call cannot give a value. */
export class FunctionError extends Error {
  constructor(
    message: string,
    /** Terraform would fail too; otherwise it is this program that does not support the call. */
    readonly terraformFails: boolean = true,
  ) {
    super(message);
    this.name = "FunctionError";
  }
}

const nth = (args: readonly Value[], index: number): Value => {
  const value = args[index];
  if (value === undefined) throw new FunctionError(`needs at least ${String(index + 1)} arguments`);
  return value;
};

const wrong = (index: number, type: string): never => {
  throw new FunctionError(`needs ${type} as argument ${String(index + 1)}`);
};

export const value = nth;
export const text = (args: readonly Value[], index: number): string =>
  toText(nth(args, index)) ?? wrong(index, "a string");
export const number = (args: readonly Value[], index: number): number =>
  toNumber(nth(args, index)) ?? wrong(index, "a number");
export const list = (args: readonly Value[], index: number): readonly Value[] => {
  const found = nth(args, index);
  return isList(found) ? found : wrong(index, "a list");
};
export const object = (args: readonly Value[], index: number): ValueObject => {
  const found = nth(args, index);
  return isObject(found) ? found : wrong(index, "a map");
};
export const texts = (args: readonly Value[], index: number): string[] =>
  list(args, index).map((item) => toText(item) ?? wrong(index, "a list of strings"));
export const truth = (item: Value): boolean => toBoolean(item) ?? wrong(0, "booleans");
