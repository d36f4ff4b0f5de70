import { Block } from "../block";
import { computeAttribute } from "../computed/compute";
import { compose } from "../computed/table";
import { Deferred } from "../expression/evaluate";
import type { Scope } from "../expression/evaluate";
import { isJsonObject, own } from "../json";
import type { JsonObject } from "../json";
import type { Module } from "../module-view";
import { providerContext } from "../provider";
import type { ProviderContext, ProviderDefaults } from "../provider";
import { Resource } from "../resource";
import { Unknown } from "../value";
import type { Value } from "../value";
import { links, listLinks, sources } from "./links";
import type { LinkKinds } from "./links";
import { literal } from "./literal";
import { References } from "./references";
import { list, member, shownResources } from "./shown";
import type { ShownResource } from "./shown";

export interface PlannedModuleOptions {
  /** The file's name. */
  readonly file: string;
  /** Absolute directory of the file: relative paths of zips start there. */
  readonly directory: string;
  readonly defaults: ProviderDefaults;
}

/** What a plan or a state says there will be, or is. Child modules are part of it. */
export class PlannedModule implements Module {
  readonly name = "";
  readonly mainFile: string;
  private readonly byType = new Map<string, Resource[]>();
  private readonly byAddress = new Map<string, Resource>();
  private readonly byId = new Map<string, ReadonlyMap<Value, Resource>>();
  private readonly providers = new Map<string, ProviderContext>();
  private readonly unknowns: ReadonlyMap<string, unknown>;
  private readonly references: References;
  private readonly scope: Scope;
  private readonly assumed = new Map<string, string>();

  constructor(
    private readonly json: JsonObject,
    private readonly options: PlannedModuleOptions,
  ) {
    this.mainFile = options.file;
    this.scope = { directory: options.directory, variable: () => undefined };
    const shown = shownResources(json["planned_values"] ?? json["values"]);
    this.references = new References(member(json, "configuration", "root_module"), shown);
    this.unknowns = new Map(
      list(json["resource_changes"]).map((change) => [
        String(change["address"]),
        member(change, "change", "after_unknown"),
      ]),
    );
    for (const one of shown) if (one.mode === "managed") this.add(one);
  }

  private add(shown: ShownResource): void {
    const config = this.references.resourceConfig(shown);
    const key = member(config, "provider_config_key");
    const resource = new Resource({
      mode: "managed",
      type: shown.type,
      name: shown.name,
      address: shown.address,
      file: this.options.file,
      json: this.attributes(shown, config),
      scope: this.scope,
      moduleName: "",
      directory: this.options.directory,
      provider: () => this.provider(typeof key === "string" ? key : "aws"),
      compute: computeAttribute,
      lookup: (type, id) => this.find(type, id),
    });
    this.byAddress.set(shown.address, resource);
    const ofType = this.byType.get(shown.type) ?? [];
    ofType.push(resource);
    this.byType.set(shown.type, ofType);
  }

  /**
   * The planned values. What the configuration sets and the plan does not know is linked or unknown; what it does not
   * set is left to the table of computed attributes.
   */
  private attributes(shown: ShownResource, config: JsonObject | undefined): JsonObject {
    const unknown = this.unknowns.get(shown.address);
    const later = isJsonObject(unknown) ? unknown : {};
    const configured = member(config, "expressions");
    const result: Record<string, unknown> = {};
    for (const name of new Set([...Object.keys(shown.values), ...Object.keys(later)])) {
      const value = literal(shown.values[name], later[name], `${shown.address}.${name}`, member(configured, name));
      const isSet = isJsonObject(configured) && Object.hasOwn(configured, name);
      if (later[name] === true && isSet && shown.type === "aws_lambda_permission" && name === "source_arn") {
        result[name] = new Deferred(() => this.source(shown));
      } else if (later[name] === true && isSet && shown.type === "aws_api_gateway_deployment" && name === "triggers") {
        // Of a value that is not known yet it still matters what it is worked out from.
        result[name] = { references: this.references.written(shown, name).map((one) => `\${${one}}`) };
      } else if (containsTrue(later[name]) && isSet && own(links, name) !== undefined) {
        result[name] = new Deferred(() => this.link(shown, name));
      } else if (later[name] !== true || isSet) result[name] = value;
    }
    const order = member(config, "depends_on");
    return order === undefined ? result : { ...result, depends_on: order };
  }

  private link(shown: ShownResource, attribute: string): Value {
    const values = this.linked(shown, attribute, own(links, attribute) ?? {}).map(({ value }) => value);
    if (listLinks.has(attribute) && values.length > 0) return values;
    const [only] = values;
    if (values.length === 1 && only !== undefined) return only;
    return new Unknown("is known only after apply", `${shown.address}.${attribute}`);
  }

