import type { Pattern } from "./pattern";
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
