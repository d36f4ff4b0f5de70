import { InputError } from "../../proof/errors";

export const least = { method: "GET", path: "/orders" };

/** What is wrong with a request file: place and words of each problem. */
export function problems(make: () => unknown): string[] {
  try {
    make();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map(({ where, what }) => `${where}: ${what}`);
  }
  return [];
}
