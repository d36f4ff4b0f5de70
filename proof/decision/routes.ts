import type { Route } from "../model/types";
import type { RequestPath } from "./path";

/** The verbs that a method `ANY` stands for; any other verb reaches no route (API Gateway, PutMethod). */
const VERBS: ReadonlySet<string> = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);

interface Node {
  readonly literals: Map<string, Node>;
  parameter?: Node;
  /** Routes at this very path, by verb. */
  readonly methods: Map<string, Route>;
  /** Routes of a greedy child, by verb. */
  readonly greedy: Map<string, Route>;
}

export interface RouteMatch {
  readonly route: Route;
  /** As they stand on the wire: recorded from AWS, `%2B` reaches the integration as `%2B`. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The routes of one API, compiled once. */
export interface RouteTree {
  match(method: string, path: RequestPath): RouteMatch | undefined;
}

/**
 * Recorded from AWS (LocalStack, TestApigatewayRouting): a literal segment wins over a parameter and a parameter over
 * a greedy one, and a resource that lacks the verb (and ANY) falls through to the next less specific one that has it.
 */
export function compileRoutes(routes: readonly Route[]): RouteTree {
  const root = newNode();
  for (const route of routes) {
    let node = root;
    let greedy = false;
    for (const part of templateSegments(route.path)) {
      if (part.startsWith("{") && part.endsWith("+}")) greedy = true;
      else node = child(node, part);
    }
    (greedy ? node.greedy : node.methods).set(route.method, route);
  }
  return {
    match(method, path) {
      if (!VERBS.has(method)) return undefined;
      const route = find(root, path.segments, 0, method);
      return route === undefined ? undefined : { route, pathParameters: parametersOf(route, path) };
    },
  };
}

function newNode(): Node {
  return { literals: new Map(), methods: new Map(), greedy: new Map() };
}

function child(node: Node, part: string): Node {
  if (part.startsWith("{") && part.endsWith("}")) return (node.parameter ??= newNode());
  const known = node.literals.get(part);
  if (known !== undefined) return known;
  const made = newNode();
  node.literals.set(part, made);
  return made;
}

function find(node: Node, segments: readonly string[], at: number, method: string): Route | undefined {
  if (at === segments.length) return pick(node.methods, method);
  const segment = segments[at] ?? "";
  const literal = node.literals.get(segment);
  const specific = literal === undefined ? undefined : find(literal, segments, at + 1, method);
  if (specific !== undefined) return specific;
  const parameter = node.parameter === undefined ? undefined : find(node.parameter, segments, at + 1, method);
  return parameter ?? pick(node.greedy, method);
}

function pick(methods: ReadonlyMap<string, Route>, method: string): Route | undefined {
  return methods.get(method) ?? methods.get("ANY");
}

function parametersOf(route: Route, path: RequestPath): Readonly<Record<string, string>> {
  if (!route.path.includes("{")) return {};
  const values: [string, string][] = [];
  templateSegments(route.path).forEach((part, index) => {
    if (!part.startsWith("{") || !part.endsWith("}")) return;
    if (part.endsWith("+}")) values.push([part.slice(1, -2), remainder(path.asSent, index)]);
    else values.push([part.slice(1, -1), path.segments[index] ?? ""]);
  });
  return Object.fromEntries(values);
}

/** What follows the first `skip` segments of a path that may hold empty ones. */
function remainder(asSent: string, skip: number): string {
  let at = 0;
  for (let done = 0; done <= skip; done++) {
    while (asSent[at] === "/") at++;
    if (done === skip) break;
    while (at < asSent.length && asSent[at] !== "/") at++;
  }
  return asSent.slice(at);
}

function templateSegments(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}
