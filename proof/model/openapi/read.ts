import { parseDocument } from "yaml";
import { isJsonObject } from "../../terraform/json";
import type { Resource } from "../../terraform/resource";
import { Unknown } from "../../terraform/value";
import type { ResourcePath } from "../path-parts";
import type { Reading } from "../reading";
import type { Authorizer, GatewayResponse, PolicyDocument, Route } from "../types";
import { OpenApiDocument, entriesOf, textMapOf, textOf } from "./document";
import { buildOperations, pathsOf } from "./operations";
import { buildSchemes } from "./schemes";

/** What the OpenAPI body of an API defines. */
export interface OpenApiParts {
  readonly apiKeySource?: string;
  readonly disableExecuteApiEndpoint?: boolean;
  readonly binaryMediaTypes?: readonly string[];
  readonly policy?: PolicyDocument;
  readonly authorizers: readonly Authorizer[];
  readonly paths: readonly ResourcePath[];
  readonly routes: readonly Route[];
  readonly gatewayResponses: readonly GatewayResponse[];
}

const nothing: OpenApiParts = { authorizers: [], paths: [], routes: [], gatewayResponses: [] };

/**
 * Reads an API's `body`: OpenAPI 3.0 or Swagger 2.0 in JSON or YAML, with API Gateway's extensions (developer guide, "OpenAPI
 * extensions for API Gateway"). What the import would ignore or refuse is reported.
 */
export function openApiParts(reading: Reading, resource: Resource, apiId: string): OpenApiParts {
  const body = resource.configured("body");
  if (body === undefined || body === "") return nothing;
  const source = reading.source(resource, "body");
  if (body instanceof Unknown) {
    reading.unknown(body, source);
    return nothing;
  }
  const root = parse(String(body));
  if (typeof root === "string") {
    reading.report(`${source.address} is no OpenAPI document in JSON or YAML: ${root}`, source);
    return nothing;
  }
  const document = new OpenApiDocument(root, reading, source.file, source.address);
  checkBasePath(reading, resource);
  const schemes = buildSchemes(document, reading.address(resource), apiId);
  const apiKeySource = textOf(root["x-amazon-apigateway-api-key-source"]);
  const binary = root["x-amazon-apigateway-binary-media-types"];
  const endpoint = entriesOf(root["x-amazon-apigateway-endpoint-configuration"]);
  const policy = root["x-amazon-apigateway-policy"];
  return {
    ...(apiKeySource === undefined ? {} : { apiKeySource }),
    disableExecuteApiEndpoint: endpoint["disableExecuteApiEndpoint"] === true,
    ...(Array.isArray(binary) ? { binaryMediaTypes: binary.flatMap((type) => textOf(type) ?? []) } : {}),
    ...(policy === undefined
      ? {}
      : { policy: { document: policy, source: document.source("x-amazon-apigateway-policy") } }),
    authorizers: schemes.authorizers,
    paths: pathsOf(document),
    routes: buildOperations(document, schemes),
    gatewayResponses: gatewayResponses(document),
  };
}

/** The document, or why there is none. JSON is read as such: YAML's reader is slower, and words its mistakes worse. */
function parse(body: string): Record<string, unknown> | string {
  const isJson = /^\s*[{[]/.test(body);
  try {
    const value: unknown = isJson ? JSON.parse(body) : parseYaml(body);
    return isJsonObject(value) ? value : "it is no object";
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * YAML 1.2 as OpenAPI asks for it (OpenAPI 3.0.3, "Format"): the JSON schema's types, so that `no` and dates stay text,
 * and every key a text. A key that comes twice is a mistake, as two readers would take different ones.
 */
function parseYaml(body: string): unknown {
  const document = parseDocument(body, { schema: "core", stringKeys: true, uniqueKeys: true, prettyErrors: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw new Error(problem.message.split("\n")[0]?.replace(/:$/, "") ?? problem.code);
  return document.toJS({ maxAliasCount: 100 });
}

/** The import leaves a base path out unless it is told to prepend it or to split it off. */
function checkBasePath(reading: Reading, resource: Resource): void {
  const mode = reading.textMap(resource, "parameters")?.["basepath"] ?? "ignore";
  if (mode === "ignore") return;
  reading.report(`basepath "${mode}" is not supported: only "ignore" is`, reading.source(resource, "parameters"));
}

function gatewayResponses(document: OpenApiDocument): GatewayResponse[] {
  const extension = "x-amazon-apigateway-gateway-responses";
  return Object.entries(entriesOf(document.root[extension])).map(([responseType, value]) => {
    const response = entriesOf(value);
    const statusCode = textOf(response["statusCode"]);
    return {
      responseType,
      ...(statusCode === undefined ? {} : { statusCode }),
      responseParameters: textMapOf(response["responseParameters"]),
      responseTemplates: textMapOf(response["responseTemplates"]),
      source: document.source(extension, responseType),
    };
  });
}
