import { own } from "../../terraform/json";
import type { JsonObject } from "../../terraform/json";
import type { ResourcePath } from "../path-parts";
import type { Route } from "../types";
import type { OpenApiDocument } from "./document";
import { entriesOf, textOf } from "./document";
import { operationIntegration } from "./integration";
import { operationParameters, operationModels } from "./parameters";
import type { Schemes } from "./schemes";
import { operationSecurity } from "./security";

const verbs: Readonly<Record<string, string>> = {
  get: "GET",
  put: "PUT",
  post: "POST",
  delete: "DELETE",
  options: "OPTIONS",
  head: "HEAD",
  patch: "PATCH",
  "x-amazon-apigateway-any-method": "ANY",
};

/** Members of a path item that are no operations. */
const notOperations = new Set(["parameters", "summary", "description", "servers", "$ref"]);

/** The resources that an import makes, whether or not they have operations. */
export function pathsOf(document: OpenApiDocument): ResourcePath[] {
  return Object.keys(entriesOf(document.root["paths"]))
    .filter((template) => !template.startsWith("x-"))
    .map((template) => ({ path: normalPath(template), source: document.source("paths", template) }));
}

/** One route for each operation of each path. */
export function buildOperations(document: OpenApiDocument, schemes: Schemes): Route[] {
  const paths = entriesOf(document.root["paths"]);
  const routes: Route[] = [];
  for (const [template, item] of Object.entries(paths)) {
    if (template.startsWith("x-")) continue;
    const pathItem = document.resolve(item);
    if (pathItem === undefined) {
      document.reading.report(`path ${template} is a reference that leads nowhere`, document.source("paths", template));
      continue;
    }
    for (const [name, operation] of Object.entries(pathItem)) {
      const method = own(verbs, name);
      if (method !== undefined) {
        routes.push(
          buildRoute(document, schemes, { template, name, method, pathItem, operation: entriesOf(operation) }),
        );
      } else if (!notOperations.has(name) && !name.startsWith("x-")) {
        document.reading.report(
          `"${name}" is no method that API Gateway knows`,
          document.source("paths", template, name),
        );
      }
    }
  }
  warnOfRootSecurity(document, paths);
  return routes;
}

interface Operation {
  readonly template: string;
  readonly name: string;
  readonly method: string;
  readonly pathItem: JsonObject;
  readonly operation: JsonObject;
}

function buildRoute(
  document: OpenApiDocument,
  schemes: Schemes,
  { template, name, method, pathItem, operation }: Operation,
): Route {
  const source = document.source("paths", template, name);
  const validator = requestValidator(document, operation);
  return {
    method,
    path: normalPath(template),
    ...operationSecurity(document, schemes, operation, source),
    requestParameters: operationParameters(document, pathItem, operation),
    requestModels: operationModels(document, pathItem, operation),
    ...(validator === undefined ? {} : { requestValidator: validator }),
    ...operationIntegration(document, operation, source),
    source,
  };
}

/** API Gateway strips a trailing slash of a path. */
const normalPath = (template: string): string => (template.length > 1 ? template.replace(/\/+$/, "") : template);

function requestValidator(document: OpenApiDocument, operation: JsonObject): Route["requestValidator"] {
  const extension = "x-amazon-apigateway-request-validator";
  const name = textOf(operation[extension]) ?? textOf(document.root[extension]);
  if (name === undefined) return undefined;
  const validators = entriesOf(document.root["x-amazon-apigateway-request-validators"]);
  if (!Object.hasOwn(validators, name)) {
    document.reading.report(`request validator "${name}" is not defined`, document.source(extension));
    return undefined;
  }
  const validator = entriesOf(validators[name]);
  return {
    body: validator["validateRequestBody"] === true,
    parameters: validator["validateRequestParameters"] === true,
  };
}

/** Documented under "Known issues" of REST APIs: security at the root is not applied to operations. */
function warnOfRootSecurity(document: OpenApiDocument, paths: JsonObject): void {
  const security = document.root["security"];
  if (!Array.isArray(security) || security.length === 0 || Object.keys(paths).length === 0) return;
  document.reading.report(
    "security at the root of an OpenAPI document is ignored by API Gateway: every operation without its own is open; repeat it on each operation",
    document.source("security"),
    "warning",
  );
}
