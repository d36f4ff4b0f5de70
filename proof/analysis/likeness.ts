import type { Condition } from "../iam";
import type { Route } from "../model/types";
import { authText } from "./auth-changes";
import type { Ground } from "./ground";
import { conditionsText } from "./rules";
import type { Rule } from "./rules";
import type { Scene } from "./scene";
import { isServed, isSigned } from "./scene";
import type { CallerSubject } from "./subject";
import type { View } from "./view";
import { callerIn, refusedAt } from "./view";

/**
 * Whether two configurations say the same of a path in the same words, so that every request is answered alike and none
 * has to be decided. Where the words differ, nothing is claimed.
 */
export function likeness(
  [base, head]: readonly Ground[],
  callers: readonly CallerSubject[],
): (scenes: readonly Scene[]) => boolean {
  if (base === undefined || head === undefined) return () => false;
  const known = callers.filter(({ grants }) => grants === "known");
  const sameView = viewText(base.view) === viewText(head.view);
  const sameCallers = callersText(base.view, known) === callersText(head.view, known);
  const texts = new Map<Rule, string>();
  const meaning = (rule: Rule): string => {
    let text = texts.get(rule);
    if (text === undefined) texts.set(rule, (text = ruleText(rule)));
    return text;
  };
  const sceneText = ({ view, route, rules, own }: Scene): string => {
    const shared = [...new Set(rules.map(meaning))].sort();
    const theirs = own.map(({ rule, subject }) => `${known.indexOf(subject)} ${meaning(rule)}`);
    return JSON.stringify([routeText(route, view), shared, [...new Set(theirs)].sort()]);
  };
  return (scenes) => {
    const [from, to] = scenes;
    if (!sameView || from === undefined || to === undefined) return false;
    if (!sameCallers && scenes.some(({ route }) => isSigned(route))) return false;
    return sceneText(from) === sceneText(to);
  };
}

/** What of an API and its stage decides beside routes and statements. */
function viewText(view: View): string {
  const { prepared, side, stage } = view;
  if (prepared === undefined || !isServed(view)) return "";
  const { accountId, endpointType, disableExecuteApiEndpoint, policy } = prepared.api;
  const endpoints = side.model.vpcEndpoints.map(({ id, vpcId, policy: limit }) => [
    id,
    vpcId,
    limit?.unresolved,
    limit === undefined,
  ]);
  const variables = prepared.stages.get(stage)?.variables;
  return JSON.stringify([
    [accountId, endpointType, disableExecuteApiEndpoint, policy === undefined, policy?.unresolved],
    endpointType === "PRIVATE" ? endpoints.map((one) => JSON.stringify(one)).sort() : [],
    variables,
  ]);
}

function callersText(view: View, known: readonly CallerSubject[]): string {
  return JSON.stringify(
    known.map((subject) => {
      const { principal, tags, permissionsBoundary, identityPolicies } = callerIn(view, subject);
      const unresolved = [permissionsBoundary, ...identityPolicies].map((policy) => policy?.unresolved);
      return [principal, Object.entries(tags).sort(), permissionsBoundary === undefined, unresolved];
    }),
  );
}

function routeText(route: Route | undefined, view: View): string {
  if (route === undefined) return "";
  const { auth, refused } = route;
  const pools =
    auth.type === "COGNITO_USER_POOLS"
      ? [auth.scopes, auth.authorizer.providerArns, auth.authorizer.identityValidationExpression]
      : auth.type === "CUSTOM"
        ? [
            auth.authorizer.name,
            auth.authorizer.identitySources,
            auth.authorizer.identityValidationExpression,
            refusedAt(view, auth.authorizer) === undefined,
          ]
        : [];
  return JSON.stringify([authText(route, view), refused, pools]);
}

/** What a statement that covers a path asks beside. */
function ruleText({ statement, policy, variableResource }: Rule): string {
  const { effect, principal, conditions, resource } = statement;
  return JSON.stringify([
    policy.kind,
    policy.version,
    // Which endpoint a policy is of.
    policy.kind === "vpc-endpoint" ? policy.source.address : "",
    effect,
    principal?.negated,
    principal?.entries.map((entry) => JSON.stringify(entry)).sort(),
    conditionsText(conditions as readonly Condition[]),
    variableResource ? resource?.patterns.map(({ source }) => source).sort() : [],
  ]);
}
