import type { ResourcePolicy } from "./document";

/** Characters of a resource policy. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
export const RESOURCE_POLICY_LIMIT = 8192;

/** An execution ARN as long as the real one, which synthesis does not know. API ids have ten characters. */
export function sampleExecutionArn(api: {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}): string {
  return `arn:${api.partition}:execute-api:${api.region}:${api.accountId}:abcdefghij`;
}

/** Characters the policy will have on AWS, which the synthesized JSON does not show: there the ARN is a reference. */
export function sizeOnAws(
  policy: ResourcePolicy,
  api: Parameters<typeof sampleExecutionArn>[0] & { readonly executionArn: string },
): number {
  return JSON.stringify(policy).replaceAll(api.executionArn, sampleExecutionArn(api)).length;
}
