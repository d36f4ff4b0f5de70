import type { Api, Model, Route } from "../../../model/types";
import type { RequestClass, RouteClasses } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { absentKeys, resourceStatements, routeName, stepOf } from "../statements";

/** A route that no request gets through to: it is dead, or shut by mistake. */
export const unreachableRoute: Rule = {
  name: "unreachable-route",
  severity: "warning",
  find: (context) => [
    ...context.model.apis.filter(({ stages }) => stages.length === 0).map(withoutStage),
    ...context.stages.flatMap((stage) => stage.api.routes.flatMap((route) => findIn(context, stage, route))),
  ],
};

function withoutStage({ name, source }: Api): RuleFinding {
  return {
    message: `${name} has no stage: none of its routes can be called.`,
    where: source,
    witness: null,
    fix: "Add a deployment and a stage, or remove the API.",
  };
}

function findIn(context: CheckContext, stage: CheckedStage, route: Route): RuleFinding[] {
  const about = stage.classes().filter(({ verb, template }) => template === route.path && isFor(route, verb));
  if (about.some(({ undecided }) => undecided.length > 0)) return [];
  const requests = about.flatMap((one) => one.requests).filter((one) => one.route === route);
  const dead = (why: string, fix: string, shown?: RequestClass): RuleFinding[] => [
    {
      message: `Nobody reaches ${routeName(route)} of ${stage.api.name}: ${why}.`,
      where: route.source,
      witness: shown === undefined ? null : context.witness(shown.request(), "deny"),
      fix,
    },
  ];
  if (requests.length === 0) return dead("other routes take every request that it could serve", "Remove it.");
  const scope = missingScope(context.model, route);
  if (scope !== undefined) return dead(scope, "Define the scope on a resource server of the pool, or ask for another.");
  if (requests.some(({ outcome }) => outcome !== "deny")) return [];
  const entitled = requests.filter(isEntitled);
  const [shown] = entitled;
  if (shown === undefined || entitled.some((one) => toldElsewhere(one, stage))) return [];
  const why = shown.decision?.trace.findLast(({ step, result }) => step !== "combine" && result !== "allow")?.because;
  return dead(
    `everybody is refused. ${(why ?? "").replace(/\.$/, "")}`,
    "Change what refuses the witness, or remove it.",
    shown,
  );
}

function isFor({ method }: Route, verb: RouteClasses["verb"]): boolean {
  return method === "ANY" || method === verb;
}

/** Who would be let in, were nothing in the way. */
function isEntitled({ subject, route }: RequestClass): boolean {
  if (route.auth.type === "NONE") return true;
  if (subject.kind === "authorizer") return subject.says === "allow";
  if (subject.kind === "caller") return subject.grants === "allowed";
  if (subject.kind !== "token" || route.auth.type !== "COGNITO_USER_POOLS") return false;
  return route.auth.scopes.length === 0 ? subject.use === "id" : subject.scope !== undefined;
}

/** What the rules about resource policies, audiences and permissions say already. */
function toldElsewhere({ decision, route }: RequestClass, stage: CheckedStage): boolean {
  if (decision?.denial?.responseType === "AUTHORIZER_CONFIGURATION_ERROR") return true;
  const result = stepOf(decision, "resource-policy")?.result;
  if (result === "neither") return route.auth.type !== "AWS_IAM";
  const scoped = route.auth.type === "COGNITO_USER_POOLS" && route.auth.scopes.length > 0;
  if (scoped && stepOf(decision, "token")?.result === "deny") return true;
  return resourceStatements(stage, "Deny").some(
    (statement) =>
      statement.ref === decision?.decidedBy &&
      (statement.principal?.negated === true || absentKeys(statement, route, stage).length > 0),
  );
}

/** Scopes that Cognito itself puts into access tokens. */
const OWN_SCOPES = new Set(["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"]);

/** Undefined where a pool of another configuration, or a trigger that adds scopes, may know better. */
function missingScope({ userPools }: Model, { auth }: Route): string | undefined {
  if (auth.type !== "COGNITO_USER_POOLS" || auth.scopes.length === 0) return undefined;
  const pools = auth.authorizer.providerArns.map((arn) => userPools.find((pool) => pool.arn === arn));
  if (pools.some((pool) => pool === undefined || "lambda_config" in pool.settings)) return undefined;
  const known = new Set([...OWN_SCOPES, ...pools.flatMap((pool) => pool?.scopes ?? [])]);
  if (auth.scopes.some((scope) => known.has(scope))) return undefined;
  return `it asks for ${auth.scopes.join(" or ")}, which no resource server of its user pool defines`;
}
