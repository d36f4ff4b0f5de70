import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { routeName } from "../statements";

/**
 * A method with scopes wants an access token, and an access token of Cognito has no `aud` that a validation expression
 * could match: nobody gets in (Integrate a REST API with a user pool; API reference, identityValidationExpression).
 */
export const audienceOnScopedRoute: Rule = {
  name: "audience-on-scoped-route",
  severity: "error",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  return stage.classes().flatMap(({ route, requests }) => {
    if (route?.auth.type !== "COGNITO_USER_POOLS" || route.auth.scopes.length === 0) return [];
    const { authorizer } = route.auth;
    if (authorizer.identityValidationExpression === undefined) return [];
    const scoped = requests.filter(({ subject }) => subject.kind === "token" && subject.scope !== undefined);
    const [first] = scoped;
    if (first === undefined || scoped.some(({ outcome }) => outcome !== "deny")) return [];
    const witness = context.witness(first.request(), "deny");
    if (witness === null) return [];
    return {
      message:
        `${routeName(route)} asks for the scopes ${route.auth.scopes.join(", ")}, so for an access token, and its ` +
        `authorizer ${authorizer.name} holds ${authorizer.identityValidationExpression} against aud, which access tokens ` +
        "do not have: nobody gets in. The witness is a token with the scope, and it is refused.",
      where: { file: authorizer.source.file, address: `${authorizer.source.address}.identity_validation_expression` },
      witness,
      fix: "Remove the expression from this authorizer, or use a second one without it for the routes with scopes.",
    };
  });
}
