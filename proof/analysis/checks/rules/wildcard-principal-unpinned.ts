import type { StatementRef } from "../../../iam/types";
import type { Position } from "../../positions";
import type { RequestClass } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { about, isNamedById, requestedRoutes, statementName, statementOf } from "../statements";

/**
 * An Allow for the principal `*` that no condition pins to accounts or an organization admits AWS callers of every account
 * whose own administrator lets them: a role of any name can be made in any account, so a pattern such as
 * `arn:aws:iam::*:role/partner` pins nothing. From some networks alone it is a warning: whose credentials are used there
 * is open, who gets there is not.
 */
export const wildcardPrincipalUnpinned: Rule = {
  name: "wildcard-principal-unpinned",
  severity: "error",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  const open = new Map<StatementRef, RequestClass[]>();
  for (const { requests, route } of stage.classes()) {
    if (route?.auth.type !== "AWS_IAM") continue;
    for (const request of requests) {
      const { subject, outcome } = request;
      if (outcome !== "allow") continue;
      if (subject.kind !== "caller" || !subject.otherAccount || isPinned(request)) continue;
      const by = resourceStatement(stage, request.decision);
      const list = by && open.get(by);
      if (list !== undefined) list.push(request);
      else if (by !== undefined) open.set(by, [request]);
    }
  }
  return [...open].flatMap(([ref, requests]) => {
    const abroad = requests.find(({ position }) => isAnywhere(position));
    const shown = abroad ?? requests[0];
    const witness = shown === undefined ? null : context.witness(shown.request(), "allow");
    const statement = statementOf(stage, ref);
    if (witness === null || statement === undefined) return [];
    return {
      ...(abroad === undefined ? { severity: "warning" as const } : {}),
      message:
        `${statementName(ref)} admits signed callers of any AWS account` +
        `${abroad === undefined ? ", from the networks that the policy lists," : " in the world"} to ` +
        `${requestedRoutes(stage, requests)}: its principal is * and nothing pins the account.`,
      ...about(statement),
      witness,
      fix: "Name the accounts as principals, or add a condition on aws:PrincipalAccount or aws:PrincipalOrgID.",
    };
  });
}

const HALF_OF_IPV4 = 2n ** 31n;

/** Whether a position holds more than what a policy lists: most of the internet, or any VPC. */
function isAnywhere(position: Position): boolean {
  if (position.kind === "public") {
    return position.addresses.v4.reduce((sum, { first, last }) => sum + last - first + 1n, 0n) >= HALF_OF_IPV4;
  }
  return position.kind === "endpoint" && position.endpoint === undefined && position.vpc === undefined;
}

/** Whether the caller is of an organization, or has an id, that the policy names. */
function isPinned({ subject }: RequestClass): boolean {
  if (subject.kind !== "caller") return false;
  if (isNamedById(subject)) return true;
  return subject.traits.some(({ of, words }) => of === "organization" && /^in organization o-[^ *?]+$/.test(words));
}

/** The Allow of the resource policy that applied: across accounts the decision may name the caller's own policy. */
function resourceStatement(stage: CheckedStage, decision: RequestClass["decision"]): StatementRef | undefined {
  if (decision?.decidedBy?.kind === "resource") return decision.decidedBy;
  const told = decision?.trace.find(({ step }) => step === "resource-policy")?.source?.statement;
  return stage.prepared.policy?.statements.find(({ ref }) => ref.sid === told || ref.index === told)?.ref;
}
