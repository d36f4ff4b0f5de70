import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One synthesized stack, as `cdktf.out/manifest.json` lists it. */
export interface SynthesizedStack {
  readonly name: string;
  /** Absolute folder of its `cdk.tf.json`. */
  readonly folder: string;
  readonly dependencies: readonly string[];
}

interface Manifest {
  readonly stacks: Readonly<
    Record<
      string,
      { readonly name: string; readonly synthesizedStackPath: string; readonly dependencies: readonly string[] }
    >
  >;
}

/** The stacks of a synthesized directory, each after the ones it depends on. */
export function stacksInOrder(directory: string): readonly SynthesizedStack[] {
  const manifest = JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8")) as Manifest;
  const ordered: SynthesizedStack[] = [];
  const visit = (name: string, above: readonly string[]): void => {
    if (ordered.some((stack) => stack.name === name)) return;
    if (above.includes(name))
      throw new Error(`The stacks depend on each other in a circle: ${[...above, name].join(" → ")}.`);
    const entry = manifest.stacks[name];
    if (entry === undefined)
      throw new Error(`${above.at(-1)} depends on the stack ${name}, which manifest.json does not list.`);
    entry.dependencies.forEach((dependency) => visit(dependency, [...above, name]));
    ordered.push({ name, folder: join(directory, entry.synthesizedStackPath, ".."), dependencies: entry.dependencies });
  };
  Object.keys(manifest.stacks)
    .sort()
    .forEach((name) => visit(name, []));
  return ordered;
}
