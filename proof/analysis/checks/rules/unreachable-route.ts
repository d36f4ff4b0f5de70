import type { Api, Model, Route, Source } from "../../../model/types";
import type { RequestClass, RouteClasses } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { absentKeys, listed, resourceStatements, routeName, stepOf } from "../statements";

/** A route that no request gets through to: it is dead, or shut by mistake. What one statement shuts is told together. */
export const unreachableRoute: Rule = {
  name: "unreachable-route",
  severity: "warning",
  find: (context) => [
    ...context.model.apis.filter(({ stages }) => stages.length === 0).map(withoutStage),
    ...context.stages.flatMap((stage) => findAt(context, stage)),
  ],
};

/** A route that nobody reaches, and why. */
interface Dead {
  readonly route: Route;
  readonly why: string;
  readonly fix: string;
  /** Where everybody is refused: somebody who would be let in, were nothing in the way. */
  readonly shown?: RequestClass;
  /** What refuses them. */
  readonly cause?: Source;
}

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  const byCause = new Map<string, [Dead, ...Dead[]]>();
  const byTemplate = new Map<string, RouteClasses[]>();
  for (const one of stage.classes()) {
    const list = byTemplate.get(one.template);
    if (list === undefined) byTemplate.set(one.template, [one]);
    else list.push(one);
  }
  for (const [index, route] of stage.api.routes.entries()) {
    const about = (byTemplate.get(route.path) ?? []).filter(({ verb }) => isFor(route, verb));
    const dead = deadAt(context, stage, route, about);
    if (dead === undefined) continue;
    const key = dead.cause === undefined ? String(index) : JSON.stringify(dead.cause);
    const group = byCause.get(key);
    if (group === undefined) byCause.set(key, [dead]);
    else group.push(dead);
  }
  return [...byCause.values()].map((group) => {
    const [{ route, why, fix, shown, cause }] = group;
    const isOne = group.length === 1 || cause === undefined;
    return {
      message: `Nobody reaches ${listed(group.map((dead) => routeName(dead.route)))} of ${stage.api.name}: ${why}.`,
      where: isOne ? route.source : { file: cause.file, address: cause.address },
      witness: shown === undefined ? null : context.witness(shown.request(), "deny"),
      fix,
    };
  });
}

function withoutStage({ name, source }: Api): RuleFinding {
  return {
    message: `${name} has no stage: none of its routes can be called.`,
    where: source,
    witness: null,
    fix: "Add a deployment and a stage, or remove the API.",
  };
}

function deadAt(
  { model }: CheckContext,
  stage: CheckedStage,
  route: Route,
  about: readonly RouteClasses[],
): Dead | undefined {
  if (about.some(({ undecided }) => undecided.length > 0)) return undefined;
  const requests = about.filter((one) => one.route === route).flatMap((one) => one.requests);
  if (requests.length === 0) {
    return { route, why: "other routes take every request that it could serve", fix: "Remove it." };
  }
  const scope = missingScope(model, route);
  if (scope !== undefined) {
    return { route, why: scope, fix: "Define the scope on a resource server of the pool, or ask for another." };
  }
  if (requests.some(({ outcome }) => outcome !== "deny")) return undefined;
  const entitled = requests.filter(isEntitled);
  const [shown] = entitled;
  if (shown === undefined || entitled.some((one) => toldElsewhere(one, stage))) return undefined;
  const refusal = shown.decision?.trace.findLast(({ step, result }) => step !== "combine" && result !== "allow");
  return {
    route,
    why: `everybody is refused. ${(refusal?.because ?? "").replace(/\.$/, "")}`,
    fix: "Change what refuses the witness, or remove it.",
    shown,
    ...(refusal?.source === undefined ? {} : { cause: refusal.source }),
  };
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
