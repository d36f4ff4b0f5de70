import { join } from "node:path";
import { refuse } from "../problems";
import type { Protection, ProtectionKind } from "./protection";
import type { ApiKind, Route } from "./route";
import { problemsBetween } from "./between-routes";
import { problemsOfHandlers } from "./handlers";
import { problemsOfRoute } from "./route-problems";

const LAMBDAS = join(__dirname, "..", "..", "lambdas");

/** The contract: a checked list of routes. */
export interface RouteTable {
  readonly routes: readonly Route[];
}

/**
 * Checks a list of routes and returns it as the contract.
 *
 * @param lambdas Absolute path of the folder that holds a folder for each function; `lambdas/` of this repository where
 * it is left out.
 * @throws SynthesisError naming every problem of the whole list at once.
 */
export function defineRoutes(routes: readonly Route[], lambdas = LAMBDAS): RouteTable {
  refuse([...routes.flatMap(problemsOfRoute), ...problemsBetween(routes), ...problemsOfHandlers(routes, lambdas)]);
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
