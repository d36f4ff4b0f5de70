import type { Role } from "../../../model/types";
import type { RequestClass } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { resourceStatements, routeName, stepOf } from "../statements";

/**
 * Across accounts the resource policy and the caller's own policy must both allow (authorization workflow, table B). A role
 * of another account that only one of them means to admit is shut out. Who may call some of the routes is meant to: the
 * side that allows less says which.
 */
export const crossAccountOneSide: Rule = {
  name: "cross-account-one-side",
  severity: "error",
  find: (context) =>
    context.stages.flatMap((stage) =>
      context.model.roles
        .filter(({ accountId }) => accountId !== stage.api.accountId)
        .flatMap((role) => findFor(context, stage, role)),
    ),
};

function findFor(context: CheckContext, stage: CheckedStage, role: Role): RuleFinding[] {
  const session = role.arn.replace(":iam:", ":sts:").replace(/:role\/.*$/, `:assumed-role/${role.name}/`);
  const theirs = stage
    .classes()
    .flatMap(({ requests }) => requests)
    .filter(({ route, subject }) => {
      if (route.auth.type !== "AWS_IAM" || subject.kind !== "caller") return false;
      return subject.person === role.arn || subject.person?.startsWith(session) === true;
    });
  if (theirs.some(({ outcome }) => outcome !== "deny")) return [];
  const mine = theirs.filter(({ subject }) => subject.kind === "caller" && subject.person === role.arn);
  const byResource = mine.filter((one) => isAllowed(one, "resource-policy") && isNamed(stage, role));
  const byItself = mine.filter((one) => isAllowed(one, "identity-policy") && namesApi(role, stage));
  // Where both allow, something else refuses.
  if (byResource.some((one) => byItself.includes(one))) return [];
  const [own] = byItself;
  const shown = own ?? byResource[0];
  const witness = shown === undefined ? null : context.witness(shown.request(), "deny");
  if (shown === undefined || witness === null) return [];
  const [has, lacks] =
    own === undefined
      ? ["the resource policy allows", "no policy of its own does"]
      : ["its own policy allows", "the resource policy does not"];
  return [
    {
      message: `${role.arn} may call no route of ${stage.api.name}: ${has} ${routeName(shown.route)} and ${lacks}; across accounts both must.`,
      where: own === undefined ? role.source : (stage.api.policy?.source ?? stage.api.source),
      witness,
      fix:
        own === undefined
          ? "Allow execute-api:Invoke on its routes in a policy of the role; or take the role out of the resource policy."
          : `Allow the role, or its account ${role.accountId}, in the resource policy of the API; or take the API out of its policy.`,
    },
  ];
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
