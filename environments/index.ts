import { refuse, type Problem } from "../constructs/problems";
import { problemsBetween, problemsOfName } from "./between";
import { dev } from "./dev";
import { prod } from "./prod";
import { checkEnvironment, type Environment } from "./schema";
import { staging } from "./staging";

/** Every environment there is. A name outside this list is refused; none is the default. */
const ENVIRONMENTS: Readonly<Record<string, unknown>> = { dev, staging, prod };

/** Names of all environments, whether or not their files pass their checks. */
export const environmentNames: readonly string[] = Object.keys(ENVIRONMENTS);

/**
 * The environments to synthesize: all of them, or the one chosen.
 *
 * @param chosen Value of `PORTCULLIS_ENV`; all where it is undefined or empty.
 * @throws SynthesisError for an unknown name or a file that does not pass its checks.
 */
export function environments(chosen: string | undefined): readonly Environment[] {
  const known = Object.keys(ENVIRONMENTS);
  const unknown = chosen !== undefined && chosen !== "" && !known.includes(chosen);
  // All of them are checked, whichever is chosen: they share accounts.
  const checked = known.map((file) => ({ file, ...checkEnvironment(`environments/${file}.ts`, ENVIRONMENTS[file]) }));
  const good = checked.flatMap((result) => ("environment" in result ? [result] : []));
  refuse([
    ...(unknown ? [notAnEnvironment(chosen, known)] : []),
    ...checked.flatMap((result) => ("problems" in result ? result.problems : [])),
    ...good.flatMap(({ file, environment }) => problemsOfName(file, environment)),
    ...problemsBetween(good),
  ]);
  return good
    .filter(({ file }) => chosen === undefined || chosen === "" || file === chosen)
    .map(({ environment }) => environment);
}

function notAnEnvironment(chosen: string, known: readonly string[]): Problem {
  return {
    where: "PORTCULLIS_ENV",
    what: `${JSON.stringify(chosen)} is not an environment.`,
    next: `Use one of ${known.join(", ")}, or leave it unset for all of them.`,
  };
}
