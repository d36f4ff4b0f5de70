import { refuse } from "../problems";
import type { Protection, ProtectionKind } from "./protection";
import type { ApiKind, Route } from "./route";
import { problemsBetween, problemsOfRoute } from "./route-problems";

/** The contract: a checked list of routes. */
export interface RouteTable {
  readonly routes: readonly Route[];
}

/**
 * Checks a list of routes and returns it as the contract.
 *
 * @throws SynthesisError naming every problem of the whole list at once.
 */
export function defineRoutes(routes: readonly Route[]): RouteTable {
  const problems = routes.flatMap(problemsOfRoute);
  refuse(problems.length > 0 ? problems : problemsBetween(routes));
  return { routes };
}

/** The part of the contract that lives in one of the APIs. */
export function routesIn({ routes }: RouteTable, api: ApiKind): RouteTable {
  return { routes: routes.filter(({ apis = ["public"] }) => apis.includes(api)) };
}

/** The routes of one kind of protection, with the protection's own type. */
export function routesOf<Kind extends ProtectionKind, Of extends Pick<Route, "protection">>(
  { routes }: { readonly routes: readonly Of[] },
  kind: Kind,
): readonly (Of & { readonly protection: Extract<Protection, { kind: Kind }> })[] {
  return routes.filter(
    (route): route is Of & { readonly protection: Extract<Protection, { kind: Kind }> } =>
      route.protection.kind === kind,
  );
}
