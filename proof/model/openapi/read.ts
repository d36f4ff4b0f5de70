import type { Resource } from "../../terraform/resource";
import type { Reading } from "../reading";
import type { Authorizer, GatewayResponse, PolicyDocument, Route } from "../types";

/** What the OpenAPI body of an API defines. */
export interface OpenApiParts {
  readonly name?: string;
  readonly apiKeySource?: string;
  readonly binaryMediaTypes?: readonly string[];
  readonly policy?: PolicyDocument;
  readonly authorizers: readonly Authorizer[];
  readonly routes: readonly Route[];
  readonly gatewayResponses: readonly GatewayResponse[];
}

export function openApiParts(reading: Reading, resource: Resource, _apiId: string): OpenApiParts {
  if (resource.configured("body") !== undefined) {
    reading.report(
      `${resource.address} is defined by an OpenAPI body, which is not read`,
      reading.source(resource, "body"),
    );
  }
  return { authorizers: [], routes: [], gatewayResponses: [] };
}
