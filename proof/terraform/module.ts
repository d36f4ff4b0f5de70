import { Block, bodies } from "./block";
import { computeAttribute } from "./computed/compute";
import { Declarations } from "./declarations";
import type { Declared, SourceFile } from "./declarations";
import { evaluateJson } from "./expression/evaluate";
import type { Scope } from "./expression/evaluate";
import { expand } from "./expand";
import { own } from "./json";
import { providerContext } from "./provider";
import type { ProviderContext, ProviderDefaults } from "./provider";
import { Resource } from "./resource";
import { LazyObject, Unknown } from "./value";
import type { Value } from "./value";

/** What the model is made of: a root module as it is written, or as a plan or a state has it. */
export interface Module {
  readonly name: string;
  /** The file to name where a fact has no place of its own. */
  readonly mainFile: string;
  types(): ReadonlySet<string>;
  declarations(type: string): readonly { readonly address: string; readonly file: string }[];
  /** Every instance of a resource type, in the order written. `Unknown` stands for instances that are not known. */
  resources(type: string): readonly (Resource | Unknown)[];
  /** Calls of child modules that are not read. */
  moduleCalls(): readonly { readonly name: string; readonly file: string; readonly json: unknown }[];
  /** The providers that were asked for so far, by name. */
  usedProviders(): ReadonlyMap<string, ProviderContext>;
  /** What every declared AWS provider says, whether a resource uses it or not. */
  declaredProviders(): readonly ProviderContext[];
  /** What was taken for granted where the input does not say, so far: by place, in a sentence. */
  assumptions(): ReadonlyMap<string, string>;
}

export interface ModuleOptions extends ProviderDefaults {
  /** Stack name, or path below the directory that was loaded. */
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
  readonly files: readonly SourceFile[];
  /** Values of input variables, from `*.tfvars.json` and the command line. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** What the outputs of a `terraform_remote_state` data source are; `undefined` if no loaded module writes that state. */
  readonly remoteOutputs: (module: RootModule, data: Resource) => Value | undefined;
  /** Finds a managed resource by its id in all modules. */
  readonly lookup: (type: string, id: Value) => Resource | undefined;
}

/** One root module: everything that shares a Terraform state. */
export class RootModule implements Module {
  readonly name: string;
  readonly directory: string;
  readonly files: readonly SourceFile[];
  readonly scope: Scope;
  private readonly options: ModuleOptions;
  private readonly declared: Declarations;
  private readonly byId = new Map<string, ReadonlyMap<Value, Resource>>();
  private readonly expanded = new Map<string, readonly Resource[] | Unknown>();
  private readonly values = new Map<string, Value>();
  private readonly pending = new Set<string>();
  private readonly providers = new Map<string, ProviderContext>();

  constructor(options: ModuleOptions) {
    this.options = options;
    this.name = options.name;
    this.directory = options.directory;
    this.files = options.files;
    this.scope = { directory: options.directory, variable: (name) => this.root(name) };
    this.declared = new Declarations(options.files);
  }

  /** Bodies of top-level blocks of one kind, over all files. */
  topLevel(kind: string): Declared[] {
    return this.declared.topLevel(kind);
  }

  /** Types of the managed resources that are declared. */
  types(): ReadonlySet<string> {
    return this.declared.types();
  }

  get mainFile(): string {
    return this.files[0]?.file ?? "";
  }

  moduleCalls(): { readonly name: string; readonly file: string; readonly json: unknown }[] {
    return this.topLevel("module").flatMap(({ json, file }) =>
      Object.entries(json)
        .filter(([, body]) => bodies(body).length > 0)
        .map(([name, body]) => ({ name, file, json: body })),
    );
  }

  /** The resource blocks of a type, whatever count or for_each makes of them. */
  declarations(type: string): { readonly address: string; readonly file: string }[] {
    return this.declared.ofType(type).map((address) => ({
      address,
      file: this.declared.get("resource", address)?.file ?? "",
    }));
  }

  resources(type: string): readonly (Resource | Unknown)[] {
    const found: (Resource | Unknown)[] = [];
    for (const key of this.declared.ofType(type)) {
      const instances = this.instances("resource", key);
      if (instances instanceof Unknown) found.push(instances);
      else found.push(...(instances ?? []));
    }
    return found;
  }

  /** The managed resource of a type with this id, if it is one of this module. */
  find(type: string, id: Value): Resource | undefined {
    let index = this.byId.get(type);
    if (index === undefined) {
      const known = this.resources(type).filter((found) => found instanceof Resource);
      index = new Map(known.map((resource) => [resource.attribute("id"), resource]));
      this.byId.set(type, index);
    }
    return index.get(id);
  }

  private instances(mode: "resource" | "data", key: string): readonly Resource[] | Unknown | undefined {
    const memo = `${mode}.${key}`;
    const known = this.expanded.get(memo);
    if (known !== undefined) return known;
    const declared = this.declared.get(mode, key);
    if (declared === undefined) return undefined;
    const address = mode === "data" ? `data.${key}` : key;
    // While count or for_each is evaluated, a reference back to the resource is a cycle.
    this.expanded.set(memo, new Unknown("refers to itself", address, true));
    const instances = expand(declared.json, address, this.scope);
    const [type = "", name = ""] = key.split(".");
    const made =
      instances instanceof Unknown
        ? instances
        : instances.map(
            (instance) =>
              new Resource({
                mode: mode === "data" ? "data" : "managed",
                type,
                name,
                address: instance.address,
                file: declared.file,
                json: declared.json,
                scope: instance.scope,
                moduleName: this.name,
                directory: this.directory,
                provider: () => this.provider(declared.json["provider"]),
                compute: (resource, attribute) => this.compute(resource, attribute),
                lookup: this.options.lookup,
              }),
          );
    this.expanded.set(memo, made);
    return made;
  }

