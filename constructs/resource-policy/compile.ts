import type { Problem } from "../problems";
import { refuse } from "../problems";
import { coversSomeOf, invokePattern, invokeResource } from "../routes/invoke-resource";
import { folded, type RoutePattern } from "../routes/folded";
import type { IamCallers } from "../routes/protection";
import { routeName, type Route } from "../routes/route";
import { routesOf } from "../routes/route-table";
import { asStored, type ResourcePolicy, type Statement } from "./document";
import { RESOURCE_POLICY_LIMIT, sizeOnAws } from "./size";
import { anyone, awsAccountAllowList, ipRangeDenyList, sourceVpcAllowList } from "./templates";

/** What the policy needs to know of a route. */
export type PolicyRoute = Pick<Route, "verb" | "path" | "protection">;

export interface PolicyInput {
  readonly routes: readonly PolicyRoute[];
  /** `arn:aws:execute-api:<region>:<account>:<api>`, or the token that becomes it. */
  readonly executionArn: string;
  readonly stage: string;
  readonly partition: string;
  readonly region: string;
  /** The account that owns the API. */
  readonly accountId: string;
  /** Partner name to account id. */
  readonly partners: Readonly<Record<string, string>>;
  readonly network: NetworkRule;
}

/** Where callers may come from, whatever they bring. */
export type NetworkRule =
  | { readonly kind: "anywhere-but"; readonly ranges: readonly string[] }
  | { readonly kind: "only-from"; readonly vpcs: readonly string[]; readonly endpoints: readonly string[] };

/**
 * The resource policy of an API, compiled route by route from its contract.
 *
 * | protection | statement | why |
 * | --- | --- | --- |
 * | public, Cognito | Allow `*` on the route | once a policy exists, silence denies them |
 * | IAM | Allow the callers in other accounts on the route | across accounts both sides have to allow |
 * | IAM, own account | none | an Allow would admit callers without any identity policy |
 * | Lambda authorizer | none | an Allow would admit callers whom the authorizer's policy does not |
 * | every route | Deny by network: the IP ranges, or all but the VPCs and endpoints | a Deny wins over everything |
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 *
 * Each route has its resource while the policy has room for them all. Over the limit, routes of the same callers that
 * stand below one path are folded into one resource, wherever that admits nobody else (see `folded`).
 *
 * @throws SynthesisError for an unknown partner, the API's own account among the callers, or an Allow that would
 *   reach into another route; all of them at once.
 */
export function compileResourcePolicy(input: PolicyInput): ResourcePolicy {
  refuse([...problemsOfCallers(input), ...holesBetween(input.routes)]);
  const exact = policyOf(input, (routes) => routes);
  if (sizeOnAws(exact, input) <= RESOURCE_POLICY_LIMIT) return exact;
  return policyOf(input, (granted) =>
    folded(
      granted,
      input.routes.filter((other) => granted.some((route) => mattersTo(route, other))),
    ),
  );
}

/** How routes of the same callers are named. */
type Naming = (granted: readonly PolicyRoute[]) => readonly RoutePattern[];

function policyOf(input: PolicyInput, named: Naming): ResourcePolicy {
  const resources = (granted: readonly PolicyRoute[]): string[] =>
    named(granted)
      .map((route) => invokeResource(input.executionArn, input.stage, route))
      .sort();
  return {
    Version: "2012-10-17",
    Statement: [
      ...networkStatements(input.network, `${input.executionArn}/*`),
      ...anyone(resources(input.routes.filter(admitsAnyone))),
      ...callerStatements(input, resources),
    ],
  };
}

function networkStatements(network: NetworkRule, resource: string): Statement[] {
  const resources = [resource];
  if (network.kind === "only-from") return sourceVpcAllowList({ ...network, resources });
  return network.ranges.length > 0 ? ipRangeDenyList({ ranges: network.ranges, resources }) : [];
}

/** Routes whose Allow has to name everybody: their own authentication, or none, decides. */
function admitsAnyone(route: PolicyRoute): boolean {
  return route.protection.kind === "public" || route.protection.kind === "cognito";
}

