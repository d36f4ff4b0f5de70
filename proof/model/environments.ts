import { InputError } from "../errors";
import type { Module } from "../terraform/module";

/** The environment of a module: the `Environment` tag that its providers give to everything. */
export function environmentOf(module: Module): string | undefined {
  for (const { defaultTags } of module.declaredProviders()) {
    const environment = defaultTags["Environment"] ?? defaultTags["environment"];
    if (environment !== undefined) return environment;
  }
  return undefined;
}

/**
 * The modules to make the model of: those of the environment asked for, else all of them if they are of one
 * environment. A module that belongs to none is always kept.
 *
 * @throws InputError naming the known environments.
 */
export function modulesOf(modules: readonly Module[], wanted: string | undefined): Module[] {
  const tagged = new Map(modules.map((module) => [module, environmentOf(module)]));
  const known = [...new Set(tagged.values())].filter((name) => name !== undefined).sort();
  if (wanted === undefined) {
    if (known.length > 1) {
      throw new InputError({
        what: `this directory holds several environments: ${known.join(", ")}`,
        next: `Name one, e.g. --env ${known[0] ?? ""}.`,
      });
    }
    return [...modules];
  }
  const kept = modules.filter((module) => {
    const environment = tagged.get(module);
    return environment === undefined ? segments(module.name).includes(wanted) : environment === wanted;
  });
  if (kept.length > 0) return kept;
  const names = known.length > 0 ? known : modules.map((module) => module.name).filter((name) => name !== "");
  throw new InputError({
    what: `environment "${wanted}" is not known`,
    next:
      names.length === 0 ? "This configuration names no environment: leave --env out." : `Known: ${names.join(", ")}.`,
  });
}

const segments = (name: string): string[] => name.split(/[-/]/);
