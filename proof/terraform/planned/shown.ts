import { isJsonObject } from "../json";
import type { JsonObject } from "../json";

/** A resource as `terraform show -json` lists it (Terraform, "JSON Output Format", Values Representation). */
export interface ShownResource {
  /** With the modules in front and the index behind. */
  readonly address: string;
  /** Address of the module instance; empty for the root module. */
  readonly moduleAddress: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly values: JsonObject;
}

/** All resources of a values representation, those of child modules included. */
export function shownResources(values: unknown): ShownResource[] {
  return isJsonObject(values) ? ofModule(values["root_module"], "") : [];
}

function ofModule(module: unknown, moduleAddress: string): ShownResource[] {
  if (!isJsonObject(module)) return [];
  const own = list(module["resources"]).flatMap((json): ShownResource[] => {
    const { address, mode, type, name, index, values } = json;
    if (typeof address !== "string" || typeof type !== "string" || typeof name !== "string") return [];
    return [
      {
        address,
        moduleAddress,
        mode: mode === "data" ? "data" : "managed",
        type,
        name,
        ...(typeof index === "string" || typeof index === "number" ? { index } : {}),
        values: isJsonObject(values) ? values : {},
      },
    ];
  });
  const children = list(module["child_modules"]).flatMap((child) =>
    ofModule(child, typeof child["address"] === "string" ? child["address"] : ""),
  );
  return [...own, ...children];
}

export function list(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function member(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) found = isJsonObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  return found;
}

/** Names of the module calls in a module's address, without their indexes: `module.a["x"].module.b` is a, b. */
export function callPath(moduleAddress: string): string[] {
  return [...moduleAddress.matchAll(/(?:^|\.)module\.([A-Za-z0-9_-]+)(?:\[(?:"(?:[^"\\]|\\.)*"|[0-9]+)\])?/g)].map(
    ([, name]) => name ?? "",
  );
}
