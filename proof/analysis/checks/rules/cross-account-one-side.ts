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
    context.stages.flatMap((stage) => {
      const roles = context.model.roles.filter(({ accountId }) => accountId !== stage.api.accountId);
      const signed = roles.length === 0 ? NOBODY : byPerson(stage);
      return roles.flatMap((role) => findFor(context, stage, role, signed));
    }),
};

type ByPerson = ReadonlyMap<string, readonly RequestClass[]>;

const NOBODY: ByPerson = new Map();

/** What each role, user and session may sign. */
function byPerson(stage: CheckedStage): ByPerson {
  const found = new Map<string, RequestClass[]>();
  for (const { route, requests } of stage.classes()) {
    if (route?.auth.type !== "AWS_IAM") continue;
    for (const request of requests) {
      const { subject } = request;
      if (subject.kind !== "caller" || subject.person === undefined) continue;
      const list = found.get(subject.person);
      if (list === undefined) found.set(subject.person, [request]);
      else list.push(request);
    }
  }
  return found;
}

function findFor(context: CheckContext, stage: CheckedStage, role: Role, signed: ByPerson): RuleFinding[] {
  const session = role.arn.replace(":iam:", ":sts:").replace(/:role\/.*$/, `:assumed-role/${role.name}/`);
  const mine = signed.get(role.arn) ?? [];
  const theirs = [...signed].flatMap(([person, requests]) => (person.startsWith(session) ? requests : []));
  if ([...mine, ...theirs].some(({ outcome }) => outcome !== "deny")) return [];
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
