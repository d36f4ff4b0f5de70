import type { Resource } from "../terraform/resource";
import type { ByApi } from "./by-api";
import { groupBy } from "./group-by";
import { functionArnOf } from "./function-uri";
import type { Reading } from "./reading";
import type { Integration, IntegrationResponse, Route } from "./types";

type RouteIntegration = Pick<Route, "integration" | "integrationRefused">;

/** AWS's own default and longest time-out. */
export const defaultTimeoutMs = 29_000;

/** Finds the integration of a method by resource id and verb. */
export function buildIntegrations(
  reading: Reading,
  byApi: ByApi,
  apiId: string,
): (resourceId: string, verb: string) => RouteIntegration {
  const key = (resource: Resource): string =>
    `${reading.text(resource, "resource_id") ?? ""} ${(reading.text(resource, "http_method") ?? "").toUpperCase()}`;
  const responses = groupBy(byApi("aws_api_gateway_integration_response", apiId), key);
  const integrations = new Map(byApi("aws_api_gateway_integration", apiId).map((one) => [key(one), one]));
  return (resourceId, verb) => {
    const found = integrations.get(`${resourceId} ${verb}`);
    if (found === undefined) return {};
    return buildIntegration(reading, found, responses.get(`${resourceId} ${verb}`) ?? []);
  };
}

function buildIntegration(reading: Reading, resource: Resource, responses: readonly Resource[]): RouteIntegration {
  const refuse = (reason: string, attribute?: string): RouteIntegration => {
    reading.report(reason, reading.source(resource, attribute));
    return { integrationRefused: reason };
  };
  const source = reading.source(resource);
  const timeoutMs = reading.number(resource, "timeout_milliseconds") ?? defaultTimeoutMs;
  const type = reading.text(resource, "type");
  const uri = reading.text(resource, "uri");
  const credentials = reading.text(resource, "credentials");
  if (reading.text(resource, "connection_type") === "VPC_LINK") {
    return refuse(`${resource.address} goes through a VPC link, which is not supported`, "connection_type");
  }
  const mapped = reading.textMap(resource, "request_parameters") ?? {};
  switch (type) {
    case "AWS_PROXY": {
      if (uri === undefined) return refuse(`${resource.address} has no uri that is known`, "uri");
      const functionArn = functionArnOf(uri);
      if (functionArn === undefined)
        return refuse(`AWS_PROXY integration of "${uri}" is not supported: only Lambda functions are`, "uri");
      return {
        integration: {
          type,
          functionArn,
          ...(credentials === undefined ? {} : { credentialsArn: credentials }),
          timeoutMs,
          source,
        },
      };
    }
    case "HTTP_PROXY":
      if (uri === undefined) return refuse(`${resource.address} has no uri that is known`, "uri");
      return {
        integration: {
          type,
          httpMethod: (reading.text(resource, "integration_http_method") ?? "ANY").toUpperCase(),
          uri,
          requestParameters: mapped,
          timeoutMs,
          source,
        },
      };
    case "MOCK":
      return {
        integration: {
          type,
          requestTemplates: reading.textMap(resource, "request_templates") ?? {},
          responses: responses.map((response) => integrationResponse(reading, response)),
          source,
        } satisfies Integration,
      };
    default:
      return refuse(
        `integration type ${type ?? "(none)"} is not supported: only AWS_PROXY, HTTP_PROXY and MOCK are`,
        "type",
      );
  }
}

function integrationResponse(reading: Reading, response: Resource): IntegrationResponse {
  const pattern = reading.text(response, "selection_pattern");
  return {
    statusCode: reading.text(response, "status_code") ?? "200",
    ...(pattern === undefined ? {} : { selectionPattern: pattern }),
    responseParameters: reading.textMap(response, "response_parameters") ?? {},
    responseTemplates: reading.textMap(response, "response_templates") ?? {},
  };
}
