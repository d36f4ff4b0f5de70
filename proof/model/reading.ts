import { InputError } from "../errors";
import { repeatedMembers } from "../json-members";
import { Block } from "../terraform/block";
import { repeatsMember } from "../terraform/json";
import type { Module } from "../terraform/module-view";
import { toBoolean, toNumber } from "../terraform/expression/operators";
import { Resource } from "../terraform/resource";
import { describeUnknown, findUnknown, isList, isObject, materialize, toText, Unknown } from "../terraform/value";
import type { Value } from "../terraform/value";
import type { PolicyDocument, Problem, Source } from "./types";

type Severity = Problem["severity"];

/** Reads typed attributes out of resources, and collects what cannot be read as problems. */
export class Reading {
  readonly problems: Problem[] = [];

  constructor(
    /** The modules that the model is made of. */
    readonly modules: readonly Module[],
    /** Several modules were loaded, so addresses need the module's name in front. */
    private readonly several: boolean,
  ) {}

  report(message: string, source: Source, severity: Severity = "error"): void {
    this.problems.push({ message, source, severity });
  }

  /** Every instance of a type. Instances that are not known are reported. */
  resources(type: string): Resource[] {
    return this.modules.flatMap((module) =>
      module.resources(type).flatMap((found) => {
        if (found instanceof Resource) return [found];
        this.report(`the instances of ${type} are not known: ${describeUnknown(found)}`, {
          file: module.mainFile,
          address: found.address,
        });
        return [];
      }),
    );
  }

  /** Whether there may be more resources of a type than are known. */
  incomplete(type: string): boolean {
    return this.modules.some((module) => module.resources(type).some((found) => found instanceof Unknown));
  }

  /** The address that names a resource among everything loaded. */
  address(resource: Resource): string {
    return this.several && resource.moduleName !== "" ? `${resource.moduleName}/${resource.address}` : resource.address;
  }

  source(block: Block, attribute?: string): Source {
    return { file: block.file, address: attribute === undefined ? block.address : `${block.address}.${attribute}` };
  }

  /** What a resource says or AWS computes; what a nested block says. Unknown values are reported and left out. */
  value(block: Block, name: string, severity: Severity = "error"): Exclude<Value, Unknown> | undefined {
    const found =
      block instanceof Resource && block.configured(name) === undefined
        ? computed(block, name)
        : block.configured(name);
    if (found === undefined) return undefined;
    if (!(found instanceof Unknown)) return found;
    this.unknown(found, this.source(block, name), severity);
    return undefined;
  }

  unknown(found: Unknown, source: Source, severity: Severity = "error"): void {
    this.report(sentence(found, source), source, severity);
  }

  private converted<T>(
    block: Block,
    name: string,
    severity: Severity,
    type: string,
    convert: (value: Value) => T | undefined,
  ): T | undefined {
    const found = this.value(block, name, severity);
    if (found === undefined || found === null) return undefined;
    const result = convert(found);
    if (result === undefined) this.report(`${block.address}.${name} is no ${type}`, this.source(block, name), severity);
    return result;
  }

  /** An empty string says nothing, as in the provider: a state has one for every argument left out. */
  text(block: Block, name: string, severity: Severity = "error"): string | undefined {
    const text = this.converted(block, name, severity, "string", toText);
    return text === "" ? undefined : text;
  }

  number(block: Block, name: string, severity: Severity = "error"): number | undefined {
    return this.converted(block, name, severity, "number", toNumber);
  }

  flag(block: Block, name: string, severity: Severity = "error"): boolean | undefined {
    return this.converted(block, name, severity, "boolean", toBoolean);
  }

  /** A list of strings; an element that is not known is reported and left out. */
  texts(block: Block, name: string, severity: Severity = "error"): string[] | undefined {
    const found = this.value(block, name, severity);
    if (found === undefined || found === null) return undefined;
    const items = isList(found) ? found : [found];
    return items.flatMap((item, index) =>
      this.element(item, this.source(block, `${name}[${String(index)}]`), severity),
    );
  }

