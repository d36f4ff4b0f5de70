import { VERBS, type Route, type Verb } from "./routes";

/** A verb and a path whose parameters may be `*`: what one resource in a policy names. */
export interface Pattern {
  readonly verb: Verb;
  readonly path: string;
}

/** A route for one verb. */
export interface Method extends Pattern {
  readonly route: Route;
}

/** The methods of an authorizer's routes, and which requests of one a policy on another would cover. */
export interface Methods {
  readonly all: readonly Method[];
  /**
   * Samples of the requests that API Gateway routes to `method` and that `pattern`, read as an IAM resource where `*`
   * spans `/`, covers: none only where it covers none.
   */
  covered(pattern: Pattern, method: Method): readonly string[];
}

/** Stands for a value that is no route's literal; no path may hold it. */
const FRESH = "\u0000";

/** Made once for a set of routes; answers are remembered. */
export function methodsOf(routes: readonly Route[]): Methods {
  const all = expand(routes);
  const answers = new Map<string, readonly string[]>();
  // Beyond the longest path only greedy routes have rivals, and one segment more is like any number more.
  const longest = Math.max(...all.map(({ path }) => path.split("/").length)) + 1;
  return {
    all,
    covered(pattern, method) {
      if (pattern.verb !== method.verb) return [];
      const key = `${pattern.verb} ${pattern.path} ${method.path}`;
      const known = answers.get(key);
      if (known !== undefined) return known;
      const rivals = all.filter(({ verb }) => verb === method.verb).map(({ path }) => path);
      const answer = meetings(pattern.path.split("/"), method.path.split("/"), longest).filter((request) =>
        mayReach(request, method.path, rivals),
      );
      answers.set(key, answer);
      return answer;
    },
  };
}

/** A route's path as a policy names it: each parameter is `*`. */
export const resourcePath = (path: string): string => path.replace(/\{[^}]+\}/g, "*");

/** Whether IAM's wildcards match: `*` is any run of characters, slashes included. */
export function matches(pattern: Pattern, request: string): boolean {
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${resourcePath(pattern.path).split("*").map(literal).join(".*")}$`, "s").test(request);
}

export const isParameter = (part: string): boolean => part === "*" || part.startsWith("{");
const isGreedy = (part: string): boolean => part.endsWith("+}");
/** A last `*` does not tell. */
const mayBeGreedy = (part: string): boolean => part === "*" || isGreedy(part);

/** A verb of its own takes its requests from an ANY on the same path, as API Gateway does. */
function expand(routes: readonly Route[]): Method[] {
  const named = new Set(routes.map(({ verb, path }) => `${verb} ${path}`));
  return routes.flatMap((route) => {
    const verbs = route.verb === "*" ? VERBS.filter((verb) => !named.has(`${verb} ${route.path}`)) : [route.verb];
    return verbs.map((verb) => ({ verb, path: route.path, route }));
  });
}

/**
 * Requests that both a pattern and a route's path describe: one for each way to lay the segments of the two beside each
 * other, with a value no route has wherever both leave the value open. Such a value has the fewest rivals, so where it
 * is routed to another route, every value is.
 */
function meetings(pattern: readonly string[], path: readonly string[], longest: number): string[] {
  const found = new Set<string>();
  const walk = (request: readonly string[], i: number, j: number): void => {
    if (i === pattern.length && j === path.length) found.add(request.join("/"));
    if (request.length === longest) return;
    for (const [part, nextI] of steps(pattern, i, isParameter)) {
      for (const [segment, nextJ] of steps(path, j, (part) => j === path.length && mayBeGreedy(part))) {
        const value = isParameter(part) ? segment : part;
        if (!isParameter(segment) && segment !== value) continue;
        walk([...request, isParameter(value) ? FRESH : value], nextI, nextJ);
      }
    }
  };
  walk([], 0, 0);
  return [...found];
}

/** What may describe the next segment, with the position after it: the part at `at`, or the one before it once more. */
function steps(parts: readonly string[], at: number, repeats: (part: string) => boolean): [string, number][] {
  const next = parts[at];
  const previous = parts[at - 1];
  const found: [string, number][] = [];
  if (next !== undefined) found.push([next, at + 1]);
  if (previous !== undefined && repeats(previous)) found.push([previous, at]);
  return found;
}

/**
 * Whether API Gateway may route a request to `path` and not to one of its rivals: from left to right, a literal wins
 * over a parameter and a parameter over a greedy one (recorded from AWS; a path that lacks the verb is no rival). What
 * `*` does not tell is taken in favour of `path`, so that no request is forgotten.
 */
function mayReach(request: string, path: string, rivals: readonly string[]): boolean {
  const segments = request.split("/");
  const rank = rankOf(path, segments, mayBeGreedy);
  return (
    rank !== undefined && rivals.every((rival) => rival === path || (rankOf(rival, segments, isGreedy) ?? "9") > rank)
  );
}

/** Sorts matching paths, the most specific first; undefined where the path does not match. */
function rankOf(path: string, segments: readonly string[], greedy: (part: string) => boolean): string | undefined {
  const parts = path.split("/");
  const spans = parts.length < segments.length;
  if (parts.length > segments.length || (spans && !greedy(parts.at(-1) ?? ""))) return undefined;
  if (!parts.every((part, index) => isParameter(part) || part === segments[index])) return undefined;
  return parts
    .map((part, index) => {
      if (!isParameter(part)) return "0";
      return isGreedy(part) || (spans && index === parts.length - 1) ? "2" : "1";
    })
    .join("");
}
