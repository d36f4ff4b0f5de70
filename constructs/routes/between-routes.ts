import type { Problem } from "../problems";
import { place } from "./route-problems";
import { routeName, type ApiKind, type Route } from "./route";

/** What is wrong with routes beside each other. */
export function problemsBetween(routes: readonly Route[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  const parameters = new Map<string, string>();
  routes.forEach((route, index) => {
    if (typeof route.path !== "string") return;
    problems.push(...problemsBesidePreflight(route, index, routes));
    const name = routeName(route);
    const first = seen.get(name);
    if (first !== undefined) {
      problems.push({
        where: place(route, index),
        what: `the route is already declared at routes[${first}].`,
        next: "Keep one of the two: a route has one protection.",
      });
    }
    seen.set(name, index);
    const segments = route.path.split("/").slice(1);
    segments.forEach((segment, depth) => {
      if (!segment.startsWith("{")) return;
      // API Gateway refuses two variables under one parent: "A sibling ({a}) of this resource already has a variable path part".
      const parent = `/${segments.slice(0, depth).join("/")}`;
      const places = apisOf(route).map((api) => `${api} ${parent}`);
      const sibling = places.map((at) => parameters.get(at)).find((other) => other !== undefined && other !== segment);
      if (sibling !== undefined) {
        problems.push({
          where: place(route, index),
          what: `${segment} stands beside ${sibling} under ${parent}; API Gateway allows one variable there.`,
          next: `Use ${sibling} in both routes.`,
        });
      }
      for (const at of places) parameters.set(at, segment);
    });
  });
  return problems;
}

/** CORS answers OPTIONS for the whole path, so in one API nothing else can. */
function problemsBesidePreflight(route: Route, index: number, routes: readonly Route[]): Problem[] {
  if (route.verb !== "OPTIONS") return [];
  const open = routes.findIndex(
    (other) =>
      other.cors === true &&
      other.verb !== "OPTIONS" &&
      other.path === route.path &&
      apisOf(other).some((api) => apisOf(route).includes(api)),
  );
  return open < 0
    ? []
    : [
        {
          where: place(route, index),
          what: `cors: true of routes[${open}] already answers OPTIONS ${route.path}, for the preflight.`,
          next: "Remove this route, or answer the preflight in its handler and take cors: true from the path's routes.",
        },
      ];
}

function apisOf({ apis }: Route): readonly ApiKind[] {
  return Array.isArray(apis) ? apis : ["public"];
}
