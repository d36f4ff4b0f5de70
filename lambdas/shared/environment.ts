/** A function's environment is not what its code needs; the message names every problem. */
export class EnvironmentError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The function's environment is not usable:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "EnvironmentError";
  }
}

/** Turns a variable's text into its value, or throws an Error whose message completes "VARIABLE …". */
export type Parse<T> = (text: string) => T;

interface Variable<T> {
  readonly parse: Parse<T>;
  /** The value of a variable that is not set, or undefined where it must be set. */
  readonly absent: { readonly value: T } | undefined;
}

export const required = <T>(parse: Parse<T>): Variable<T> => ({ parse, absent: undefined });
export const optional = <T>(parse: Parse<T>): Variable<T | undefined> => ({ parse, absent: { value: undefined } });
export const withDefault = <T>(parse: Parse<T>, value: T): Variable<T> => ({ parse, absent: { value } });

type Settings<Shape> = { readonly [Name in keyof Shape]: Shape[Name] extends Variable<infer T> ? T : never };

/**
 * Reads the variables that `shape` names. Messages never repeat a value: a variable may hold a secret by mistake.
 *
 * @throws EnvironmentError that names every problem, so that one failed cold start tells all there is to repair.
 */
export function readEnvironment<Shape extends Readonly<Record<string, Variable<unknown>>>>(
  environment: Readonly<Record<string, string | undefined>>,
  shape: Shape,
): Settings<Shape> {
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(shape)) {
    const value = environment[name];
    if (value === undefined || value === "") {
      if (variable.absent === undefined) problems.push(`${name} is not set.`);
      else settings[name] = variable.absent.value;
      continue;
    }
    try {
      settings[name] = variable.parse(value);
    } catch (error) {
      problems.push(`${name} ${error instanceof Error ? error.message : "is not usable."}`);
    }
  }
  if (problems.length > 0) throw new EnvironmentError(problems);
  return settings as Settings<Shape>;
}

export const text: Parse<string> = (value) => value;

/** Comma-separated, no item empty. */
export const list: Parse<readonly string[]> = (value) => {
  const items = value.split(",").map((item) => item.trim());
  if (items.includes("")) throw new Error("is not a comma-separated list without empty items.");
  return items;
};

/** An `https` URL without credentials, exactly as written. */
export const httpsUrl: Parse<string> = (value) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") {
    throw new Error("is not an https:// URL without credentials.");
  }
  return value;
};
