import type { Resource } from "../resource";
import { alphanumeric, lowerAlphanumeric, standIn, standInUuid } from "../stand-in";
import { compose, gatewayId, regionalArn, same } from "./table";
import type { AttributeTable } from "./table";
import { Unknown } from "../value";
import type { Value } from "../value";

/** API Gateway's own ARNs carry no account: `arn:aws:apigateway:<region>::/restapis/<id>`. */
function managementArn(resource: Resource, ...path: readonly Value[]): Value {
  const { partition, region } = resource.provider;
  return compose(`arn:${partition}:apigateway:${region}::`, ...path);
}

function executeApiHost(resource: Resource, apiId: Value): Value {
  const { region, dnsSuffix } = resource.provider;
  return compose(apiId, `.execute-api.${region}.${dnsSuffix}`);
}

const stageUrl = (resource: Resource): Value =>
  compose(
    "https://",
    executeApiHost(resource, resource.attribute("rest_api_id")),
    "/",
    resource.attribute("stage_name"),
  );

const stageExecutionArn = (resource: Resource): Value =>
  regionalArn(resource, "execute-api", resource.attribute("rest_api_id"), "/", resource.attribute("stage_name"));

/**
 * The root resource's id is a fixed function of the API's id, so that methods on `/` find it through any reference.
 */
export function rootResourceId(apiId: Value): Value {
  return apiId instanceof Unknown ? apiId : standIn(`${String(apiId)}/root`, 10, lowerAlphanumeric);
}

/** The path template of a resource: those of its parents, up to the API's root. */
function resourcePath(resource: Resource): Value {
  const parentId = resource.attribute("parent_id");
  if (parentId instanceof Unknown) return parentId;
  const part = compose("/", resource.attribute("path_part"));
  const parent = resource.lookup("aws_api_gateway_resource", parentId);
  if (parent !== undefined) return compose(parent.attribute("path"), part);
  const api = resource.lookup("aws_api_gateway_rest_api", resource.attribute("rest_api_id"));
  if (api !== undefined && api.attribute("root_resource_id") === parentId) return part;
  return new Unknown("names a parent resource that is not in this configuration", `${resource.address}.parent_id`);
}

export const apiGateway: Readonly<Record<string, AttributeTable>> = {
  aws_api_gateway_rest_api: {
    id: gatewayId,
    root_resource_id: (api) => rootResourceId(api.attribute("id")),
    execution_arn: (api) => regionalArn(api, "execute-api", api.attribute("id")),
    arn: (api) => managementArn(api, "/restapis/", api.attribute("id")),
    created_date: () => "2026-01-01T00:00:00Z",
  },
  aws_api_gateway_resource: {
    id: gatewayId,
    path: resourcePath,
  },
  aws_api_gateway_method: {
    id: (method) =>
      compose(
        "agm-",
        method.attribute("rest_api_id"),
        "-",
        method.attribute("resource_id"),
        "-",
        method.attribute("http_method"),
      ),
  },
  aws_api_gateway_method_response: { id: (response) => compose("agmr-", gatewayId(response)) },
  aws_api_gateway_integration: { id: (integration) => compose("agi-", gatewayId(integration)) },
  aws_api_gateway_integration_response: { id: (response) => compose("agir-", gatewayId(response)) },
  aws_api_gateway_authorizer: {
    id: gatewayId,
    arn: (authorizer) =>
      managementArn(
        authorizer,
        "/restapis/",
        authorizer.attribute("rest_api_id"),
        "/authorizers/",
        authorizer.attribute("id"),
      ),
  },
  aws_api_gateway_request_validator: { id: gatewayId },
  aws_api_gateway_model: { id: gatewayId },
  aws_api_gateway_gateway_response: {
    id: (response) => compose("aggr-", response.attribute("rest_api_id"), "-", response.attribute("response_type")),
  },
  aws_api_gateway_rest_api_policy: { id: same("rest_api_id") },
  aws_api_gateway_deployment: {
    id: gatewayId,
    invoke_url: stageUrl,
    execution_arn: stageExecutionArn,
    created_date: () => "2026-01-01T00:00:00Z",
  },
  aws_api_gateway_stage: {
    id: (stage) => compose("ags-", stage.attribute("rest_api_id"), "-", stage.attribute("stage_name")),
    arn: (stage) =>
      managementArn(stage, "/restapis/", stage.attribute("rest_api_id"), "/stages/", stage.attribute("stage_name")),
    invoke_url: stageUrl,
    execution_arn: stageExecutionArn,
  },
  aws_api_gateway_usage_plan: {
    id: gatewayId,
    arn: (plan) => managementArn(plan, "/usageplans/", plan.attribute("id")),
  },
  aws_api_gateway_api_key: {
    id: gatewayId,
    arn: (key) => managementArn(key, "/apikeys/", key.attribute("id")),
    // AWS makes up a value; a local one of the same length lets the key be tried.
    value: (key) => standIn(`${key.seed}/value`, 40, alphanumeric),
  },
  aws_api_gateway_usage_plan_key: { id: same("key_id"), name: same("key_id") },
  aws_api_gateway_vpc_link: {
    id: gatewayId,
    arn: (link) => managementArn(link, "/vpclinks/", link.attribute("id")),
  },
  aws_api_gateway_domain_name: {
    id: same("domain_name"),
    arn: (domain) => managementArn(domain, "/domainnames/", domain.attribute("domain_name")),
    regional_domain_name: (domain) => executeApiHost(domain, compose("d-", gatewayId(domain))),
    cloudfront_domain_name: (domain) => compose("d", gatewayId(domain), ".cloudfront.net"),
    regional_zone_id: () => "Z1UJRXOUMOOFQ8",
    cloudfront_zone_id: () => "Z2FDTNDATAQYW2",
  },
  aws_api_gateway_client_certificate: {
    id: gatewayId,
    arn: (certificate) => managementArn(certificate, "/clientcertificates/", certificate.attribute("id")),
  },
  aws_api_gateway_account: { id: () => "api-gateway-account" },
  aws_api_gateway_documentation_part: { id: (part) => standInUuid(part.seed) },
};
