/** One thing that is wrong with what a person wrote: what, where, and what to do about it. */
export interface Problem {
  /** Field, route or construct path. */
  readonly where: string;
  /** What is wrong, with the offending value. */
  readonly what: string;
  /** What is allowed, or the next step. */
  readonly next: string;
}

/** Input that cannot be synthesized. All problems of one input travel together; nothing has been written. */
export class SynthesisError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ where, what, next }) => `${where}: ${what}\n  ${next}`).join("\n"));
    this.name = "SynthesisError";
    this.problems = problems;
  }
}

/** Throws one `SynthesisError` with every problem, or returns when there is none. */
export function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new SynthesisError(problems);
}

/**
 * Two inputs, neither of which needs the other to be checked.
 *
 * @throws SynthesisError with the problems of both, or what else either of them throws
 */
export async function together<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  const settled = await Promise.allSettled([one, other]);
  const reasons = settled.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  if (reasons.every((reason) => reason instanceof SynthesisError)) refuse(reasons.flatMap(({ problems }) => problems));
  return Promise.all([one, other]);
}
