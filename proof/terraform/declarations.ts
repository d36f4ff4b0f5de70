import { InputError } from "../errors";
import type { InputProblem } from "../errors";
import { bodies } from "./block";
import { isJsonObject } from "./json";
import type { JsonObject } from "./json";

export interface SourceFile {
  /** Relative to the directory that was loaded. */
  readonly file: string;
  readonly json: JsonObject;
}

export interface Declared {
  readonly json: JsonObject;
  readonly file: string;
}

export type Mode = "resource" | "data";

/** The blocks of a root module, over all its files. */
export class Declarations {
  private readonly blocks = { resource: new Map<string, Declared>(), data: new Map<string, Declared>() };
  private readonly byType = new Map<string, string[]>();

  /** @throws InputError naming every resource that is defined twice, or is no object. */
  constructor(private readonly files: readonly SourceFile[]) {
    const problems: InputProblem[] = [];
    for (const mode of ["resource", "data"] as const) {
      for (const { key, declared } of this.labelled(mode, problems)) {
        const first = this.blocks[mode].get(key);
        if (first !== undefined) {
          const what = `${mode === "data" ? "data." : ""}${key} is defined twice, here and in ${first.file}`;
          problems.push({ what, where: declared.file, next: "Rename one of them." });
        }
        this.blocks[mode].set(key, declared);
      }
    }
    if (problems.length > 0) throw new InputError(problems);
    for (const key of this.blocks.resource.keys()) {
      const type = key.slice(0, key.indexOf("."));
      const keys = this.byType.get(type) ?? [];
      keys.push(key);
      this.byType.set(type, keys);
    }
  }

  /** Bodies of top-level blocks of one kind. */
  topLevel(kind: string): Declared[] {
    return this.files.flatMap(({ file, json }) => bodies(json[kind]).map((body) => ({ json: body, file })));
  }

  private *labelled(mode: Mode, problems: InputProblem[]): Generator<{ key: string; declared: Declared }> {
    for (const { json: types, file } of this.topLevel(mode)) {
      const objects = (value: unknown, key: string): readonly JsonObject[] => {
        // Terraform takes null for no block at all.
        const others = [value].flat().filter((one) => one !== null && !isJsonObject(one));
        for (const one of others) {
          problems.push({ what: `${key} is ${JSON.stringify(one)}, not a block (an object)`, where: file });
        }
        return bodies(value);
      };
      for (const [type, named] of Object.entries(types)) {
        // A comment, which may stand at every level.
        if (type === "//") continue;
        for (const names of objects(named, type)) {
          for (const [name, body] of Object.entries(names)) {
            if (name === "//") continue;
            for (const json of objects(body, `${type}.${name}`))
              yield { key: `${type}.${name}`, declared: { json, file } };
          }
        }
      }
    }
  }

  /** @param key `aws_iam_role.reader` */
  get(mode: Mode, key: string): Declared | undefined {
    return this.blocks[mode].get(key);
  }

  /** Types of the managed resources. */
  types(): ReadonlySet<string> {
    return new Set(this.byType.keys());
  }

  /** Keys of the managed resources of a type, in the order written. */
  ofType(type: string): readonly string[] {
    return this.byType.get(type) ?? [];
  }
}
