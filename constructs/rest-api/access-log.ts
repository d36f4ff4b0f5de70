/**
 * One JSON line per request, with what each phase of authorization decided: `$context.authorize` and
 * `authenticate` say where a request was refused, which the status alone does not.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 *
 * No credential is among them: no header, no query string, no token.
 */
const FIELDS = {
  requestId: "$context.requestId",
  extendedRequestId: "$context.extendedRequestId",
  time: "$context.requestTime",
  sourceIp: "$context.identity.sourceIp",
  userAgent: "$context.identity.userAgent",
  method: "$context.httpMethod",
  route: "$context.resourcePath",
  path: "$context.path",
  stage: "$context.stage",
  status: "$context.status",
  responseLength: "$context.responseLength",
  responseLatency: "$context.responseLatency",
  caller: "$context.identity.userArn",
  callerAccount: "$context.identity.accountId",
  principal: "$context.authorizer.principalId",
  subject: "$context.authorizer.claims.sub",
  wafStatus: "$context.waf.status",
  wafLatency: "$context.waf.latency",
  wafError: "$context.waf.error",
  authenticateStatus: "$context.authenticate.status",
  authenticateError: "$context.authenticate.error",
  authorizerStatus: "$context.authorizer.status",
  authorizerLatency: "$context.authorizer.latency",
  authorizerError: "$context.authorizer.error",
  authorizeStatus: "$context.authorize.status",
  authorizeError: "$context.authorize.error",
  integrationStatus: "$context.integration.status",
  integrationLatency: "$context.integration.latency",
  integrationError: "$context.integration.error",
  errorType: "$context.error.responseType",
  error: "$context.error.message",
} as const;

export function accessLogFormat(): string {
  return JSON.stringify(FIELDS);
}

/** Name of the log group. */
export function accessLogName(apiName: string): string {
  return `/aws/apigateway/${apiName}/access`;
}
