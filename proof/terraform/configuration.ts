import { existsSync, statSync } from "node:fs";
import * as path from "node:path";
import { InputError } from "../errors";
import { collect } from "./collect";
import { discover } from "./discover";
import { RootModule } from "./module";
import type { Module } from "./module-view";
import { readShown } from "./planned/read";
import type { ProviderDefaults } from "./provider";
import { remoteOutputs } from "./remote-state";
import type { Resource } from "./resource";
import type { Value } from "./value";

export interface ConfigurationOptions extends ProviderDefaults {
  /** Values of input variables that win over every file. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Everything that one directory holds. */
export interface Configuration {
  /** Absolute. */
  readonly directory: string;
  readonly modules: readonly Module[];
}

/**
 * Finds and reads every root module of a directory: the stacks of a CDKTF manifest, or directories of `*.tf.json`. A
 * file is read as the output of `terraform show -json`, for a plan or a state.
 *
 * @throws InputError if there is nothing to read, or JSON is malformed.
 */
export function readConfiguration(directory: string, options: ConfigurationOptions = {}): Configuration {
  const absolute = path.resolve(directory);
  if (!existsSync(absolute)) {
    throw new InputError({
      what: `${directory} does not exist`,
      next: "Synthesize first (npx cdktf synth), or name a directory that holds *.tf.json files.",
    });
  }
  if (!statSync(absolute).isDirectory()) {
    return { directory: path.dirname(absolute), modules: [readShown(absolute, options)] };
  }
  const modules: RootModule[] = [];
  const outputs = (reader: RootModule, data: Parameters<typeof remoteOutputs>[2]): Value =>
    remoteOutputs(modules, reader, data);
  const found = collect(
    discover(absolute),
    (module) =>
      new RootModule({
        ...module,
        variables: { ...module.variables, ...typed(options.variables ?? {}, module.variableTypes) },
        remoteOutputs: outputs,
        lookup: (type, id) => firstFound(modules, type, id),
        ...(options.account === undefined ? {} : { account: options.account }),
      }),
  );
  modules.push(...found);
  return { directory: absolute, modules };
}

function firstFound(modules: readonly RootModule[], type: string, id: Value): Resource | undefined {
  for (const module of modules) {
    const found = module.find(type, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A variable that is not a string is given as JSON, as in `-var 'zones=["a"]'`. */
function typed(
  given: Readonly<Record<string, string>>,
  types: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      const type = types[name];
      if (type === undefined || type === "string" || type === "${string}") return [name, text];
      try {
        return [name, JSON.parse(text) as unknown];
      } catch {
        return [name, text];
      }
    }),
  );
}
