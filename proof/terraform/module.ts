import * as path from "node:path";
import { Block, bodies } from "./block";
import { ChildModules } from "./child-modules";
import type { ChildOptions, UnreadCall } from "./child-modules";
import { computeAttribute } from "./computed/compute";
import { Declarations } from "./declarations";
import type { Declared, Mode, SourceFile } from "./declarations";
import type { Scope } from "./expression/evaluate";
import { expand } from "./expand";
import { own } from "./json";
import type { JsonObject } from "./json";
import type { Module } from "./module-view";
import { Names } from "./names";
import { providerContext } from "./provider";
import type { ProviderContext, ProviderDefaults } from "./provider";
import { Resource } from "./resource";
import { Unknown } from "./value";
import type { Value } from "./value";

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
  /** The root module's directory as errors name it; that of its first file if left out. */
  readonly shown?: string;
  /** Finds a managed resource by its id in all modules. */
  readonly lookup: (type: string, id: Value) => Resource | undefined;
}

/** What a called module has of its caller. */
interface Called extends ChildOptions {
  provider(name: string): ProviderContext;
}

/** One root module, everything that shares a Terraform state; or one instance of a child module that it calls. */
export class RootModule implements Module {
  readonly name: string;
  readonly directory: string;
  readonly files: readonly SourceFile[];
  readonly scope: Scope;
  private readonly options: ModuleOptions;
  private readonly declared: Declarations;
  private readonly byId = new Map<string, ReadonlyMap<Value, Resource>>();
  private readonly expanded = new Map<string, readonly Resource[] | Unknown>();
  private readonly providers = new Map<string, ProviderContext>();
  private readonly children: ChildModules;
  private readonly names: Names;
  /** With a dot behind it; empty for a root module. */
  private readonly prefix: string;

  constructor(
    options: ModuleOptions,
    private readonly called?: Called,
  ) {
    this.options = options;
    this.prefix = called === undefined ? "" : `${called.address}.`;
    this.name = options.name;
    this.directory = options.directory;
    this.files = options.files;
    this.scope = { directory: options.directory, variable: (name) => this.names.root(name) };
    this.declared = new Declarations(options.files);
    const { directory } = options;
    const shown = called === undefined ? path.posix.dirname(this.mainFile) : (options.shown ?? ".");
    const make = (child: ChildOptions): RootModule =>
      new RootModule(
        { ...options, files: child.files, variables: {}, shown },
        { ...child, provider: (name) => this.provider(handedProvider(child.call, name)) },
      );
    const caller = { address: this.address, directory, folder: called?.folder ?? ".", shown, scope: this.scope, make };
    this.children = new ChildModules(caller, this.topLevel("module"));
    this.names = new Names({
      declared: this.declared,
      scope: this.scope,
      variables: options.variables,
      called,
      children: this.children,
      instances: (mode, key) => this.instances(mode, key),
      addressOf: (mode, key) => this.addressOf(mode, key),
    });
  }

  /** `module.routes["orders"]`; empty for a root module. */
  get address(): string {
    return this.called?.address ?? "";
  }

  /** Bodies of top-level blocks of one kind, over all files. */
  topLevel(kind: string): Declared[] {
    return this.declared.topLevel(kind);
  }

  /** Types of the managed resources that are declared. */
  types(): ReadonlySet<string> {
    return new Set([...this.declared.types(), ...this.children.types()]);
  }

  get mainFile(): string {
    return this.files[0]?.file ?? "";
  }

  moduleCalls(): readonly UnreadCall[] {
    return this.children.unreadCalls();
  }

  /** The resource blocks of a type, whatever count or for_each makes of them. */
  declarations(type: string): { readonly address: string; readonly file: string }[] {
    const own = this.declared.ofType(type).map((key) => ({
      address: this.prefix + key,
      file: this.declared.get("resource", key)?.file ?? "",
    }));
    return [...own, ...this.children.declarations(type)];
  }

  resources(type: string): readonly (Resource | Unknown)[] {
    const found: (Resource | Unknown)[] = [];
    for (const key of this.declared.ofType(type)) {
      const instances = this.instances("resource", key);
      if (instances instanceof Unknown) found.push(instances);
      else found.push(...(instances ?? []));
    }
    found.push(...this.children.resources(type));
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

  private instances(mode: Mode, key: string): readonly Resource[] | Unknown | undefined {
    const memo = `${mode}.${key}`;
    const known = this.expanded.get(memo);
    if (known !== undefined) return known;
    const declared = this.declared.get(mode, key);
    if (declared === undefined) return undefined;
    const address = this.addressOf(mode, key);
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

  private addressOf(mode: Mode, key: string): string {
    return `${this.prefix}${mode === "data" ? "data." : ""}${key}`;
  }

  private compute(resource: Resource, attribute: string): Value | undefined {
    if (resource.mode === "data" && resource.type === "terraform_remote_state" && attribute === "outputs") {
      return this.options.remoteOutputs(this, resource);
    }
    return computeAttribute(resource, attribute);
  }

  /** The value of an output, or `undefined` if there is none of that name. */
  output(name: string): Value | undefined {
    return this.names.output(name);
  }

  outputNames(): string[] {
    return this.topLevel("output").flatMap(({ json }) => Object.keys(json).filter((name) => name !== "//"));
  }

  /** The context of a provider as a resource names it: `aws.partner`, or nothing for the default one. */
  provider(reference?: unknown): ProviderContext {
    const name = typeof reference === "string" ? reference.replace(/^\$\{(.*)\}$/, "$1") : "aws";
    if (this.called !== undefined) return this.called.provider(name);
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
}

/** The provider of the caller that a call hands over under a name; the one of the same name where it says nothing. */
function handedProvider(call: JsonObject, name: string): string {
  const handed = own(bodies(call["providers"])[0] ?? {}, name);
  return typeof handed === "string" ? handed : name;
}