  private compute(resource: Resource, attribute: string): Value | undefined {
    if (resource.mode === "data" && resource.type === "terraform_remote_state" && attribute === "outputs") {
      return this.options.remoteOutputs(this, resource);
    }
    return computeAttribute(resource, attribute);
  }

  /** The value of an output, or `undefined` if there is none of that name. */
  output(name: string): Value | undefined {
    for (const { json } of this.topLevel("output")) {
      const [body] = bodies(own(json, name));
      if (body !== undefined)
        return this.memoised(`output.${name}`, () => evaluateJson(body["value"] ?? null, this.scope));
    }
    return undefined;
  }

  outputNames(): string[] {
    return this.topLevel("output").flatMap(({ json }) => Object.keys(json).filter((name) => name !== "//"));
  }

  /** The context of a provider as a resource names it: `aws.partner`, or nothing for the default one. */
  provider(reference?: unknown): ProviderContext {
    const name = typeof reference === "string" ? reference.replace(/^\$\{(.*)\}$/, "$1") : "aws";
    const known = this.providers.get(name);
    if (known !== undefined) return known;
    const declared = this.providerBlocks().find((block) => block.address === `provider.${name}`);
    const context = providerContext(declared, name, this.options);
    this.providers.set(name, context);
    return context;
  }

  private providerBlocks(): Block[] {
    return this.topLevel("provider").flatMap(({ json, file }) =>
      bodies(json["aws"]).map((body) => {
        const name = typeof body["alias"] === "string" ? `aws.${body["alias"]}` : "aws";
        return new Block(`provider.${name}`, file, body, this.scope);
      }),
    );
  }

  declaredProviders(): ProviderContext[] {
    return this.providerBlocks().map((block) => providerContext(block, block.address, this.options));
  }

  usedProviders(): ReadonlyMap<string, ProviderContext> {
    return this.providers;
  }

  /** What is not known stays unknown. */
  assumptions(): ReadonlyMap<string, string> {
    return new Map();
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

  private root(name: string): Value | undefined {
    switch (name) {
      case "local":
        return new LazyObject(
          "local",
          (local) => this.local(local),
          () => this.topLevel("locals").flatMap(({ json }) => Object.keys(json)),
        );
      case "var":
        return new LazyObject(
          "var",
          (variable) => this.variable(variable),
          () => this.topLevel("variable").flatMap(({ json }) => Object.keys(json)),
        );
      case "path":
        return { module: ".", root: ".", cwd: "." };
      case "terraform":
        return { workspace: "default" };
      case "module":
        return new LazyObject(
          "module",
          (called) => new Unknown("is a module call, which is not read", `module.${called}`),
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

  private typed(mode: "resource" | "data", type: string): Value {
    return new LazyObject(
      type,
      (name) => this.reference(mode, type, name),
      () => [],
    );
  }

  private reference(mode: "resource" | "data", type: string, name: string): Value {
    const key = `${type}.${name}`;
    const address = mode === "data" ? `data.${key}` : key;
    const instances = this.instances(mode, key);
    if (instances === undefined) return new Unknown("does not exist in this configuration", address, true);
    if (instances instanceof Unknown) return instances;
    const json = this.declared.get(mode, key)?.json ?? {};
    if (json["for_each"] !== undefined) {
      return this.memoised(address, () =>
        Object.fromEntries(instances.map((instance) => [indexOf(instance.address), instance.asValue()])),
      );
    }
    if (json["count"] !== undefined) return this.memoised(address, () => instances.map((one) => one.asValue()));
    return instances[0]?.asValue() ?? new Unknown("does not exist in this configuration", address, true);
  }

  private local(name: string): Value {
    for (const { json } of this.topLevel("locals")) {
      if (Object.hasOwn(json, name)) return this.memoised(`local.${name}`, () => evaluateJson(json[name], this.scope));
    }
    return new Unknown("does not exist in this configuration", `local.${name}`, true);
  }

  private variable(name: string): Value {
    if (Object.hasOwn(this.options.variables, name)) return this.options.variables[name] as Value;
    for (const { json } of this.topLevel("variable")) {
      const [body] = bodies(own(json, name));
      if (body === undefined) continue;
      if (Object.hasOwn(body, "default"))
        return this.memoised(`var.${name}`, () => evaluateJson(body["default"], this.scope));
      return new Unknown("has no value: give it a default, or a value in terraform.tfvars.json", `var.${name}`);
    }
    return new Unknown("does not exist in this configuration", `var.${name}`, true);
  }
}

/** The key in `aws_x.y["key"]`. */
function indexOf(address: string): string {
  const index = address.slice(address.indexOf("[") + 1, -1);
  return index.startsWith('"') ? (JSON.parse(index) as string) : index;
}
