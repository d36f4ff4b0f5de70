import { InputError } from "../errors";
import type { Module } from "../terraform/module-view";

/** The environment of a module: the `Environment` tag that its providers give to everything. */
export function environmentOf(module: Module): string | undefined {
  for (const { defaultTags } of module.declaredProviders()) {
    const environment = defaultTags["Environment"] ?? defaultTags["environment"];
    if (environment !== undefined) return environment;
  }
  return undefined;
}

/**
 * The modules to make the model of: those of the environment asked for, by their tag or else by a segment of their
 * name, with those that belong to no environment; all of them where none is asked for and there is only one.
 *
 * @throws InputError naming the known environments.
 */
export function modulesOf(modules: readonly Module[], wanted: string | undefined): Module[] {
  const tagged = new Map(modules.map((module) => [module, environmentOf(module)]));
  const known = [...new Set(tagged.values())].filter((name) => name !== undefined).sort();
  if (wanted === undefined) {
    if (known.length <= 1) return [...modules];
    throw new InputError({
      what: `this directory holds several environments: ${known.join(", ")}`,
      next: `Name one, e.g. --env ${known[0] ?? ""}.`,
    });
  }
  const byName = (module: Module): boolean => segments(module.name).includes(wanted);
  const byTag = known.includes(wanted);
  const own = modules.filter((module) => (byTag ? tagged.get(module) === wanted : byName(module)));
  if (own.length === 0) {
    const names = known.length > 0 ? known : modules.map((module) => module.name).filter((name) => name !== "");
    throw new InputError({
      what: `environment "${wanted}" is not known`,
      next:
        names.length === 0
          ? "This configuration names no environment: leave --env out."
          : `Known: ${names.join(", ")}.`,
    });
  }
  const ofOthers = (module: Module): boolean =>
    known.some((name) => name !== wanted && segments(module.name).includes(name));
  const shared = (module: Module): boolean =>
    tagged.get(module) === undefined && (byTag ? byName(module) || !ofOthers(module) : false);
  return modules.filter((module) => own.includes(module) || shared(module));
}

const segments = (name: string): string[] => name.split(/[-/]/);
