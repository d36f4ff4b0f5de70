import { existsSync, readdirSync } from "node:fs";
import * as path from "node:path";
import { bodies } from "./block";
import { Declarations } from "./declarations";
import type { Declared, SourceFile } from "./declarations";
import { moduleFiles } from "./discover";
import type { Scope } from "./expression/evaluate";
import { expand } from "./expand";
import type { JsonObject } from "./json";
import type { Resource } from "./resource";
import { LazyObject, Unknown } from "./value";
import type { Value } from "./value";

/** One instance of a called module, as its caller sees it. */
export interface Child {
  /** `module.routes["orders"]` */
  readonly address: string;
  types(): ReadonlySet<string>;
  declarations(type: string): readonly Place[];
  resources(type: string): readonly (Resource | Unknown)[];
  moduleCalls(): readonly UnreadCall[];
  output(name: string): Value | undefined;
  outputNames(): readonly string[];
}

interface Place {
  readonly address: string;
  readonly file: string;
}

/** A call of a module that is not read: from a registry or a repository, or in HCL. */
export interface UnreadCall {
  readonly name: string;
  readonly file: string;
  readonly json: unknown;
}

/** What is needed to make an instance of a called module. */
export interface ChildOptions {
  readonly address: string;
  readonly files: readonly SourceFile[];
  /** What `path.module` gives: relative to the root module. */
  readonly folder: string;
  readonly call: JsonObject;
  /** Where the call's arguments are evaluated. */
  readonly scope: Scope;
}

interface Caller {
  /** Empty for a root module. */
  readonly address: string;
  /** Absolute directory of the root module. */
  readonly directory: string;
  readonly folder: string;
  /** The directory of the root module as errors name it. */
  readonly shown: string;
  readonly scope: Scope;
  make(options: ChildOptions): Child;
}

interface Call extends Declared {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly SourceFile[];
  readonly declared: Declarations;
}

/** Modules call one another this deep at most, so that one that calls itself comes to an end. */
const deepest = 10;

/** The child modules of Terraform JSON that a module calls from folders beside it. */
export class ChildModules {
  private readonly calls: readonly Call[];
  private readonly unread: readonly UnreadCall[];
  private readonly made = new Map<string, readonly Child[] | Unknown>();

  /** @throws InputError for malformed JSON in a called module */
  constructor(
    private readonly caller: Caller,
    blocks: readonly Declared[],
  ) {
    const calls: Call[] = [];
    const unread: UnreadCall[] = [];
    const all = blocks.flatMap(({ json, file }) =>
      Object.entries(json).flatMap(([name, body]) => bodies(body).map((one) => ({ name, file, json: one }))),
    );
    for (const call of all) {
      const folder = this.localFolder(call.json["source"]);
      if (folder === undefined) {
        unread.push({
          ...call,
          name: `${this.prefix.replace(/^module\./, "")}${this.prefix === "" ? "" : "module."}${call.name}`,
        });
        continue;
      }
      const files = moduleFiles(path.join(caller.directory, folder), path.posix.join(caller.shown, folder));
      calls.push({ ...call, folder, files, declared: new Declarations(files) });
    }
    this.calls = calls;
    this.unread = unread;
  }

  private get prefix(): string {
    return this.caller.address === "" ? "" : `${this.caller.address}.`;
  }

  /** The folder of a module of Terraform JSON beside the caller; undefined for any other source. */
  private localFolder(source: unknown): string | undefined {
    if (typeof source !== "string" || !/^\.\.?\//.test(source)) return undefined;
    if (this.caller.address.split("module.").length > deepest) return undefined;
    const folder = path.posix.join(this.caller.folder, source);
    const directory = path.join(this.caller.directory, folder);
    const names = existsSync(directory) ? readdirSync(directory) : [];
    const isJson = names.some((name) => name.endsWith(".tf.json")) && !names.some((name) => name.endsWith(".tf"));
    return isJson ? folder : undefined;
  }

  private instances(call: Call): readonly Child[] | Unknown {
    const address = `${this.prefix}module.${call.name}`;
    const known = this.made.get(call.name);
    if (known !== undefined) return known;
    // While count or for_each is evaluated, a reference back to the module is a cycle.
    this.made.set(call.name, new Unknown("refers to itself", address, true));
    const expanded = expand(call.json, address, this.caller.scope);
    const { files, folder, json } = call;
    const made =
      expanded instanceof Unknown
        ? expanded
        : expanded.map((one) =>
            this.caller.make({ address: one.address, scope: one.scope, files, folder, call: json }),
          );
    this.made.set(call.name, made);
    return made;
  }

  /** Of a call whose instances are not known, what it declares. */
  private each<T>(
    ofInstance: (child: Child) => Iterable<T>,
    otherwise: (call: Call, why: Unknown) => Iterable<T>,
  ): T[] {
    return this.calls.flatMap((call) => {
      const instances = this.instances(call);
      if (instances instanceof Unknown) return [...otherwise(call, instances)];
      return instances.flatMap((child) => [...ofInstance(child)]);
    });
  }

  types(): string[] {
    return this.each(
      (child) => child.types(),
      ({ declared }) => declared.types(),
    );
  }

  declarations(type: string): Place[] {
    return this.each(
      (child) => child.declarations(type),
      ({ name, file, declared }) =>
        declared.ofType(type).map((key) => ({ address: `${this.prefix}module.${name}.${key}`, file })),
    );
  }

  resources(type: string): (Resource | Unknown)[] {
    return this.each<Resource | Unknown>(
      (child) => child.resources(type),
      // What its own child modules hold is not known either.
      ({ declared }, why) => (declared.ofType(type).length > 0 || declared.topLevel("module").length > 0 ? [why] : []),
    );
  }

  /** Calls that are not read, those of the children included. */
  unreadCalls(): UnreadCall[] {
    return [
      ...this.unread,
      ...this.each<UnreadCall>(
        (child) => child.moduleCalls(),
        () => [],
      ),
    ];
  }

  /** `module.name`: an object of outputs, or those of each instance by key or index. */
  value(name: string): Value {
    const call = this.calls.find((one) => one.name === name);
    const address = `${this.prefix}module.${name}`;
    if (call === undefined) return new Unknown("is a module call, which is not read", address);
    const instances = this.instances(call);
    if (instances instanceof Unknown) return instances;
    const outputs = instances.map((child) => [child.address.slice(address.length), outputsOf(child)] as const);
    if (call.json["count"] !== undefined) return outputs.map(([, value]) => value);
    if (call.json["for_each"] === undefined) return outputs[0]?.[1] ?? null;
    return Object.fromEntries(outputs.map(([index, value]) => [JSON.parse(index.slice(1, -1)) as string, value]));
  }
}

function outputsOf(child: Child): Value {
  const absent = (name: string): Unknown =>
    new Unknown("does not exist in this configuration", `${child.address}.${name}`, true);
  return new LazyObject(
    child.address,
    (name) => child.output(name) ?? absent(name),
    () => child.outputNames(),
  );
}
