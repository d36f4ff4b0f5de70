import { VERBS, type Route, type Verb } from "./routes";

/** A route for one verb: what one request matches. */
export interface Method {
  readonly verb: Verb;
  readonly path: string;
}

/** The methods of `routes`. A verb of its own takes its requests from an ANY on the same path, as API Gateway does. */
export function methods<R extends Route>(routes: readonly R[]): (Method & { readonly route: R })[] {
  const named = new Set(routes.map(({ verb, path }) => `${verb} ${path}`));
  return routes.flatMap((route) => {
    const verbs = route.verb === "*" ? VERBS.filter((verb) => !named.has(`${verb} ${route.path}`)) : [route.verb];
    return verbs.map((verb) => ({ verb, path: route.path, route }));
  });
}

/**
 * Whether `pattern`, read as an IAM resource where `*` spans `/`, covers requests that API Gateway routes to `other`.
 * A parameter's value that is also a literal sibling's name belongs to that sibling, so parameters are tried with a
 * value no route has; a last parameter also with two segments, because it may be greedy.
 */
export function covers(pattern: Method, other: Method): boolean {
  if (pattern.verb !== other.verb) return false;
  const glob = new RegExp(`^${pattern.path.split("*").map(escape).join(".*")}$`, "s");
  const sample = other.path.replaceAll("*", FRESH);
  return glob.test(sample) || (sample.endsWith(FRESH) && glob.test(`${sample}/${FRESH}`));
}

/** No path may hold this character. */
const FRESH = "\u0000";

const escape = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
