/** The API whose resource policy is read; names what `execute-api:/…` is short for. */
export interface ExecuteApi {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly apiId: string;
}

/** Whether a resource is written relative to the API that its policy is attached to. */
export function isShorthand(resource: string): boolean {
  return resource.startsWith("execute-api:");
}

/**
 * `execute-api:/stage/VERB/path` with the API it belongs to, as the control plane stores it (API Gateway Developer Guide,
 * "API Gateway resource policy examples"). Without the slash nothing is expanded and nothing ever matches
 * (recorded: SAM test_api_with_resource_policies).
 */
export function expandShorthand(resource: string, api: ExecuteApi): string {
  if (!resource.startsWith("execute-api:/")) return resource;
  const path = resource.slice("execute-api:".length);
  return `arn:${api.partition}:execute-api:${api.region}:${api.accountId}:${api.apiId}${path}`;
}
