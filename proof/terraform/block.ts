import { isJsonObject, own } from "./json";
import type { JsonObject } from "./json";
import { evaluateJson } from "./expression/evaluate";
import type { Scope } from "./expression/evaluate";
import { isList, isObject, sortedEntries, Unknown } from "./value";
import type { Value } from "./value";

/** A block's body in JSON, or several: HCL's JSON syntax lets every block be written as one object or a list of them. */
export function bodies(json: unknown): JsonObject[] {
  if (Array.isArray(json)) return json.filter(isJsonObject);
  return isJsonObject(json) ? [json] : [];
}

/** One block of configuration, whose attributes are evaluated once and when they are asked for. */
export class Block {
  private readonly values = new Map<string, Value>();
  private readonly pending = new Set<string>();

  constructor(
    /** Terraform address, e.g. `aws_api_gateway_rest_api.api.endpoint_configuration`. */
    readonly address: string,
    /** The file that holds it, relative to the directory that was loaded. */
    readonly file: string,
    readonly json: JsonObject,
    readonly scope: Scope,
  ) {}

  /** What the configuration says; `undefined` where it says nothing, or null. */
  configured(name: string): Value | undefined {
    const json = own(this.json, name);
    if (json === undefined || json === null) return undefined;
    const known = this.values.get(name);
    if (known !== undefined) return known ?? undefined;
    if (this.pending.has(name)) return new Unknown("refers to itself", `${this.address}.${name}`, true);
    this.pending.add(name);
    const value = evaluateJson(json, this.scope);
    this.pending.delete(name);
    this.values.set(name, value);
    return value ?? undefined;
  }

  /** The nested blocks of one type, those of a `dynamic` block included. An `Unknown` stands for blocks not known. */
  blocks(name: string): readonly (Block | Unknown)[] {
    const written = bodies(own(this.json, name));
    const plain = written.map((json, index) =>
      this.nested(name, json, this.scope, written.length > 1 ? index : undefined),
    );
    const dynamic = bodies(this.json["dynamic"]).flatMap((types) => bodies(own(types, name)));
    return [...plain, ...dynamic.flatMap((body) => this.dynamicBlocks(name, body))];
  }

  private nested(name: string, json: JsonObject, scope: Scope, index: number | undefined): Block {
    const address = `${this.address}.${name}${index === undefined ? "" : `[${String(index)}]`}`;
    return new Block(address, this.file, json, scope);
  }

  private dynamicBlocks(name: string, body: JsonObject): (Block | Unknown)[] {
    const over = evaluateJson(body["for_each"] ?? null, this.scope);
    if (over instanceof Unknown) return [over];
    const entries: (readonly [Value, Value])[] = isList(over)
      ? over.map((item, index) => [typeof item === "string" ? item : index, item] as const)
      : isObject(over)
        ? sortedEntries(over)
        : [];
    const iterator = typeof body["iterator"] === "string" ? body["iterator"] : name;
    const content = bodies(body["content"])[0] ?? {};
    return entries.map(([key, value], index) => {
      const item: Value = { key, value };
      const scope: Scope = {
        ...this.scope,
        variable: (root) => (root === iterator ? item : this.scope.variable(root)),
      };
      return this.nested(name, content, scope, index);
    });
  }
}
