import type { StatementRef } from "../../../iam/types";
import type { RequestClass } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { listed, placeOf, routeName, statementName } from "../statements";

/**
 * An Allow for the principal `*` that no condition pins to accounts or an organization admits AWS callers of every account
 * whose own administrator lets them: a role of any name can be made in any account, so a pattern such as
 * `arn:aws:iam::*:role/partner` pins nothing.
 */
export const wildcardPrincipalUnpinned: Rule = {
  name: "wildcard-principal-unpinned",
  severity: "error",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  const open = new Map<StatementRef, RequestClass[]>();
  for (const { requests } of stage.classes()) {
    for (const request of requests) {
      const { subject, outcome, decision, route } = request;
      if (outcome !== "allow" || route.auth.type !== "AWS_IAM") continue;
      if (subject.kind !== "caller" || !subject.otherAccount || isPinned(request)) continue;
      const by = resourceStatement(stage, decision);
      if (by !== undefined) open.set(by, [...(open.get(by) ?? []), request]);
    }
  }
  return [...open].flatMap(([statement, requests]) => {
    const witness = requests[0] === undefined ? null : context.witness(requests[0].request(), "allow");
    if (witness === null) return [];
    return {
      message:
        `${statementName(statement)} admits signed callers of any AWS account in the world to ` +
        `${listed(requests.map(({ route }) => routeName(route)))}: its principal is * and nothing pins the account.`,
      where: placeOf(statement),
      witness,
      fix: "Name the accounts as principals, or add a condition on aws:PrincipalAccount or aws:PrincipalOrgID.",
    };
  });
}

/** Whether the caller is of an organization, or has an account id, that the policy names. */
function isPinned({ subject }: RequestClass): boolean {
  if (subject.kind !== "caller") return false;
  return subject.traits.some(({ of, words }) => of === "organization" && /^in organization o-[^ *?]+$/.test(words));
}

/** The Allow of the resource policy that applied: across accounts the decision may name the caller's own policy. */
function resourceStatement(stage: CheckedStage, decision: RequestClass["decision"]): StatementRef | undefined {
  if (decision?.decidedBy?.kind === "resource") return decision.decidedBy;
  const told = decision?.trace.find(({ step }) => step === "resource-policy")?.source?.statement;
  return stage.prepared.policy?.statements.find(({ ref }) => ref.sid === told || ref.index === told)?.ref;
}
