import type { Resource } from "../terraform/resource";
import type { ByApi } from "./by-api";
import { buildIntegrations } from "./integrations";
import type { Reading } from "./reading";
import { requestChecks } from "./request-checks";
import { routeAuth } from "./route-auth";
import type { Authorizer, Route } from "./types";

const verbs = new Set(["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"]);

/** The routes that are written as method, resource and integration resources. */
export function buildRoutes(
  reading: Reading,
  api: Resource,
  apiId: string,
  byApi: ByApi,
  authorizers: readonly Authorizer[],
): Route[] {
  const integrations = buildIntegrations(reading, byApi, apiId);
  const checks = requestChecks(reading, byApi, apiId);
  const byId = new Map(authorizers.map((authorizer) => [authorizer.id, authorizer]));
  return byApi("aws_api_gateway_method", apiId).flatMap((method): Route[] => {
    const verb = reading.text(method, "http_method")?.toUpperCase();
    const resourceId = reading.text(method, "resource_id");
    const path = resourceId === undefined ? undefined : pathOf(reading, api, method, resourceId);
    if (verb === undefined || path === undefined || resourceId === undefined) {
      reading.report(`${method.address} cannot be placed: its verb or its path is not known`, reading.source(method));
      return [];
    }
    if (!verbs.has(verb)) {
      reading.report(`"${verb}" is not a verb that API Gateway knows`, reading.source(method, "http_method"));
    }
    const validator = checks.validator(method);
    return [
      {
        method: verb,
        path,
        ...routeAuth(reading, method, byId),
        apiKeyRequired: reading.flag(method, "api_key_required") ?? false,
        requestParameters: checks.parameters(method),
        requestModels: checks.models(method),
        ...(validator === undefined ? {} : { requestValidator: validator }),
        ...integrations(resourceId, verb),
        source: reading.source(method),
      },
    ];
  });
}

function pathOf(reading: Reading, api: Resource, method: Resource, resourceId: string): string | undefined {
  if (resourceId === api.attribute("root_resource_id")) return "/";
  const resource = method.lookup("aws_api_gateway_resource", resourceId);
  if (resource !== undefined) return reading.text(resource, "path");
  reading.report(
    `${method.address} stands on resource ${resourceId}, which is not in this directory`,
    reading.source(method, "resource_id"),
  );
  return undefined;
}
