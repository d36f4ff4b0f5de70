import type { AuthorizerOutcome } from "../decision/ports";
import type { LambdaRuntime } from "../lambda/runtime";
import type { Api, LambdaAuthorizer, Stage } from "../model/types";
import { invocationOf } from "./authorizer-permission";
import type { InvokePermission } from "./invoke-permission";

/** API Gateway's own limit for an authorizer of a REST API is not documented; that of integrations stands in. */
const giveUpAfterMs = 29_000;

/**
 * Runs authorizer functions as API Gateway does: permission first, whose source ARN is
 * `arn:…:execute-api:REGION:ACCOUNT:API/authorizers/ID` without a stage
 * (docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html).
 */
export function authorizerRunner(
  apis: readonly Api[],
  runtime: LambdaRuntime,
  mayInvoke: InvokePermission,
): (authorizer: LambdaAuthorizer, event: unknown) => Promise<AuthorizerOutcome> {
  const apiOf = new Map<string, Api>();
  for (const api of apis) {
    for (const authorizer of api.authorizers) apiOf.set(authorizer.address, api);
    for (const { auth } of api.routes) if ("authorizer" in auth) apiOf.set(auth.authorizer.address, api);
  }
  return async (authorizer, event) => {
    const api = apiOf.get(authorizer.address);
    if (api === undefined) return { cannotInvoke: `The authorizer ${authorizer.address} belongs to no served API.` };
    const question = invocationOf(api, stageOf(api, event), authorizer);
    if (typeof question === "string") return { cannotInvoke: question };
    const { functionArn } = question;
    const refused = mayInvoke(question);
    if (refused !== undefined) return { cannotInvoke: refused };
    const result = await runtime.invoke({ functionArn, event, giveUpAfterMs });
    switch (result.kind) {
      case "payload":
        return { payload: result.payload };
      case "error":
        return { errorMessage: result.errorMessage };
      case "gave-up":
        return { errorMessage: `The authorizer function did not answer within ${giveUpAfterMs} ms.` };
      case "cannot-invoke":
        return { cannotInvoke: result.because };
    }
  };
}

/** Every event of an authorizer names the method that it is about: `arn:…:API/STAGE/VERB/path`. */
function stageOf(api: Api, event: unknown): Stage | undefined {
  const [, stage] = String((event as { methodArn?: unknown } | null)?.methodArn).split("/");
  return api.stages.find(({ name }) => name === stage);
}
