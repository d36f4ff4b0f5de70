import { folded, type RoutePattern } from "../routes/folded";
import { routePattern } from "../routes/invoke-resource";

/** What callers of a route need: one of the scopes, or to be one of the clients. */
export type Needs = { readonly scopes: readonly string[] } | { readonly clients: readonly string[] };

export interface AuthorizedRoute extends RoutePattern {
  readonly needs: Needs;
}

/**
 * The part of the contract an authorizer's function decides by: each route, or, where that does not fit into the
 * function's environment or its answers, routes with the same needs folded, verb by verb (an answer names each verb).
 */
export function authorizerRoutes(
  routes: readonly AuthorizedRoute[],
  fits: (routes: readonly AuthorizedRoute[]) => boolean,
): readonly AuthorizedRoute[] {
  if (fits(routes)) return routes;
  const groups = new Map<string, AuthorizedRoute[]>();
  for (const route of routes) {
    const key = `${route.verb} ${textOf(route.needs)}`;
    groups.set(key, [...(groups.get(key) ?? []), route]);
  }
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).flatMap(({ needs }) =>
      folded(
        group,
        routes.filter((route) => textOf(route.needs) !== textOf(needs)),
      ).map(({ verb, path }) => ({ verb, path, needs })),
    ),
  );
}

/** The `ROUTES` variable of an authorizer's function. */
export function routesVariable(routes: readonly AuthorizedRoute[]): string {
  return JSON.stringify(routes.map(({ needs, ...route }) => ({ ...routePattern(route), ...needs })));
}

function textOf(needs: Needs): string {
  return JSON.stringify(Object.entries(needs).map(([name, list]) => [name, [...list].sort()]));
}
