import type { Api } from "../model/types";

/** Longest method ARN that an authorized request may have; a longer one is answered 414 (API Gateway quotas). */
export const LONGEST_METHOD_ARN_BYTES = 1600;

type ApiIdentity = Pick<Api, "partition" | "region" | "accountId" | "id">;

/** `arn:aws:execute-api:us-east-1:111122223333:abcdefghij`, to which `/<stage>/<VERB>/<path>` is added. */
export function executionArn(api: ApiIdentity): string {
  return `arn:${api.partition}:execute-api:${api.region}:${api.accountId}:${api.id}`;
}

/**
 * The resource of `execute-api:Invoke`: the concrete verb and the actual path, not the template. The root path ends
 * in a slash behind the verb, `…/prod/GET/` (Control access to an API with IAM permissions).
 *
 * @param path below the stage, as routed, with its leading slash
 */
export function methodArn(api: ApiIdentity, stage: string, method: string, path: string): string {
  return `${executionArn(api)}/${stage}/${method}${path}`;
}

/** What `aws:SourceArn` holds where API Gateway invokes an authorizer: no stage stands in it (API Gateway ARN reference). */
export function authorizerArn(api: ApiIdentity, { id }: { readonly id: string }): string {
  return `${executionArn(api)}/authorizers/${id}`;
}

/** An ARN as AWS writes it into a denial: the account's first eight digits are stars (recorded). */
export function maskAccount(arn: string): string {
  return arn.replace(/^(arn:[^:]*:[^:]*:[^:]*:)\d{8}(\d{4}:)/, "$1********$2");
}
