import type { LambdaFunction, LambdaPermission } from "../model/types";
import { splitQualifier } from "./arn";

/**
 * Whether the function's own policy lets API Gateway invoke it for this API.
 * Rule: docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html and
 * docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html; `aws_lambda_permission` compares the source
 * ARN with ArnLike, where `*` also spans `/` but not `:`.
 *
 * @param functionArn as the integration or authorizer names it, with its qualifier
 * @param sourceArn `arn:…:execute-api:REGION:ACCOUNT:API/STAGE/VERB/PATH`, or `…:API/authorizers/ID`
 * @param sourceAccount the account that owns the API
 */
export function apiGatewayMayInvoke(
  fn: LambdaFunction,
  functionArn: string,
  sourceArn: string,
  sourceAccount: string,
): boolean {
  const { qualifier } = splitQualifier(functionArn);
  return fn.permissions.some(
    (permission) =>
      permission.principal === "apigateway.amazonaws.com" &&
      coversInvoke(permission) &&
      // A permission on a qualifier admits only that qualifier, and one without admits only the unqualified ARN.
      permission.qualifier === qualifier &&
      (permission.sourceAccount === undefined || permission.sourceAccount === sourceAccount) &&
      (permission.sourceArn === undefined || arnLike(permission.sourceArn, sourceArn)),
  );
}

function coversInvoke(permission: LambdaPermission): boolean {
  return ["lambda:invokefunction", "lambda:*", "*"].includes(permission.action.toLowerCase());
}

/** IAM's ArnLike: each of the six parts by itself, `*` any run of characters, `?` one. Case matters. */
export function arnLike(pattern: string, arn: string): boolean {
  const wanted = sixParts(pattern);
  const found = sixParts(arn);
  return wanted.length === found.length && wanted.every((part, index) => wildcard(part).test(found[index] ?? ""));
}

function sixParts(arn: string): readonly string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

const compiled = new Map<string, RegExp>();

function wildcard(pattern: string): RegExp {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*+/g, "[^]*")
      .replace(/\?/g, "[^]");
    expression = new RegExp(`^${source}$`);
    compiled.set(pattern, expression);
  }
  return expression;
}
