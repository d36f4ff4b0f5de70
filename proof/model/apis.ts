import { isDeepStrictEqual } from "node:util";
import type { Block } from "../terraform/block";
import type { Resource } from "../terraform/resource";
import { buildAuthorizers } from "./authorizers";
import { groupByApi } from "./by-api";
import type { ByApi } from "./by-api";
import { buildDeployments } from "./deployments";
import { buildGatewayResponses } from "./gateway-responses";
import { openApiParts } from "./openapi/read";
import { ownerOf } from "./owner";
import { reportVariableParts, resourcePaths } from "./path-parts";
import type { Reading } from "./reading";
import { buildRoutes } from "./routes";
import { buildStages } from "./stages";
import type { Api, EndpointType, PolicyDocument } from "./types";

/** Every REST API with all that belongs to it, whether written as resources of its own or in an OpenAPI body. */
export function buildApis(reading: Reading): Api[] {
  const resources = reading.resources("aws_api_gateway_rest_api");
  const byApi = groupByApi(reading, new Set(resources.map((resource) => String(resource.attribute("id")))));
  return resources.map((resource) => buildApi(reading, resource, byApi));
}

function buildApi(reading: Reading, resource: Resource, byApi: ByApi): Api {
  const id = String(resource.attribute("id"));
  const body = openApiParts(reading, resource, id);
  const authorizers = [...buildAuthorizers(reading, byApi("aws_api_gateway_authorizer", id)), ...body.authorizers];
  const endpoint = reading.blocks(resource, "endpoint_configuration")[0];
  const separate = byApi("aws_api_gateway_rest_api_policy", id);
  const [stray] = byApi("aws_api_gateway_rest_api_policy", "");
  const perhaps = stray !== undefined || reading.incomplete("aws_api_gateway_rest_api_policy");
  // The argument `policy` replaces what the body says; a policy of its own may come before or after an import.
  const inline = reading.policy(resource, "policy") ?? body.policy;
  const policy = perhaps ? strayPolicy(reading, stray ?? resource) : policyOf(reading, resource, inline, separate);
  if (policy !== undefined) reportSize(reading, policy);
  reportVariableParts(reading, [...resourcePaths(reading, byApi, id), ...body.paths]);
  const type = endpointType(reading, resource, endpoint);
  const endpoints =
    endpoint === undefined || type !== "PRIVATE" ? undefined : reading.texts(endpoint, "vpc_endpoint_ids");
  return {
    address: reading.address(resource),
    name: reading.text(resource, "name") ?? resource.name,
    id,
    ...ownerOf(resource),
    endpointType: type,
    ...(endpoints === undefined ? {} : { vpcEndpointIds: endpoints }),
    disableExecuteApiEndpoint:
      reading.flag(resource, "disable_execute_api_endpoint") ?? body.disableExecuteApiEndpoint ?? false,
    apiKeySource:
      (reading.text(resource, "api_key_source") ?? body.apiKeySource) === "AUTHORIZER" ? "AUTHORIZER" : "HEADER",
    binaryMediaTypes: reading.texts(resource, "binary_media_types") ?? body.binaryMediaTypes ?? [],
    ...(policy === undefined ? {} : { policy }),
    routes: [...buildRoutes(reading, resource, id, byApi, authorizers), ...body.routes],
    authorizers,
    stages: buildStages(reading, byApi, resource, id),
    deployments: buildDeployments(reading, byApi("aws_api_gateway_deployment", id)),
    gatewayResponses: [
      ...buildGatewayResponses(reading, byApi("aws_api_gateway_gateway_response", id)),
      ...body.gatewayResponses,
    ],
    source: reading.source(resource),
  };
}

function policyOf(
  reading: Reading,
  api: Resource,
  inline: PolicyDocument | undefined,
  separate: readonly Resource[],
): PolicyDocument | undefined {
  const all = [inline ?? [], separate.map((resource) => reading.requiredPolicy(resource, "policy"))].flat();
  const alike = all.every(
    ({ document, unresolved }) => unresolved === undefined && isDeepStrictEqual(document, all[0]?.document),
  );
  if (all.length <= 1 || alike) return all.at(-1);
  const reason = `${api.address} has resource policies that differ: the last one applied would hold, and which one that is cannot be told`;
  const source = all[1]?.source ?? reading.source(api, "policy");
  reading.report(reason, source);
  return { document: null, source, unresolved: reason };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const POLICY_CHARACTERS = 8192;

/** AWS refuses a longer policy unless the account's quota was raised, which a configuration does not say. */
function reportSize(reading: Reading, { document, source }: PolicyDocument): void {
  const { length } = typeof document === "string" ? document : JSON.stringify(document);
  if (length <= POLICY_CHARACTERS) return;
  const words = `the resource policy has ${length} characters, and API Gateway takes ${POLICY_CHARACTERS}`;
  reading.report(
    `${words} unless the account's quota was raised: name less in it, or more by one pattern`,
    source,
    "warning",
  );
}

/** A policy of which it is not known whether it is this API's: then this API's is not known. */
function strayPolicy(reading: Reading, where: Resource): PolicyDocument {
  const unresolved =
    "a resource policy in this configuration may belong to this API: its rest_api_id, or how many there are, is not known";
  return { document: null, source: reading.source(where), unresolved };
}

/** AWS makes an EDGE endpoint where none is asked for. */
function endpointType(reading: Reading, api: Resource, endpoint: Block | undefined): EndpointType {
  const type = endpoint === undefined ? undefined : reading.texts(endpoint, "types")?.[0];
  if (type === undefined) return "EDGE";
  if (type === "EDGE" || type === "REGIONAL" || type === "PRIVATE") return type;
  reading.report(
    `endpoint type "${type}" is not EDGE, REGIONAL or PRIVATE`,
    reading.source(api, "endpoint_configuration.types"),
  );
  return "EDGE";
}
