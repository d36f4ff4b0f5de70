import { existsSync, readdirSync } from "node:fs";
import type { Dirent } from "node:fs";
import * as path from "node:path";
import { InputError } from "../errors";
import type { InputProblem } from "../errors";
import { bodies } from "./block";
import { collect } from "./collect";
import { isJsonObject, readJsonObject } from "./json";
import type { SourceFile } from "./declarations";

export interface FoundModule {
  readonly name: string;
  readonly directory: string;
  readonly files: readonly SourceFile[];
  readonly variables: Readonly<Record<string, unknown>>;
  /** The declared type of each variable. */
  readonly variableTypes: Readonly<Record<string, unknown>>;
}

/**
 * The root modules of a directory: what its CDKTF manifest lists, else the `*.tf.json` files in it, else those in its
 * subdirectories. The manifest is followed and not the directory, which keeps stacks that are no longer synthesized.
 *
 * @throws InputError for all unreadable files at once.
 */
export function discover(directory: string): FoundModule[] {
  const manifest = path.join(directory, "manifest.json");
  if (existsSync(manifest)) {
    const stacks = readJsonObject(manifest, "manifest.json")["stacks"];
    if (isJsonObject(stacks)) return fromManifest(directory, stacks);
  }
  const folders = hasConfiguration(directory)
    ? ["."]
    : subfolders(directory).filter((name) => hasConfiguration(path.join(directory, name)));
  if (folders.length === 0) {
    throw new InputError({
      what: `${directory} holds no synthesized stacks and no *.tf.json files`,
      next: "Synthesize first (npx cdktf synth), or name a directory that holds *.tf.json files.",
    });
  }
  const found = collect(folders, (folder) => {
    const files = configurationFiles(path.join(directory, folder)).map((name) => path.join(folder, name));
    return read(directory, folder === "." ? "" : folder, folder, files);
  });
  const called = new Set(found.flatMap(calledFolders));
  return found.filter((module) => !called.has(path.resolve(module.directory)));
}

/** Folders that a module calls as child modules, which are no root modules themselves. */
function calledFolders({ directory, files }: FoundModule): string[] {
  return files
    .flatMap(({ json }) => bodies(json["module"]).flatMap((calls) => Object.values(calls)))
    .flatMap((call) => bodies(call).map(({ source }) => source))
    .filter((source) => typeof source === "string")
    .filter((source) => /^\.\.?\//.test(source))
    .map((source) => path.resolve(directory, source));
}

function fromManifest(directory: string, stacks: Readonly<Record<string, unknown>>): FoundModule[] {
  return collect(Object.entries(stacks), ([name, stack]) => {
    const file = isJsonObject(stack) ? stack["synthesizedStackPath"] : undefined;
    if (typeof file !== "string") {
      throw new InputError({ what: `stack ${name} has no synthesizedStackPath`, where: "manifest.json" });
    }
    // `cdktf synth --hcl` writes cdk.tf; only the JSON form is read.
    if (!file.endsWith(".json")) {
      throw new InputError({
        what: `stack ${name} is synthesized as HCL (${file})`,
        where: "manifest.json",
        next: "Synthesize JSON: run cdktf synth without --hcl.",
      });
    }
    return read(directory, name, path.dirname(file), [path.normalize(file)]);
  });
}

function read(root: string, name: string, folder: string, names: readonly string[]): FoundModule {
  const directory = path.join(root, folder);
  const problems: InputProblem[] = [];
  const load = (file: string): SourceFile | undefined => {
    try {
      return { file: file.split(path.sep).join("/"), json: readJsonObject(path.join(root, file), file) };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const files = names.map(load).filter((file) => file !== undefined);
  const values = (existsSync(directory) ? variableFiles(directory) : []).map((file) => load(path.join(folder, file)));
  if (problems.length > 0) throw new InputError(problems);
  const variables = Object.assign({}, ...values.map((file) => file?.json ?? {})) as Record<string, unknown>;
  return { name, directory, files, variables, variableTypes: variableTypes(files) };
}

/**
 * The `*.tf.json` files of a module's directory.
 * @param shown The directory as errors name it.
 * @throws InputError for all unreadable files at once
 */
export function moduleFiles(directory: string, shown: string): SourceFile[] {
  return collect(configurationFiles(directory), (name) => {
    const file = path.posix.join(shown, name);
    return { file, json: readJsonObject(path.join(directory, name), file) };
  });
}

function variableTypes(files: readonly SourceFile[]): Record<string, unknown> {
  const types: Record<string, unknown> = {};
  for (const { json } of files) {
    for (const declared of bodies(json["variable"])) {
      for (const [name, body] of Object.entries(declared)) types[name] = bodies(body)[0]?.["type"];
    }
  }
  return types;
}

/** The files whose values Terraform loads by itself, in the order in which later ones win. */
function variableFiles(directory: string): string[] {
  const all = entriesOf(directory).map(({ name }) => name);
  return [
    ...all.filter((name) => name === "terraform.tfvars.json"),
    ...all.filter((name) => name.endsWith(".auto.tfvars.json")),
  ];
}

function configurationFiles(directory: string): string[] {
  const all = entriesOf(directory).map(({ name }) => name);
  const hcl = all.filter((name) => name.endsWith(".tf"));
  if (hcl.length > 0) {
    throw new InputError({
      what: `HCL files are not read, and what they add to the JSON beside them would be missed: ${hcl.join(", ")}`,
      where: directory,
      next: "Use JSON throughout, or the output of terraform show -json.",
    });
  }
  const override = all.filter((name) => name === "override.tf.json" || name.endsWith("_override.tf.json"));
  if (override.length > 0) {
    throw new InputError({
      what: `override files are not read: ${override.join(", ")}`,
      where: directory,
      next: "Put their content into the configuration, or use the output of terraform show -json.",
    });
  }
  return all.filter((name) => name.endsWith(".tf.json"));
}

const hasConfiguration = (directory: string): boolean =>
  entriesOf(directory).some(({ name }) => name.endsWith(".tf.json"));

/** Directories below, without those that Terraform and package managers own. */
function subfolders(directory: string, below = ""): string[] {
  const own = entriesOf(path.join(directory, below))
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
    .map((entry) => path.join(below, entry.name));
  return [...own, ...collect(own, (name) => subfolders(directory, name)).flat()].sort();
}

/** By name. @throws InputError where the directory cannot be read, or is gone since it was found */
function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const { code = "unreadable" } = error as NodeJS.ErrnoException;
    throw new InputError({
      what: `the directory cannot be read (${code})`,
      where: directory,
      next: "Check its permissions, and that nothing writes there meanwhile.",
    });
  }
}
