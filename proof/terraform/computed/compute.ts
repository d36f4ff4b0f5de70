import { dataSource } from "../data/data-source";
import type { Resource } from "../resource";
import type { Value } from "../value";
import { apiGateway } from "./api-gateway";
import { cognito } from "./cognito";
import { iam } from "./iam";
import { lambda } from "./lambda";
import { other } from "./other";
import type { AttributeTable } from "./table";

const tables = new Map<string, AttributeTable>(
  [apiGateway, cognito, iam, lambda, other].flatMap((service) => Object.entries(service)),
);

/**
 * The attribute that AWS or the provider would compute, as a stand-in in the real thing's shape.
 *
 * @returns `undefined` for an attribute that no table knows: it stays unknown.
 */
export function computeAttribute(resource: Resource, name: string): Value | undefined {
  if (resource.mode === "data") return dataSource(resource, name);
  if (name === "tags_all") return { ...resource.provider.defaultTags, ...tagsOf(resource) };
  const table = tables.get(resource.type);
  return table !== undefined && Object.hasOwn(table, name) ? table[name]?.(resource) : undefined;
}

function tagsOf(resource: Resource): Record<string, Value> {
  const tags = resource.configured("tags");
  return typeof tags === "object" && tags !== null && !Array.isArray(tags) ? (tags as Record<string, Value>) : {};
}
