import { InputError } from "../errors";
import type { InputProblem } from "../errors";

/** Runs for each item and throws all problems together. */
export function collect<T, R>(items: readonly T[], each: (item: T) => R): R[] {
  const problems: InputProblem[] = [];
  const results: R[] = [];
  for (const item of items) {
    try {
      results.push(each(item));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return results;
}
