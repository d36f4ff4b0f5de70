import type { Route } from "../model/types";
import type { RequestPath } from "./path";

/** The verbs that a method `ANY` stands for; any other verb reaches no route (API Gateway, PutMethod). */
const VERBS: ReadonlySet<string> = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);

/** `{id}` or `{proxy+}`, the only segments of a template that are no literals. */
const VARIABLE = /^\{([^{}+]+)(\+?)\}$/;

interface Served {
  readonly route: Route;
  readonly variables: readonly Variable[];
}

interface Variable {
  readonly name: string;
  /** Which segment of a path it takes. */
  readonly at: number;
  /** It takes all that follow as well. */
  readonly greedy: boolean;
}

interface Node {
  readonly literals: Map<string, Node>;
  parameter?: Node;
  /** Served at this very path, by verb. */
  readonly methods: Map<string, Served>;
  /** Served by a greedy child, by verb. */
  readonly greedy: Map<string, Served>;
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
    const variables: Variable[] = [];
    const parts = route.path.split("/").filter((part) => part !== "");
    let node = root;
    for (const [at, part] of parts.entries()) {
      const [, name, plus] = VARIABLE.exec(part) ?? [];
      if (name === undefined) node = child(node, part);
      else variables.push({ name, at, greedy: plus === "+" });
      if (plus === "") node = node.parameter ??= newNode();
    }
    const greedy = variables.at(-1)?.greedy === true;
    (greedy ? node.greedy : node.methods).set(route.method, { route, variables });
  }
  return {
    match(method, path) {
      if (!VERBS.has(method)) return undefined;
      const served = find(root, path.segments, 0, method);
      return served && { route: served.route, pathParameters: parametersOf(served, path) };
    },
  };
}

function newNode(): Node {
  return { literals: new Map(), methods: new Map(), greedy: new Map() };
}

function child(node: Node, part: string): Node {
  const known = node.literals.get(part);
  if (known !== undefined) return known;
  const made = newNode();
  node.literals.set(part, made);
  return made;
}

function find(node: Node, segments: readonly string[], at: number, method: string): Served | undefined {
  const segment = segments[at];
  if (segment === undefined) return pick(node.methods, method);
  const literal = node.literals.get(segment);
  const specific = literal && find(literal, segments, at + 1, method);
  if (specific !== undefined) return specific;
  const parameter = node.parameter && find(node.parameter, segments, at + 1, method);
  return parameter ?? pick(node.greedy, method);
}

function pick(methods: ReadonlyMap<string, Served>, method: string): Served | undefined {
  return methods.get(method) ?? methods.get("ANY");
}

function parametersOf({ variables }: Served, { segments, spaced }: RequestPath): Readonly<Record<string, string>> {
  return Object.fromEntries(
    variables.map(({ name, at, greedy }) => {
      const following = greedy ? spaced.slice(at + 1) : [];
      return [name, [...segments.slice(at, at + 1), ...following].join("/")];
    }),
  );
}
