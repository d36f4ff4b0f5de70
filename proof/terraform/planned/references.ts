import { isJsonObject } from "../json";
import type { JsonObject } from "../json";
import { callPath, list, member } from "./shown";
import type { ShownResource } from "./shown";

/** One attribute of one resource instance that an expression refers to. */
export interface Target {
  readonly address: string;
  readonly type: string;
  /** Absent where the expression picks the attribute in a way that a plan does not tell. */
  readonly attribute?: string;
}

/**
 * Follows the references that a plan's configuration lists for an expression, through module inputs and outputs and
 * `each.value`, to the resource attributes behind them. A plan does not hold the expressions themselves.
 */
export class References {
  private readonly byConfig = new Map<string, ShownResource[]>();
  private readonly byAddress = new Map<string, ShownResource>();
  private readonly configs = new Map<string, ReadonlyMap<string, JsonObject>>();

  constructor(
    /** `configuration.root_module` */
    private readonly root: unknown,
    resources: readonly ShownResource[],
  ) {
    for (const resource of resources) {
      if (resource.mode !== "managed") continue;
      const key = `${resource.moduleAddress} ${resource.type}.${resource.name}`;
      const instances = this.byConfig.get(key) ?? [];
      instances.push(resource);
      this.byConfig.set(key, instances);
      this.byAddress.set(resource.address, resource);
    }
  }

  /** The expressions of a resource's block; `undefined` where the plan has no configuration of it. */
  resourceConfig(resource: ShownResource): JsonObject | undefined {
    const path = callPath(resource.moduleAddress).join(".");
    let configs = this.configs.get(path);
    if (configs === undefined) {
      const blocks = list(member(this.module(resource.moduleAddress), "resources"));
      configs = new Map(blocks.map((json) => [String(json["address"]), json]));
      this.configs.set(path, configs);
    }
    return configs.get(`${resource.mode === "data" ? "data." : ""}${resource.type}.${resource.name}`);
  }

  /** What the expression of an attribute refers to, as written within its module. */
  written(resource: ShownResource, attribute: string): readonly string[] {
    return longest(referencesOf(member(this.resourceConfig(resource), "expressions", attribute)));
  }

  /** Every resource attribute that an attribute of a resource is made of. */
  targets(resource: ShownResource, attribute: string): Target[] {
    const expression = member(this.resourceConfig(resource), "expressions", attribute);
    return this.follow(referencesOf(expression), resource.moduleAddress, resource, 0);
  }

  private module(moduleAddress: string): unknown {
    let found = this.root;
    for (const name of callPath(moduleAddress)) found = member(found, "module_calls", name, "module");
    return found;
  }

  private follow(
    references: readonly string[],
    moduleAddress: string,
    from: ShownResource | undefined,
    hops: number,
  ): Target[] {
    // Modules nest a few levels; a cycle is no valid plan.
    if (hops > 50) return [];
    const keyed = references.some((reference) => /^(each\.key|count\.index)$/.test(reference));
    return longest(references).flatMap((reference): Target[] => {
      const [root = "", second = "", third] = split(reference);
      if (root === "module") {
        const child = moduleAddress === "" ? `module.${second}` : `${moduleAddress}.module.${second}`;
        const output = third === undefined ? undefined : member(this.module(child), "outputs", third, "expression");
        return this.follow(referencesOf(output), child, undefined, hops + 1);
      }
      if (root === "var") return this.input(second, moduleAddress, hops);
      if (root === "each") return second === "value" && from !== undefined ? this.eachValue(from, third, hops) : [];
      return this.instances(reference, moduleAddress, keyed ? from : undefined);
    });
  }

  /** What the caller of a module passes for a variable. */
  private input(name: string, moduleAddress: string, hops: number): Target[] {
    const path = callPath(moduleAddress);
    const call = path.at(-1);
    if (call === undefined) return [];
    const parent = moduleAddress.slice(0, Math.max(0, moduleAddress.lastIndexOf(`module.${call}`) - 1));
    const expression = member(this.module(parent), "module_calls", call, "expressions", name);
    return this.follow(referencesOf(expression), parent, undefined, hops + 1);
  }

  /** `each.value.x` where for_each is over another resource: the instance of that resource under the same key. */
  private eachValue(from: ShownResource, attribute: string | undefined, hops: number): Target[] {
    const over = longest(referencesOf(member(this.resourceConfig(from), "for_each_expression")));
    const [reference] = over;
    if (over.length !== 1 || reference === undefined || split(reference).length !== 2) return [];
    const source = this.instances(reference, from.moduleAddress, from)[0];
    if (source === undefined || attribute === undefined) return [];
    const resource = this.byAddress.get(source.address);
    // The other resource's attribute may itself be known only through a reference.
    const further = resource === undefined || hops > 20 ? [] : this.targets(resource, attribute);
    return further.length > 0 ? further : [{ ...source, attribute }];
  }

  private instances(reference: string, moduleAddress: string, keyedBy: ShownResource | undefined): Target[] {
    const [type = "", name = "", ...rest] = split(reference);
    const all = this.byConfig.get(`${moduleAddress} ${type}.${name}`) ?? [];
    const index = rest[0]?.startsWith("[") === true ? (JSON.parse(rest[0].slice(1, -1)) as string | number) : undefined;
    const attribute = index === undefined ? rest[0] : rest[1];
    const wanted = index ?? keyedBy?.index;
    return all
      .filter((instance) => wanted === undefined || instance.index === undefined || instance.index === wanted)
      .map(({ address }) => ({ address, type, ...(attribute === undefined ? {} : { attribute }) }));
  }
}

/** `aws_x.y["a.b"].id` into its steps; an index keeps its brackets. */
function split(reference: string): string[] {
  return [...reference.matchAll(/\[(?:"(?:[^"\\]|\\.)*"|[0-9]+)\]|[^.[\]]+/g)].map(([step]) => step);
}

function referencesOf(expression: unknown): string[] {
  const found = member(expression, "references");
  if (Array.isArray(found)) return found.filter((item) => typeof item === "string");
  // A nested block is a list of expressions of its own.
  if (Array.isArray(expression)) return expression.flatMap(referencesOf);
  return isJsonObject(expression) ? Object.values(expression).flatMap(referencesOf) : [];
}

/** A plan lists each reference with its prefixes behind it; only the whole ones are kept. */
function longest(references: readonly string[]): string[] {
  return [...new Set(references)].filter(
    (reference) => !references.some((other) => other.startsWith(`${reference}.`) || other.startsWith(`${reference}[`)),
  );
}
