import { bodies } from "./block";
import type { ChildModules } from "./child-modules";
import type { Declarations, Mode } from "./declarations";
import { evaluateJson } from "./expression/evaluate";
import type { Scope } from "./expression/evaluate";
import { own } from "./json";
import type { JsonObject } from "./json";
import type { Resource } from "./resource";
import { LazyObject, Unknown } from "./value";
import type { Value } from "./value";

/** The module whose names they are. */
interface NamedModule {
  readonly declared: Declarations;
  readonly scope: Scope;
  /** Of a root module: values of input variables, from `*.tfvars.json` and the command line. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Of a called module: the call, where its arguments are evaluated, and the folder that it is read from. */
  readonly called: { readonly call: JsonObject; readonly scope: Scope; readonly folder: string } | undefined;
  readonly children: ChildModules;
  /** The instances of a block, `undefined` where there is no such block. */
  instances(mode: Mode, key: string): readonly Resource[] | Unknown | undefined;
  addressOf(mode: Mode, key: string): string;
}

/**
 * What the names in a module's expressions stand for: `local.x`, `var.x`, `path.module`, `module.x`, `data.type.x`,
 * `type.x`. Each is evaluated once, when it is first asked for.
 */
export class Names {
  private readonly values = new Map<string, Value>();
  private readonly pending = new Set<string>();

  constructor(private readonly module: NamedModule) {}

  /** What stands behind the first part of a reference; `undefined` for what only a block's own scope knows. */
  root(name: string): Value | undefined {
    const { declared, called, children } = this.module;
    switch (name) {
      case "local":
        return new LazyObject(
          "local",
          (local) => this.local(local),
          () => declared.topLevel("locals").flatMap(({ json }) => Object.keys(json)),
        );
      case "var":
        return new LazyObject(
          "var",
          (variable) => this.variable(variable),
          () => declared.topLevel("variable").flatMap(({ json }) => Object.keys(json)),
        );
      case "path":
        return { module: called?.folder ?? ".", root: ".", cwd: "." };
      case "terraform":
        return { workspace: "default" };
      case "module":
        return new LazyObject(
          "module",
          (child) => children.value(child),
          () => [],
        );
      case "data":
        return new LazyObject(
          "data",
          (type) => this.typed("data", type),
          () => [],
        );
      case "each":
      case "count":
      case "self":
        return undefined;
      default:
        return this.typed("resource", name);
    }
  }

  /** The value of an output, or `undefined` if there is none of that name. */
  output(name: string): Value | undefined {
    const { declared, scope } = this.module;
    for (const { json } of declared.topLevel("output")) {
      const [body] = bodies(own(json, name));
      if (body !== undefined) return this.memoised(`output.${name}`, () => evaluateJson(body["value"] ?? null, scope));
    }
    return undefined;
  }

  private memoised(address: string, evaluate: () => Value): Value {
    const known = this.values.get(address);
    if (known !== undefined) return known;
    if (this.pending.has(address)) return new Unknown("refers to itself", address, true);
    this.pending.add(address);
    const value = evaluate();
    this.pending.delete(address);
    this.values.set(address, value);
    return value;
  }

  private typed(mode: Mode, type: string): Value {
    return new LazyObject(
      type,
      (name) => this.reference(mode, type, name),
      () => [],
    );
  }

  private reference(mode: Mode, type: string, name: string): Value {
    const key = `${type}.${name}`;
    const address = this.module.addressOf(mode, key);
    const instances = this.module.instances(mode, key);
    if (instances === undefined) return new Unknown("does not exist in this configuration", address, true);
    if (instances instanceof Unknown) return instances;
    const json = this.module.declared.get(mode, key)?.json ?? {};
    if (json["for_each"] !== undefined) {
      return this.memoised(address, () =>
        Object.fromEntries(
          instances.map((instance) => [indexOf(instance.address.slice(address.length)), instance.asValue()]),
        ),
      );
    }
    if (json["count"] !== undefined) return this.memoised(address, () => instances.map((one) => one.asValue()));
    return instances[0]?.asValue() ?? new Unknown("does not exist in this configuration", address, true);
  }

  private local(name: string): Value {
    const { declared, scope } = this.module;
    for (const { json } of declared.topLevel("locals")) {
      if (Object.hasOwn(json, name)) return this.memoised(`local.${name}`, () => evaluateJson(json[name], scope));
    }
    return new Unknown("does not exist in this configuration", `local.${name}`, true);
  }

  private variable(name: string): Value {
    const { called, declared, scope, variables } = this.module;
    const given = own(called?.call ?? {}, name);
    if (called !== undefined && given !== undefined)
      return this.memoised(`var.${name}`, () => evaluateJson(given, called.scope));
    if (Object.hasOwn(variables, name)) return variables[name] as Value;
    for (const { json } of declared.topLevel("variable")) {
      const [body] = bodies(own(json, name));
      if (body === undefined) continue;
      if (Object.hasOwn(body, "default"))
        return this.memoised(`var.${name}`, () => evaluateJson(body["default"], scope));
      return new Unknown("has no value: give it a default, or a value in terraform.tfvars.json", `var.${name}`);
    }
    return new Unknown("does not exist in this configuration", `var.${name}`, true);
  }
}

/** The key in `["key"]`, `[0]`. */
function indexOf(brackets: string): string {
  const index = brackets.slice(1, -1);
  return index.startsWith('"') ? (JSON.parse(index) as string) : index;
}
