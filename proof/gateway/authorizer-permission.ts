import { executionArn } from "../decision/arn";
import { lacksVariable, withStageVariables } from "../decision/stage-variables";
import { splitQualifier } from "../lambda/arn";
import type { Api, LambdaAuthorizer, Model, Stage } from "../model/types";
import type { InvokePermission, InvokeQuestion } from "./invoke-permission";

/** What API Gateway asks before it invokes the function of an authorizer at a stage, or in words why it can invoke none. */
export function invocationOf(
  api: Api,
  stage: Stage | undefined,
  authorizer: LambdaAuthorizer,
): InvokeQuestion | string {
  const functionArn = withStageVariables(authorizer.functionArn, stage);
  if (functionArn === undefined) return lacksVariable(authorizer.functionArn, stage);
  return {
    service: "apigateway.amazonaws.com",
    functionArn,
    credentialsArn: authorizer.credentialsArn,
    sourceArn: `${executionArn(api)}/authorizers/${authorizer.id}`,
    sourceAccount: api.accountId,
  };
}

/** Why API Gateway may not invoke an authorizer at a stage, so that it refuses everybody; undefined where it may. */
export type AuthorizerPermission = (api: Api, stage: Stage, authorizer: LambdaAuthorizer) => string | undefined;

/**
 * As far as the configuration tells: nothing is said of a function or a role that another configuration holds, nor where
 * a permission or a policy of the role is not known.
 */
export function authorizerPermission(
  { functions, roles, problems }: Pick<Model, "functions" | "roles" | "problems">,
  mayInvoke: InvokePermission,
): AuthorizerPermission {
  const unknown = problems.some(({ source }) => /(^|\.)aws_lambda_permission\./.test(source.address));
  return (api, stage, authorizer) => {
    const question = invocationOf(api, stage, authorizer);
    if (typeof question === "string") return question;
    const { functionArn, credentialsArn } = question;
    if (!functions.some(({ arn }) => arn === splitQualifier(functionArn).unqualified)) return undefined;
    const role = roles.find(({ arn }) => arn === credentialsArn);
    const policies = role && [role.trustPolicy, role.permissionsBoundary, ...role.identityPolicies];
    const open = credentialsArn === undefined ? unknown : policies?.some((policy) => policy?.unresolved) !== false;
    return open ? undefined : mayInvoke(question);
  };
}
