import { authorizerArn } from "../../../decision/arn";
import { lacksVariable, withStageVariables } from "../../../decision/stage-variables";
import { knownRefusal } from "../../../gateway/invoke-permission";
import type { LambdaFunction, LambdaPermission, Source } from "../../../model/types";
import { splitQualifier } from "../../../lambda/arn";
import type { PathCell } from "../../paths";
import { firstOf } from "../classes";
import type { RequestClass } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { routeName } from "../statements";

const SERVICE = "apigateway.amazonaws.com";

/**
 * API Gateway invokes a method's function as `…:<api>/<stage>/<verb>/<path>` and an authorizer's as
 * `…:<api>/authorizers/<id>`, without a stage (Amazon API Gateway ARN reference). A permission whose source ARN has another
 * shape answers 500; one without a source lets any API of any account invoke the function.
 */
export const functionPermission: Rule = {
  name: "function-permission",
  severity: "error",
  find: (context) => [
    ...context.stages.flatMap((stage) => [...authorizers(context, stage), ...integrations(context, stage)]),
    ...withoutSource(context),
  ],
};

function authorizers(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  const { api } = stage;
  return api.authorizers.flatMap((authorizer) => {
    if (authorizer.type === "COGNITO_USER_POOLS") return [];
    const sourceArn = authorizerArn(api, authorizer);
    const fn = refusedFunction(context, authorizer, sourceArn, api.accountId);
    const own = stage
      .classes()
      .filter(({ route }) => route?.auth.type === "CUSTOM" && route.auth.authorizer.address === authorizer.address);
    const asked = firstOf(own, (one) => {
      if (one.subject.kind !== "authorizer" || one.subject.says !== "allow") return false;
      return one.decision?.denial?.responseType === "AUTHORIZER_CONFIGURATION_ERROR";
    });
    if (asked === undefined) return [];
    const { authorizerResult: _answer, ...request } = asked.request();
    const witness = context.witness(request, "deny");
    if (fn === undefined) {
      const why = asked.decision?.trace.findLast(({ step }) => step === "authorizer")?.because ?? "";
      return uncallable(`${why} Its routes answer 500.`, authorizer.source, "authorizer_credentials", witness);
    }
    return finding(fn, `the authorizer ${authorizer.name}`, sourceArn, witness, "Its routes answer 500.");
  });
}

/** Not for want of a permission: its role, say, is not one that API Gateway may assume, or may not invoke the function. */
function uncallable(message: string, where: Source, credentials: string, witness: RuleFinding["witness"]): RuleFinding {
  const fix = `Let the role in ${credentials} trust apigateway.amazonaws.com and allow lambda:InvokeFunction on the function, or change what else the message names.`;
  return { message, where, witness, fix };
}

function integrations(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  const { api } = stage;
  const refusal = knownRefusal(context.model, context.mayInvoke);
  return api.routes.flatMap((route) => {
    const { integration } = route;
    if (integration?.type !== "AWS_PROXY") return [];
    const { credentialsArn, source } = integration;
    const because = ({ decision }: RequestClass): string | undefined => {
      if (decision === undefined) return undefined;
      const functionArn = withStageVariables(integration.functionArn, decision.stage);
      if (functionArn === undefined) return lacksVariable(integration.functionArn, decision.stage);
      const { methodArn: sourceArn } = decision;
      return refusal({ service: SERVICE, functionArn, credentialsArn, sourceArn, sourceAccount: api.accountId });
    };
    const own = stage.classes().filter((one) => one.route === route);
    // Who calls makes no difference to the source ARN.
    const asked = new Set<PathCell>();
    const refused = firstOf(own, (one) => {
      if (one.outcome !== "allow" || asked.has(one.cell)) return false;
      asked.add(one.cell);
      return because(one) !== undefined;
    });
    if (refused?.decision === undefined) return [];
    const witness = context.witness(refused.request(), "allow");
    const name = routeName(route);
    const sourceArn = refused.decision.methodArn;
    const fn = refusedFunction(context, integration, sourceArn, api.accountId);
    if (fn !== undefined) return finding(fn, name, sourceArn, witness, "The witness is let in, and then answered 500.");
    const why = `${because(refused) ?? ""} The witness of ${name} is let in, and then answered 500.`;
    return uncallable(why, source, "credentials", witness);
  });
}

interface Invoked {
  readonly functionArn: string;
  readonly credentialsArn?: string;
}

/** The function that may not be invoked; undefined where it may, and where another configuration holds it. */
function refusedFunction(
  { mayInvoke, model }: CheckContext,
  { functionArn, credentialsArn }: Invoked,
  sourceArn: string,
  sourceAccount: string,
): LambdaFunction | undefined {
  const fn = model.functions.find(({ arn }) => arn === splitQualifier(functionArn).unqualified);
  if (fn === undefined || credentialsArn !== undefined) return undefined;
  return mayInvoke({ service: SERVICE, functionArn, sourceArn, sourceAccount }) === undefined ? undefined : fn;
}

function finding(
  { name, permissions, source }: LambdaFunction,
  user: string,
  sourceArn: string,
  witness: RuleFinding["witness"],
  consequence: string,
): RuleFinding {
  const own = permissions.filter(({ principal }) => principal === SERVICE);
  const [first] = own;
  const given =
    first === undefined
      ? "no permission of it names API Gateway"
      : `its permissions are for ${own.map((one) => one.sourceArn ?? `qualifier ${one.qualifier ?? "none"}`).join(", ")}`;
  return {
    message: `API Gateway may not invoke ${name} for ${user} as ${sourceArn}: ${given}. ${consequence}`,
    where: first === undefined ? source : { ...first.source, address: `${addressOf(first)}.source_arn` },
    witness,
    fix: 'Write source_arn = "${<api>.execution_arn}/authorizers/${<authorizer>.id}" for an authorizer, "${<api>.execution_arn}/<stage>/<verb>/<path>" for a method, with * for each path parameter, and the qualifier that is invoked.',
  };
}

function addressOf({ source }: LambdaPermission): string {
  return source.address.replace(/\.source_arn$/, "");
}

function withoutSource({ model }: CheckContext): RuleFinding[] {
  return model.functions.flatMap(({ name, permissions }) =>
    permissions
      .filter((one) => one.principal === SERVICE && one.sourceArn === undefined && one.sourceAccount === undefined)
      .map((one) => ({
        severity: "warning" as const,
        message: `Any API of any AWS account may invoke ${name}: its permission for API Gateway names no source.`,
        where: one.source,
        witness: null,
        fix: "Add source_arn.",
      })),
  );
}
