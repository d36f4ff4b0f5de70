import { contextKeys, reducePolicies } from "../iam";
import type { CompiledPolicy } from "../iam";
import { splitQualifier } from "../lambda/arn";
import type { LambdaFunction, Model } from "../model/types";
import { functionPolicy, invokeAction } from "./function-policy";
import { roleInvokes } from "./role-permission";

export interface InvokeQuestion {
  readonly service: "apigateway.amazonaws.com" | "cognito-idp.amazonaws.com";
  /** As the integration, authorizer or trigger names it, with its qualifier. */
  readonly functionArn: string;
  /** The role of the integration or authorizer that API Gateway assumes; absent where the function's policy decides. */
  readonly credentialsArn?: string | undefined;
  /** The method's ARN, `arn:…:execute-api:REGION:ACCOUNT:API/authorizers/ID`, or the user pool's ARN. */
  readonly sourceArn: string;
  /** The account that owns the source. */
  readonly sourceAccount: string;
}

/** Why a service of AWS may not invoke a function; undefined where it may. */
export type InvokePermission = (question: InvokeQuestion) => string | undefined;

/**
 * Decides whether API Gateway or Cognito may invoke the functions of a model, by the function's own policy or by a role.
 * Rule: docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html.
 */
export function invokePermission(model: Model): InvokePermission {
  const known = new Map<string, { readonly fn: LambdaFunction; readonly policies: readonly CompiledPolicy[] }>(
    model.functions.map((fn) => [fn.arn, { fn, policies: functionPolicy(fn) }]),
  );
  const roleMayInvoke = roleInvokes(model);
  return ({ service, functionArn, credentialsArn, sourceArn, sourceAccount }) => {
    const found = known.get(splitQualifier(functionArn).unqualified);
    if (found === undefined) return `There is no function with the ARN '${functionArn}' in the loaded configuration.`;
    if (credentialsArn !== undefined) return roleMayInvoke(credentialsArn, functionArn);
    const { verdict } = reducePolicies(found.policies, {
      principal: { kind: "service", service },
      action: invokeAction,
      resource: functionArn,
      context: contextKeys({ "aws:SourceArn": sourceArn, "aws:SourceAccount": sourceAccount }),
    });
    if (verdict === "ALLOW") return undefined;
    return (
      `No permission of function '${found.fn.name}' (${found.fn.source.address}) lets ${service} invoke ` +
      `'${functionArn}' for '${sourceArn}'. Add an aws_lambda_permission with action ${invokeAction}, that qualifier, ` +
      `and a source_arn that covers it.`
    );
  };
}

/**
 * As far as the configuration tells: nothing is said of a function or a role that another configuration holds, nor where
 * a permission or a policy of the role is not known.
 */
export function knownRefusal(
  { functions, roles, problems }: Pick<Model, "functions" | "roles" | "problems">,
  mayInvoke: InvokePermission,
): InvokePermission {
  const unknown = problems.some(({ source }) => /(^|\.)aws_lambda_permission\./.test(source.address));
  return (question) => {
    const { functionArn, credentialsArn } = question;
    if (!functions.some(({ arn }) => arn === splitQualifier(functionArn).unqualified)) return undefined;
    const role = roles.find(({ arn }) => arn === credentialsArn);
    const policies = role && [role.trustPolicy, role.permissionsBoundary, ...role.identityPolicies];
    const open = credentialsArn === undefined ? unknown : policies?.some((policy) => policy?.unresolved) !== false;
    return open ? undefined : mayInvoke(question);
  };
}
