/**
 * The function in an invocation URI, `arn:…:lambda:path/2015-03-31/functions/<function ARN>/invocations`, with its
 * qualifier and any `${stageVariables.name}` as they stand. `undefined` for every other URI.
 */
export function functionArnOf(uri: string): string | undefined {
  const found = /^arn:[^:]+:apigateway:[^:]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri);
  return found?.[1];
}
