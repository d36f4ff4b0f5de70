import { InputError } from "../errors";
import type { InputProblem } from "../errors";
import type { Source } from "../model/types";

/** A policy document that IAM or API Gateway would not save, or that cannot be evaluated exactly. Holds every problem of it. */
export class InvalidPolicyError extends InputError {
  constructor(problems: InputProblem | readonly InputProblem[]) {
    super(problems);
    this.name = "InvalidPolicyError";
  }
}

/** Collects the problems of one document, each with the statement it was found in. */
export class PolicyProblems {
  private readonly found: InputProblem[] = [];

  constructor(
    private readonly source: Source,
    private readonly prefix = "",
    private readonly root: PolicyProblems | undefined = undefined,
  ) {}

  /** The same list, with the statement named in front of every problem. */
  in(statement: string): PolicyProblems {
    return new PolicyProblems(this.source, `${this.prefix}${statement}: `, this.root ?? this);
  }

  add(what: string, next?: string): void {
    (this.root ?? this).found.push({
      what: `${this.prefix}${what}`,
      where: [this.source.file, this.source.address].filter((part) => part !== "").join(": "),
      ...(next === undefined ? {} : { next }),
    });
  }

  /** All of them so far. */
  error(): InvalidPolicyError {
    return new InvalidPolicyError((this.root ?? this).found);
  }

  throwIfAny(): void {
    if ((this.root ?? this).found.length > 0) throw this.error();
  }
}

/** A value as it stands in the document, short enough for one line of an error. */
export function quote(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    // Nested too deep to be written out.
    text = "a value nested too deep";
  }
  return text.length <= 120 ? text : `${text.slice(0, 117)}...`;
}
