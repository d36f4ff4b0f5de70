import { apiGatewayMayInvoke } from "../lambda/permission";
import type { LambdaRuntime } from "../lambda/runtime";
import type { Api } from "../model/types";

export interface InvokeQuestion {
  readonly api: Api;
  readonly functionArn: string;
  /** The role of the integration or authorizer that API Gateway assumes; absent where the function's policy decides. */
  readonly credentialsArn?: string | undefined;
  /** The method's ARN, or that of the authorizer. */
  readonly sourceArn: string;
}

/** Why API Gateway may not invoke a function; undefined where it may. */
export type InvokePermission = (question: InvokeQuestion) => string | undefined;

/** @param roleMayInvoke why a role cannot be used by API Gateway to invoke a function; undefined where it can */
export function invokePermission(
  runtime: LambdaRuntime,
  roleMayInvoke: (roleArn: string, functionArn: string) => string | undefined,
): InvokePermission {
  return ({ api, functionArn, credentialsArn, sourceArn }) => {
    const fn = runtime.find(functionArn);
    if (fn === undefined) return `There is no function with the ARN '${functionArn}' in the loaded configuration.`;
    if (credentialsArn !== undefined) return roleMayInvoke(credentialsArn, functionArn);
    if (apiGatewayMayInvoke(fn, functionArn, sourceArn, api.accountId)) return undefined;
    return (
      `No permission of function '${fn.name}' (${fn.source.address}) lets apigateway.amazonaws.com invoke it for ` +
      `'${sourceArn}'. Add an aws_lambda_permission with action lambda:InvokeFunction and a source_arn that covers it.`
    );
  };
}
