import * as path from "node:path";
import { Block, bodies } from "./block";
import { evaluateJson } from "./expression/evaluate";
import { own } from "./json";
import type { RootModule } from "./module";
import type { Resource } from "./resource";
import { equal, isObject, LazyObject, toText, Unknown } from "./value";
import type { Value, ValueObject } from "./value";

/** The settings that name one state within a backend; all others (region, lock, credentials) say how to reach it. */
const identifying: Readonly<Record<string, readonly string[]>> = {
  s3: ["bucket", "key", "workspace_key_prefix"],
  gcs: ["bucket", "prefix"],
  azurerm: ["storage_account_name", "container_name", "key"],
  http: ["address"],
  remote: ["hostname", "organization", "workspaces"],
  cloud: ["hostname", "organization", "workspaces"],
};

/** CDKTF names the data source of a cross-stack reference after the stack that it reads. */
const crossStack = "cross-stack-reference-input-";

/**
 * The outputs of the loaded module whose state a `terraform_remote_state` data source reads: matched by the backend's
 * settings, else by the name that CDKTF gives such a data source.
 */
export function remoteOutputs(modules: readonly RootModule[], reader: RootModule, data: Resource): Value {
  const producer = modules.find((module) => writes(module, reader, data)) ?? named(modules, data.name);
  if (producer === undefined) {
    return new Unknown("reads a state that no module in this directory writes", data.address);
  }
  return new LazyObject(
    `${data.address}.outputs`,
    (name) =>
      producer.output(name) ?? new Unknown(`is no output of ${producer.name}`, `${data.address}.outputs.${name}`, true),
    () => producer.outputNames(),
  );
}

const named = (modules: readonly RootModule[], name: string): RootModule | undefined =>
  name.startsWith(crossStack) ? modules.find((module) => module.name === name.slice(crossStack.length)) : undefined;

function writes(module: RootModule, reader: RootModule, data: Resource): boolean {
  const wanted = data.configured("config");
  const kind = data.configured("backend");
  if (!isObject(wanted) || typeof kind !== "string") return false;
  const backend = backendOf(module);
  if (kind === "local") {
    if (backend.kind !== "local") return false;
    return statePath(reader, wanted) === statePath(module, backend.config);
  }
  const settings = own(identifying, kind);
  if (settings === undefined || backend.kind !== kind) return false;
  return settings.every((name) => equal(one(wanted[name]), one(backend.config[name])));
}

/** A nested block may be written as a list of one. */
const one = (value: Value | undefined): Value =>
  Array.isArray(value) ? ((value as readonly Value[])[0] ?? null) : (value ?? null);

function statePath(module: RootModule, config: ValueObject): string {
  return path.resolve(module.directory, toText(config["path"] ?? null) ?? "terraform.tfstate");
}

function backendOf(module: RootModule): { readonly kind: string; readonly config: ValueObject } {
  for (const { json, file } of module.topLevel("terraform")) {
    for (const backends of bodies(json["backend"])) {
      for (const [kind, body] of Object.entries(backends)) {
        const [config] = bodies(body);
        if (config === undefined) continue;
        const block = new Block(`terraform.backend.${kind}`, file, config, module.scope);
        const value = evaluateJson(block.json, module.scope);
        if (isObject(value)) return { kind, config: value };
      }
    }
  }
  return { kind: "local", config: {} };
}