  /**
   * Of the ARN in a Lambda permission a plan says only what it is composed of. That says for whom it is, and taking it
   * for all of that admits no caller of the API: it is API Gateway's own right to hand on what it has let in.
   */
  private source(shown: ShownResource): Value {
    const [only, ...others] = this.linked(shown, "source_arn", sources);
    const place = `${shown.address}.source_arn`;
    if (only === undefined || others.length > 0) return new Unknown("is known only after apply", place);
    this.assumed.set(place, `${place} is known only after apply: it is taken to cover all of ${only.address}`);
    return only.type === "aws_cognito_user_pool" ? only.value : compose(only.value, "/*");
  }

  /** The attributes of these kinds that an expression refers to. */
  private linked(shown: ShownResource, attribute: string, kinds: LinkKinds) {
    const fitting = this.references.targets(shown, attribute).flatMap(({ type, address, ...target }) => {
      const allowed = own(kinds, type);
      const taken = target.attribute ?? allowed?.[0];
      return taken !== undefined && allowed?.includes(taken) === true
        ? [[`${address} ${taken}`, { type, address, taken }] as const]
        : [];
    });
    return [...new Map(fitting).values()].map(({ type, address, taken }) => ({
      type,
      address,
      value: this.byAddress.get(address)?.attribute(taken) ?? null,
    }));
  }

  assumptions(): ReadonlyMap<string, string> {
    return this.assumed;
  }

  types(): ReadonlySet<string> {
    return new Set(this.byType.keys());
  }

  declarations(type: string): { readonly address: string; readonly file: string }[] {
    return this.resources(type).map(({ address, file }) => ({ address, file }));
  }

  resources(type: string): readonly Resource[] {
    return this.byType.get(type) ?? [];
  }

  /** Child modules are shown with everything else. */
  moduleCalls(): [] {
    return [];
  }

  private find(type: string, id: Value): Resource | undefined {
    let index = this.byId.get(type);
    if (index === undefined) {
      index = new Map(this.resources(type).map((resource) => [resource.attribute("id"), resource]));
      this.byId.set(type, index);
    }
    return index.get(id);
  }

  private provider(key: string): ProviderContext {
    // A child module's provider is keyed `module.x:aws`; the root's of the same name is what it inherits.
    const name = key.slice(key.lastIndexOf(":") + 1);
    const known = this.providers.get(name);
    if (known !== undefined) return known;
    const context = providerContext(this.providerBlock(name), name, { ...this.inferred(), ...this.options.defaults });
    this.providers.set(name, context);
    return context;
  }

  /** A state holds no providers, but the ARNs in it say whose it is, if they agree. */
  private inferred(): ProviderDefaults {
    const arns = [...this.byAddress.values()].flatMap(({ json }) =>
      typeof json["arn"] === "string" ? [json["arn"]] : [],
    );
    const account = single(arns.map((arn) => arn.split(":")[4] ?? "").filter((id) => /^[0-9]{12}$/.test(id)));
    const region = single(arns.map((arn) => arn.split(":")[3] ?? "").filter((name) => name !== ""));
    return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
  }

  private providerBlock(name: string): Block | undefined {
    const expressions = member(this.json, "configuration", "provider_config", name, "expressions");
    if (!isJsonObject(expressions)) return undefined;
    return new Block(`provider.${name}`, this.options.file, this.constants(expressions), this.scope);
  }

  /** A provider's arguments that are constants or root variables. */
  private constants(expressions: JsonObject): JsonObject {
    const constant = (expression: unknown): unknown => {
      if (Array.isArray(expression)) return expression.map((one) => (isJsonObject(one) ? this.constants(one) : one));
      if (!isJsonObject(expression)) return undefined;
      if (Object.hasOwn(expression, "constant_value")) return literal(expression["constant_value"], false, "");
      const references = expression["references"];
      const [only] = Array.isArray(references) ? (references as unknown[]) : [];
      if (!Array.isArray(references) || references.length !== 1 || typeof only !== "string" || !only.startsWith("var."))
        return undefined;
      return literal(member(this.json, "variables", only.slice(4), "value"), false, "");
    };
    return Object.fromEntries(Object.entries(expressions).map(([name, expression]) => [name, constant(expression)]));
  }

  usedProviders(): ReadonlyMap<string, ProviderContext> {
    return this.providers;
  }

  declaredProviders(): ProviderContext[] {
    const configs = member(this.json, "configuration", "provider_config");
    const names = isJsonObject(configs) ? Object.keys(configs).filter((name) => /^aws(\.|$)/.test(name)) : [];
    return names.map((name) => providerContext(this.providerBlock(name), name, this.options.defaults));
  }
}

function single(values: readonly string[]): string | undefined {
  const distinct = new Set(values);
  return distinct.size === 1 ? values[0] : undefined;
}

function containsTrue(unknown: unknown): boolean {
  if (unknown === true) return true;
  if (Array.isArray(unknown)) return unknown.some(containsTrue);
  return isJsonObject(unknown) && Object.values(unknown).some(containsTrue);
}
