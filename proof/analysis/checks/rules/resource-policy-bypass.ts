import type { StatementRef } from "../../../iam/types";
import type { Subject } from "../../subject";
import type { RequestClass } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { about, isNamedById, requestedRoutes, statementName, statementOf } from "../statements";

/**
 * An Allow of the resource policy that reaches everyone admits callers whom their own policy, or the policy of the Lambda
 * authorizer, does not: with AWS_IAM in the same account and with Lambda authorizers either Allow is enough
 * (How API Gateway resource policies affect authorization workflow, table A).
 */
export const resourcePolicyBypass: Rule = {
  name: "resource-policy-bypass",
  severity: "error",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  const { accountId } = stage.api;
  const bypassed = new Map<StatementRef, RequestClass[]>();
  for (const { requests } of stage.classes()) {
    for (const request of requests) {
      if (request.outcome !== "allow" || !hasNoGrantOfItsOwn(request.subject, accountId)) continue;
      const by = request.decision?.decidedBy;
      if (by?.kind !== "resource") continue;
      const list = bypassed.get(by);
      if (list === undefined) bypassed.set(by, [request]);
      else list.push(request);
    }
  }
  return [...bypassed].flatMap(([ref, requests]) => {
    const [first] = requests;
    const witness = first === undefined ? null : context.witness(first.request(), "allow");
    const statement = statementOf(stage, ref);
    if (witness === null || statement === undefined) return [];
    return {
      message:
        `${statementName(ref)} allows callers whom it does not name, so that ${requestedRoutes(stage, requests)} ` +
        `${new Set(requests.map(({ route }) => route)).size === 1 ? "admits" : "admit"} those whom nothing else allows: ${who(requests)}. ` +
        "The witness is one of them, and it is let in.",
      ...about(statement),
      witness,
      fix:
        "Name in the Allow only the routes that are public or behind a user pool; for AWS_IAM and Lambda authorizers " +
        "restrict with Deny statements, and let identity policies and the authorizer do the allowing.",
    };
  });
}

/** A caller of the API's own account whom no policy names or describes by ARN, id or tag, or one whom the authorizer did not allow. */
function hasNoGrantOfItsOwn(subject: Subject, accountId: string): boolean {
  if (subject.kind === "authorizer") return subject.says === "nothing";
  if (subject.kind !== "caller" || subject.account !== accountId || subject.otherAccount) return false;
  const { person, personLike = "roles" } = subject;
  if (person !== undefined || !["roles", "users"].includes(personLike)) return false;
  if (isNamedById(subject)) return false;
  return subject.grants === "silent" && !subject.traits.some(({ words }) => words.startsWith("with the tag "));
}

function who(requests: readonly RequestClass[]): string {
  const kinds = new Set(requests.map(({ subject }) => subject.kind));
  const words = [
    ...(kinds.has("caller") ? ["every principal of the account, without any permission of its own"] : []),
    ...(kinds.has("authorizer") ? ["everyone whom the authorizer's policy does not allow there"] : []),
  ];
  return words.join(", and ");
}
