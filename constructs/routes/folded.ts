import { coversSomeOf } from "./invoke-resource";
import type { Route } from "./route";

/** What a policy names of a route. */
export type RoutePattern = Pick<Route, "verb" | "path">;

/**
 * The routes of one grant as fewer patterns: those below one literal path become `<prefix>/{path+}`, for all their verbs
 * or for one, wherever that covers none of `others`. For lists that a limit of AWS has no room for; where a list fits,
 * keep it, because a list of routes is what people can review.
 *
 * A folded pattern also covers paths below the prefix that no route serves. API Gateway refuses those whatever a policy
 * says, and a route put there later is among `others` at the next synthesis.
 *
 * @param routes What is granted, all of it to the same callers.
 * @param others Routes that a policy for these callers may not cover.
 */
export function folded(routes: readonly RoutePattern[], others: readonly RoutePattern[], depth = 1): RoutePattern[] {
  const kept: RoutePattern[] = [];
  const groups = new Map<string, RoutePattern[]>();
  for (const route of routes) {
    const prefix = literalPrefix(route.path, depth);
    if (prefix === undefined) kept.push(route);
    else groups.set(prefix, [...(groups.get(prefix) ?? []), route]);
  }
  for (const [prefix, group] of groups) {
    const whole = foldedInto(prefix, group, others);
    kept.push(
      ...(whole ??
        byVerb(group).flatMap((some) => foldedInto(prefix, some, others) ?? folded(some, others, depth + 1))),
    );
  }
  return kept;
}

/** The first parts of a path that goes on below them; undefined where it does not, or where one of them is a variable. */
function literalPrefix(path: string, depth: number): string | undefined {
  const parts = path.split("/");
  const first = parts.slice(0, depth + 1);
  return parts.length > depth + 1 && !first.some((part) => part.startsWith("{")) ? first.join("/") : undefined;
}

function foldedInto(
  prefix: string,
  group: RoutePattern[],
  others: readonly RoutePattern[],
): RoutePattern[] | undefined {
  const [{ verb } = { verb: "ANY" as const }, ...rest] = group;
  if (rest.length === 0) return group;
  const pattern = {
    verb: rest.every((route) => route.verb === verb) ? verb : ("ANY" as const),
    path: `${prefix}/{path+}`,
  };
  return others.some((other) => coversSomeOf(pattern, other)) ? undefined : [pattern];
}

function byVerb(routes: readonly RoutePattern[]): RoutePattern[][] {
  return [...new Set(routes.map(({ verb }) => verb))].map((verb) => routes.filter((route) => route.verb === verb));
}
