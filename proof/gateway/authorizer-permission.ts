import { authorizerArn } from "../decision/arn";
import { lacksVariable, withStageVariables } from "../decision/stage-variables";
import type { Api, LambdaAuthorizer, Model, Stage } from "../model/types";
import { knownRefusal } from "./invoke-permission";
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
    sourceArn: authorizerArn(api, authorizer),
    sourceAccount: api.accountId,
  };
}

/** Why API Gateway may not invoke an authorizer at a stage, so that it refuses everybody; undefined where it may. */
export type AuthorizerPermission = (api: Api, stage: Stage, authorizer: LambdaAuthorizer) => string | undefined;

/** As far as the configuration tells (`knownRefusal`). */
export function authorizerPermission(
  model: Pick<Model, "functions" | "roles" | "problems">,
  mayInvoke: InvokePermission,
): AuthorizerPermission {
  const refusal = knownRefusal(model, mayInvoke);
  return (api, stage, authorizer) => {
    const question = invocationOf(api, stage, authorizer);
    return typeof question === "string" ? question : refusal(question);
  };
}
