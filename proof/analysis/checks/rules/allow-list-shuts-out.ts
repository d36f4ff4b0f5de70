import type { Decision } from "../../../decision";
import type { Subject } from "../../subject";
import type { RouteClasses, RequestClass } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { listed, resourceStatements, routeName, stepOf } from "../statements";

/**
 * Where an API has a resource policy, public and user pool routes need an Allow of it, and only the principal `*` matches
 * their callers, whom nobody signed for. An allow list of accounts and roles therefore shuts these routes, and a Deny for
 * all but some principals shuts Lambda authorizers too (API Gateway resource policies, troubleshooting).
 */
export const allowListShutsOut: Rule = {
  name: "allow-list-shuts-out",
  severity: "error",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  const { policy } = stage.prepared;
  if (policy === undefined) return [];
  const shut = stage.classes().flatMap((route) => shutBy(route, stage) ?? []);
  const [first] = shut;
  const witness = first === undefined ? null : context.witness(first.request(), "deny");
  if (witness === null) return [];
  return [
    {
      message:
        `The resource policy shuts out every caller of ${listed(shut.map(({ route }) => routeName(route)))}: ` +
        "no statement allows callers that nobody signed for, whatever they present.",
      where: { file: policy.source.file, address: policy.source.address },
      witness,
      fix:
        'Add an Allow with the principal "*" for exactly these routes (with a condition on addresses, VPCs or endpoints ' +
        "where they are not for everyone); account and role principals count for AWS_IAM routes only.",
    },
  ];
}

/** The request that would have got in, had the policy let it. */
function shutBy({ route, requests }: RouteClasses, stage: CheckedStage): RequestClass | undefined {
  if (route === undefined || route.auth.type === "AWS_IAM") return undefined;
  if (requests.some(({ outcome }) => outcome !== "deny")) return undefined;
  return requests.find(({ subject, decision }) => {
    const entitled = subject.kind === "token" || isAllowed(subject) || route.auth.type === "NONE";
    const result = stepOf(decision, "resource-policy")?.result;
    return entitled && (result === "neither" || (result === "deny" && byNotPrincipal(decision, stage)));
  });
}

function isAllowed(subject: Subject): boolean {
  return subject.kind === "authorizer" && subject.says === "allow";
}

/** A Deny for all but some principals, among which the anonymous one cannot be. */
function byNotPrincipal(decision: Decision | undefined, stage: CheckedStage): boolean {
  return resourceStatements(stage, "Deny").some(
    ({ ref, principal }) => ref === decision?.decidedBy && principal?.negated === true,
  );
}
