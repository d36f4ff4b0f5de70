import { Block } from "./block";
import type { JsonObject } from "./json";
import type { Scope } from "./expression/evaluate";
import type { ProviderContext } from "./provider";
import { LazyObject, Unknown } from "./value";
import type { Value } from "./value";

/** Gives the attributes of a resource that AWS computes, from its address and configuration. */
export type ComputeAttribute = (resource: Resource, name: string) => Value | undefined;

export interface ResourceOptions {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** Address with its index: `aws_lambda_function.orders[0]`. */
  readonly address: string;
  readonly file: string;
  readonly json: JsonObject;
  readonly scope: Scope;
  /** Name of the root module; empty where there is only one. */
  readonly moduleName: string;
  /** Absolute directory that relative file names start from. */
  readonly directory: string;
  /** Asked for only when needed, because reading it may warn. */
  readonly provider: () => ProviderContext;
  readonly compute: ComputeAttribute;
  /** The managed resource of a type with this id, in any loaded module. */
  readonly lookup: (type: string, id: Value) => Resource | undefined;
}

/** One instance of a resource or of a data source. */
export class Resource extends Block {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly moduleName: string;
  readonly directory: string;
  private readonly computed = new Map<string, Value>();
  private readonly computing = new Set<string>();
  private readonly options: ResourceOptions;

  constructor(options: ResourceOptions) {
    super(options.address, options.file, options.json, options.scope);
    this.options = options;
    this.mode = options.mode;
    this.type = options.type;
    this.name = options.name;
    this.moduleName = options.moduleName;
    this.directory = options.directory;
  }

  get provider(): ProviderContext {
    return this.options.provider();
  }

  /** Unique over everything loaded, and the same on every machine. */
  get seed(): string {
    return `${this.moduleName}/${this.address}`;
  }

  lookup(type: string, id: Value): Resource | undefined {
    return this.options.lookup(type, id);
  }

  /** What a reference to this attribute gives: the configured value, else what AWS computes. */
  attribute(name: string): Value {
    const configured = this.configured(name);
    if (configured !== undefined) return configured;
    const known = this.computed.get(name);
    if (known !== undefined) return known;
    const address = `${this.address}.${name}`;
    if (this.computing.has(name)) return new Unknown("refers to itself", address, true);
    this.computing.add(name);
    const value =
      this.options.compute(this, name) ??
      new Unknown(this.mode === "data" ? "is read from AWS" : "is known only after apply", address);
    this.computing.delete(name);
    this.computed.set(name, value);
    return value;
  }

  /** The resource as a value of its own, as in `aws_iam_role.a[*].arn`. */
  asValue(): LazyObject {
    return new LazyObject(
      this.address,
      (name) => this.attribute(name),
      () => [...new Set([...Object.keys(this.json).filter((name) => !metaArguments.has(name)), "id"])],
    );
  }
}

const metaArguments = new Set([
  "//",
  "count",
  "for_each",
  "provider",
  "lifecycle",
  "depends_on",
  "connection",
  "provisioner",
  "dynamic",
]);
