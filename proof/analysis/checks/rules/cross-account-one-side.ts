import type { Role } from "../../../model/types";
import type { RequestClass } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { resourceStatements, routeName, stepOf } from "../statements";

/**
 * Across accounts the resource policy and the caller's own policy must both allow (authorization workflow, table B). A role
 * of another account that only one of them means to admit is shut out.
 */
export const crossAccountOneSide: Rule = {
  name: "cross-account-one-side",
  severity: "error",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  const foreign = context.model.roles.filter(({ accountId }) => accountId !== stage.api.accountId);
  return stage.classes().flatMap(({ route, requests }) => {
    if (route?.auth.type !== "AWS_IAM") return [];
    return foreign.flatMap((role) => {
      const mine = requests.filter(({ subject }) => subject.kind === "caller" && subject.person === role.arn);
      if (mine.length === 0 || mine.some(({ outcome }) => outcome !== "deny")) return [];
      const resourceSide = mine.find((one) => isAllowed(one, "resource-policy") && isNamed(stage, role));
      const identitySide = mine.find((one) => isAllowed(one, "identity-policy") && namesApi(role, stage));
      if ((resourceSide === undefined) === (identitySide === undefined)) return [];
      const shown = resourceSide ?? identitySide;
      const witness = shown === undefined ? null : context.witness(shown.request(), "deny");
      if (witness === null) return [];
      const [has, lacks] =
        resourceSide === undefined
          ? ["its own policy allows", "the resource policy does not"]
          : ["the resource policy allows", "no policy of its own does"];
      return {
        message: `${role.arn} may not call ${routeName(route)} of ${stage.api.name}: ${has} it and ${lacks}; across accounts both must.`,
        where: resourceSide === undefined ? (stage.api.policy?.source ?? stage.api.source) : role.source,
        witness,
        fix:
          resourceSide === undefined
            ? `Allow the role, or its account ${role.accountId}, in the resource policy of the API; or take the route out of its policy.`
            : "Allow execute-api:Invoke on the route in a policy of the role; or take the role out of the resource policy.",
      };
    });
  });
}

function isAllowed({ decision }: RequestClass, step: "resource-policy" | "identity-policy"): boolean {
  return stepOf(decision, step)?.result === "allow";
}

/** An account as principal only delegates: which of its roles are meant, it says itself. */
function isNamed(stage: CheckedStage, { arn }: Role): boolean {
  return resourceStatements(stage, "Allow").some(
    ({ principal }) =>
      principal?.negated === false && principal.entries.some((entry) => entry.kind === "role" && entry.arn === arn),
  );
}

/** A policy for everything, as an administrator's, means no API in particular. */
function namesApi({ identityPolicies }: Role, { api }: CheckedStage): boolean {
  return identityPolicies.some(({ document }) => JSON.stringify(document).includes(`:${api.accountId}:${api.id}`));
}