  /** A map of strings; an element that is not known is reported and left out. */
  textMap(block: Block, name: string, severity: Severity = "error"): Record<string, string> | undefined {
    const found = this.value(block, name, severity);
    if (found === undefined || found === null) return undefined;
    if (!isObject(found)) {
      this.report(`${block.address}.${name} is no map`, this.source(block, name), severity);
      return undefined;
    }
    return Object.fromEntries(
      Object.entries(found).flatMap(([key, item]) =>
        this.element(item, this.source(block, `${name}["${key}"]`), severity).map((text) => [key, text] as const),
      ),
    );
  }

  /** A plan or a state has all tags together; a configuration has the provider's apart. */
  tags(resource: Resource): Record<string, string> {
    if (resource.configured("tags_all") !== undefined) return this.textMap(resource, "tags_all") ?? {};
    return { ...resource.provider.defaultTags, ...this.textMap(resource, "tags") };
  }

  private element(item: Value, source: Source, severity: Severity): string[] {
    if (item instanceof Unknown) {
      this.unknown(item, source, severity);
      return [];
    }
    const text = toText(item);
    return text === undefined ? [] : [text];
  }

  blocks(block: Block, name: string, severity: Severity = "error"): Block[] {
    return block.blocks(name).flatMap((found) => {
      if (found instanceof Block) return [found];
      this.unknown(found, this.source(block, name), severity);
      return [];
    });
  }

  /** The policy in a JSON string attribute; `undefined` where there is none. */
  policy(block: Block, name: string): PolicyDocument | undefined {
    const found = block.configured(name);
    if (found === undefined || found === "") return undefined;
    return this.policyFrom(found, this.source(block, name));
  }

  /** The policy in an attribute that Terraform asks for: without one it is there and unreadable. */
  requiredPolicy(block: Block, name: string): PolicyDocument {
    const policy = this.policy(block, name);
    if (policy !== undefined) return policy;
    const source = this.source(block, name);
    const unresolved = `${source.address} is missing or empty, which Terraform refuses`;
    this.report(unresolved, source);
    return { document: null, source, unresolved };
  }

  policyFrom(found: Value, source: Source): PolicyDocument {
    const unresolved = (reason: string): PolicyDocument => {
      this.report(reason, source);
      return { document: null, source, unresolved: reason };
    };
    if (found instanceof Unknown) return unresolved(sentence(found, source));
    if (typeof found !== "string") return unresolved(`${source.address} is no JSON text`);
    try {
      const document: unknown = JSON.parse(found);
      // The parser keeps the last of them, so that a second Condition would undo the first.
      if (repeatsMember(found, document, source.address)) {
        const twice = repeatedMembers(found, document).join(", ");
        return unresolved(`${source.address} has ${twice} twice in one object, which the policy grammar forbids`);
      }
      return { document, source };
    } catch (error) {
      if (error instanceof InputError) return unresolved(error.message);
      return unresolved(`${source.address} is no valid JSON: ${(error as Error).message}`);
    }
  }

  /** All that the configuration says of a resource, as plain data. What is not known is left out. */
  settings(resource: Resource): Record<string, unknown> {
    const names = Object.keys(resource.json).filter((name) => !notSettings.has(name));
    return Object.fromEntries(
      names.flatMap((name) => {
        const found = resource.configured(name);
        if (found === undefined || findUnknown(found) !== undefined) return [];
        return [[name, materialize(found)] as const];
      }),
    );
  }
}

const notSettings = new Set([
  "//",
  "count",
  "for_each",
  "provider",
  "lifecycle",
  "depends_on",
  "provisioner",
  "connection",
]);

function sentence(found: Unknown, { address }: Source): string {
  return found.address === address ? describeUnknown(found) : `${address} is not known: ${describeUnknown(found)}`;
}

/** Attributes that may be left unset have no table entry, so an unknown here only means that nothing is said. */
function computed(resource: Resource, name: string): Value | undefined {
  const found = resource.attribute(name);
  return found instanceof Unknown && found.address === `${resource.address}.${name}` && !found.failed
    ? undefined
    : found;
}