/** One statement per set of callers, with all the routes that set may call. */
function callerStatements(input: PolicyInput, named: (granted: readonly PolicyRoute[]) => string[]): Statement[] {
  const groups = new Map<string, { readonly callers: IamCallers; readonly routes: PolicyRoute[] }>();
  for (const route of routesOf(input, "iam")) {
    const key = callersKey(route.protection.callers);
    const group = groups.get(key) ?? { callers: route.protection.callers, routes: [] };
    group.routes.push(route);
    groups.set(key, group);
  }
  // Sorted, so that the order of the route table changes nothing and asks for no new deployment.
  const sorted = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.flatMap(([, { callers, routes }]): Statement[] => {
    const resources = named(routes);
    const principals = principalsOf(callers, input.partners);
    const { organizations = [] } = callers;
    return [
      ...(principals.length > 0 ? [awsAccountAllowList({ principals, partition: input.partition, resources })] : []),
      ...(organizations.length > 0 ? [organizationAllow(organizations, input.accountId, resources)] : []),
    ];
  });
}

/** Account ids and role ARNs, sorted so that the order in the table changes nothing. */
function principalsOf(callers: IamCallers, partners: Readonly<Record<string, string>>): string[] {
  const { accounts = [], roles = [] } = callers;
  const ofPartners = (callers.partners ?? []).flatMap((name) => partners[name] ?? []);
  return [...new Set([...ofPartners, ...accounts, ...roles])].sort();
}

/**
 * Principals of an organization, except those of the API's own account, whom this Allow would otherwise admit
 * without an identity policy of their own.
 */
function organizationAllow(
  organizations: readonly string[],
  ownAccount: string,
  resources: readonly string[],
): Statement {
  return {
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: "execute-api:Invoke",
    Resource: asStored(resources),
    Condition: {
      StringEquals: { "aws:PrincipalOrgID": asStored([...organizations].sort()) },
      StringNotEquals: { "aws:PrincipalAccount": ownAccount },
    },
  };
}

function callersKey(callers: IamCallers): string {
  const sorted = (list: readonly string[] = []): string[] => [...list].sort();
  return JSON.stringify([
    sorted(callers.partners),
    sorted(callers.accounts),
    sorted(callers.roles),
    sorted(callers.organizations),
  ]);
}

function problemsOfCallers(input: PolicyInput): Problem[] {
  return routesOf(input, "iam").flatMap((route): Problem[] => {
    const { callers } = route.protection;
    const unknown = (callers.partners ?? []).filter((name) => input.partners[name] === undefined);
    const own = principalsOf(callers, input.partners).filter(
      (principal) => principal === input.accountId || principal.includes(`:${input.accountId}:`),
    );
    const known = Object.keys(input.partners).sort().join(", ") || "none";
    return [
      ...unknown.map((name) => ({
        where: routeName(route),
        what: `partner ${JSON.stringify(name)} is not one of this environment's partners.`,
        next: `Known partners: ${known}. Add it to the environment file or correct the route.`,
      })),
      ...own.map((principal) => ({
        where: routeName(route),
        what: `${principal} belongs to the API's own account, where an Allow here admits callers without an identity policy.`,
        next: "Say ownAccount: true and give the callers an identity policy that allows the route.",
      })),
    ];
  });
}

/**
 * Allows that would reach into a route that admits other callers, because `*` crosses slashes: those of the resource
 * policy, and those of the identity policy that callers of the own account attach.
 */
function holesBetween(routes: readonly PolicyRoute[]): Problem[] {
  const problems: Problem[] = [];
  for (const granted of routes) {
    if (!admitsAnyone(granted) && granted.protection.kind !== "iam") continue;
    for (const other of routes) {
      if (other === granted || !mattersTo(granted, other)) continue;
      // Without a wildcard it covers requests to itself alone: API Gateway prefers a literal path, and a verb of its own.
      if (!invokePattern(granted).includes("*") || !coversSomeOf(granted, other)) continue;
      problems.push({
        where: routeName(granted),
        what: `the pattern that stands for this route in policies also covers ${routeName(other)}, which admits other callers.`,
        next: "`*` in a policy crosses slashes. Move one of the two under another path, or protect both alike.",
      });
    }
  }
  return problems;
}

/** An Allow for named principals means nothing on methods that are not AWS_IAM; an Allow for anyone means something on all. */
function mattersTo(granted: PolicyRoute, other: PolicyRoute): boolean {
  if (admitsAnyone(granted)) return !admitsAnyone(other);
  if (granted.protection.kind !== "iam" || other.protection.kind !== "iam") return false;
  const [callers, others] = [granted.protection.callers, other.protection.callers];
  const ownOnly = callers.ownAccount === true && others.ownAccount !== true;
  return ownOnly || (namesOthers(callers) && callersKey(callers) !== callersKey(others));
}

/** Whether callers outside the API's account are among them. */
function namesOthers({ partners = [], accounts = [], roles = [], organizations = [] }: IamCallers): boolean {
  return partners.length + accounts.length + roles.length + organizations.length > 0;
}
