import type { Route } from "./route";

/**
 * The `Resource` that covers a route in a policy: `<execution ARN>/<stage>/<VERB>/<path with * for variables>`.
 *
 * The root path leaves the slash after the verb, as API Gateway presents it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
 */
export function invokeResource(executionArn: string, stage: string, route: Pick<Route, "verb" | "path">): string {
  return `${executionArn}/${stage}/${invokePattern(route)}`;
}

/** The part of `invokeResource` after the stage. */
export function invokePattern(route: Pick<Route, "verb" | "path">): string {
  const verb = route.verb === "ANY" ? "*" : route.verb;
  return `${verb}/${route.path.slice(1).replace(/\{[^}]+\}/g, "*")}`;
}

/** A route as an authorizer function reads it: the path as in the contract, `ANY` as `*`. */
export function routePattern(route: { readonly verb: string; readonly path: string }): {
  readonly verb: string;
  readonly path: string;
} {
  return { verb: route.verb === "ANY" ? "*" : route.verb, path: route.path };
}

type CharacterSet = "any" | "notSlash" | { readonly is: string };
interface Token {
  readonly set: CharacterSet;
  /** Repeats any number of times, none included. */
  readonly loop: boolean;
}

/**
 * Whether a policy that covers `granted` also covers some request of `other`.
 *
 * IAM's `*` crosses slashes, so `GET/orders/*` covers `GET /orders/{orderId}/items` as well, and `*` + `/orders`, which
 * stands for `ANY /orders`, covers `GET /old/orders`: where the two routes admit different callers, that is a hole. The
 * question is decided exactly: both are finite automata over characters, and they overlap when their product reaches
 * its end.
 */
export function coversSomeOf(granted: Pick<Route, "verb" | "path">, other: Pick<Route, "verb" | "path">): boolean {
  const resource = invokePattern(granted);
  const template = `${other.verb === "ANY" ? "{verb}" : other.verb}${other.path}`;
  // Most pairs part before either has a wildcard.
  const [head = ""] = resource.split("*", 1);
  const [otherHead = ""] = template.split("{", 1);
  if (!head.startsWith(otherHead) && !otherHead.startsWith(head)) return false;
  const pattern = [...resource].map((character): Token =>
    character === "*" ? { set: "any", loop: true } : { set: { is: character }, loop: false },
  );
  return overlap(pattern, requestTokens(template));
}

/** The concrete requests of a template: a variable is one non-empty segment, a greedy variable anything non-empty. */
function requestTokens(template: string): Token[] {
  return (template.match(/\{[^}]+\}|[^{]/g) ?? []).flatMap((part): Token[] => {
    if (!part.startsWith("{")) return [{ set: { is: part }, loop: false }];
    const set: CharacterSet = part.endsWith("+}") ? "any" : "notSlash";
    return [
      { set, loop: false },
      { set, loop: true },
    ];
  });
}

function overlap(left: readonly Token[], right: readonly Token[]): boolean {
  const seen = new Set<string>();
  const open: [number, number][] = [[0, 0]];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const [i, j] = state;
    const key = `${i},${j}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (i === left.length && j === right.length) return true;
    const a = left[i];
    const b = right[j];
    if (a?.loop) open.push([i + 1, j]);
    if (b?.loop) open.push([i, j + 1]);
    if (a && b && meet(a.set, b.set)) open.push([a.loop ? i : i + 1, b.loop ? j : j + 1]);
  }
  return false;
}

function meet(a: CharacterSet, b: CharacterSet): boolean {
  if (a === "any" || b === "any") return true;
  if (a === "notSlash") return b === "notSlash" || b.is !== "/";
  if (b === "notSlash") return a.is !== "/";
  return a.is === b.is;
}
