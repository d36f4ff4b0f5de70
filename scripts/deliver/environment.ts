import { environmentNames, environments } from "../../environments";
import type { Environment } from "../../environments/schema";
import { InputError } from "../../proof/errors";

/**
 * The environment a command was given. There is no default: a command that changes accounts says which.
 *
 * @throws InputError naming the known ones, or every problem of the environment's file
 */
export function chosenEnvironment(positionals: readonly string[], usage: string): Environment {
  const name = namedEnvironment(positionals, usage);
  if (!environmentNames.includes(name)) throw unknownEnvironment(name);
  const [environment] = checked(() => environments(name));
  if (environment === undefined) throw new Error(`${name} was checked and is not there.`);
  return environment;
}

/** The one name a command was given, known or not. @throws InputError for none or several */
export function namedEnvironment(positionals: readonly string[], usage: string): string {
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) {
    throw new InputError({
      what:
        name === undefined ? "No environment was named." : `One environment at a time, not ${positionals.join(", ")}.`,
      next: `Usage: ${usage}. Known environments: ${environmentNames.join(", ")}.`,
    });
  }
  return name;
}

export function unknownEnvironment(name: string): InputError {
  return new InputError({
    what: `There is no environment '${name}'.`,
    next: `Known environments: ${environmentNames.join(", ")}. A new one is a copy of environments/dev.ts that environments/index.ts lists.`,
  });
}

/** Every environment. @throws InputError with every problem of every file */
export function allEnvironments(): readonly Environment[] {
  return checked(() => environments(undefined));
}

/**
 * Whether the pipeline delivers it. State on a person's machine cannot be reached from there, and an account without
 * the pipeline's roles cannot be entered.
 */
export function isInPipeline({ state, delivery }: Environment): boolean {
  return state.kind === "s3" && state.bootstrapped && delivery.github !== undefined;
}

function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new InputError({ what: (error as Error).message });
  }
}
