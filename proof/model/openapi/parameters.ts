import { own } from "../../terraform/json";
import type { JsonObject } from "../../terraform/json";
import type { OpenApiDocument } from "./document";
import { entriesOf, textOf } from "./document";

/** API Gateway's names of the places that a parameter may stand in. */
const places: Readonly<Record<string, string>> = { path: "path", query: "querystring", header: "header" };

/** `method.request.<place>.<name>` to whether it is required; an operation's parameter wins over its path's. */
export function operationParameters(
  document: OpenApiDocument,
  pathItem: JsonObject,
  operation: JsonObject,
): Record<string, boolean> {
  const found: Record<string, boolean> = {};
  for (const parameter of parametersOf(document, pathItem, operation)) {
    const place = own(places, textOf(parameter["in"]) ?? "");
    const name = textOf(parameter["name"]);
    if (place !== undefined && name !== undefined)
      found[`method.request.${place}.${name}`] = parameter["required"] === true;
  }
  return found;
}

/** Content type to schema: `requestBody` of OpenAPI 3, the `body` parameter of Swagger 2. */
export function operationModels(
  document: OpenApiDocument,
  pathItem: JsonObject,
  operation: JsonObject,
): Record<string, unknown> {
  const models: Record<string, unknown> = {};
  const body = document.resolve(operation["requestBody"]);
  for (const [contentType, media] of Object.entries(entriesOf(body?.["content"]))) {
    const schema = entriesOf(media)["schema"];
    if (schema !== undefined) models[contentType] = withDefinitions(document, schema);
  }
  const parameter = parametersOf(document, pathItem, operation).find((one) => one["in"] === "body");
  if (parameter?.["schema"] !== undefined) {
    const consumes = operation["consumes"] ?? document.root["consumes"];
    const types = Array.isArray(consumes) && consumes.length > 0 ? consumes : ["application/json"];
    for (const type of types)
      models[textOf(type) ?? "application/json"] = withDefinitions(document, parameter["schema"]);
  }
  return models;
}

function parametersOf(document: OpenApiDocument, pathItem: JsonObject, operation: JsonObject): JsonObject[] {
  return [pathItem["parameters"], operation["parameters"]]
    .flatMap((list): unknown[] => (Array.isArray(list) ? list : []))
    .map((one) => document.resolve(one))
    .filter((one) => one !== undefined);
}

/** The schema with the document's own definitions beside it, so that its `$ref`s lead somewhere. */
function withDefinitions(document: OpenApiDocument, schema: unknown): unknown {
  const schemas = document.component("schemas");
  if (Object.keys(schemas).length === 0) return schema;
  const beside = document.root["swagger"] === undefined ? { components: { schemas } } : { definitions: schemas };
  return { ...entriesOf(schema), ...beside };
}
