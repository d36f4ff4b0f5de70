/** One thing that is wrong with the input: what happened, where, the rule, and the next step. */
export interface InputProblem {
  /** What happened, with the offending value. */
  readonly what: string;
  /** File, field or Terraform address. */
  readonly where?: string;
  /** What to do about it. */
  readonly next?: string;
}

/** Bad input: exit code 2. All problems of one input travel together. */
export class InputError extends Error {
  readonly problems: readonly InputProblem[];

  constructor(problems: InputProblem | readonly InputProblem[]) {
    const list = Array.isArray(problems) ? (problems as readonly InputProblem[]) : [problems as InputProblem];
    super(list.map(formatProblem).join("\n"));
    this.name = "InputError";
    this.problems = list;
  }
}

export function formatProblem(problem: InputProblem): string {
  const where = problem.where === undefined ? "" : `${problem.where}: `;
  const next = problem.next === undefined ? "" : `\n  ${problem.next}`;
  return `${where}${problem.what}${next}`;
}
