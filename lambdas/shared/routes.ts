import type { Parse } from "./environment";

/** The verbs API Gateway knows: what a method `ANY` stands for. */
export const VERBS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] as const;
export type Verb = (typeof VERBS)[number];

/** A route that one authorizer protects, with what a caller must have to call it. */
export interface Route {
  /** A verb in capitals, or `*` for a method `ANY`. */
  readonly verb: Verb | "*";
  /**
   * The resource's path: `/`, `/reports/{id}`, `/files/{proxy+}`. A parameter may also be written `*`; at the end of the
   * path that leaves open whether it is greedy, and the policy then denies where it cannot tell.
   */
  readonly path: string;
  /** The caller needs one of these. None listed: no scope is needed. */
  readonly scopes: readonly string[];
  /** Client ids admitted. None listed: every client the authorizer recognises. */
  readonly clients: readonly string[];
}

/** What an authorizer established about a caller. */
export interface Entitlements {
  readonly scopes: readonly string[];
  readonly client: string | undefined;
}

/** A route's conditions are all met; those it does not state are met by every recognised caller. */
export function mayCall(caller: Entitlements, route: Route): boolean {
  const scoped = route.scopes.length === 0 || route.scopes.some((scope) => caller.scopes.includes(scope));
  const admitted = route.clients.length === 0 || (caller.client !== undefined && route.clients.includes(caller.client));
  return scoped && admitted;
}

/** The `ROUTES` variable: a JSON list of `{"verb","path","scopes"?,"clients"?}`. An unknown member is refused. */
export const routes: Parse<readonly Route[]> = (text) => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error("is not JSON.");
  }
  if (!Array.isArray(parsed) || parsed.length === 0) throw new Error("is not a JSON list of at least one route.");
  const problems: string[] = [];
  const read = parsed.map((entry: unknown, index) =>
    readRoute(entry, (problem) => problems.push(`[${index}] ${problem}`)),
  );
  const seen = new Set<string>();
  for (const [index, { verb, path }] of read.entries()) {
    if (seen.has(`${verb} ${path}`)) problems.push(`[${index}] repeats ${verb} ${path}.`);
    seen.add(`${verb} ${path}`);
  }
  if (problems.length > 0) throw new Error(`is not a list of routes: ${problems.join(" ")}`);
  return read;
};

/** API Gateway's path parts: literals and whole-segment parameters, a greedy one only at the end. */
const PATH =
  /^\/$|^(\/(\*|\{[\w.-]+\}|[A-Za-z0-9._~:$!&'(),;=@+%-]+))*(\/(\*|\{[\w.-]+\+?\}|[A-Za-z0-9._~:$!&'(),;=@+%-]+))$/;
const MEMBERS = new Set(["verb", "path", "scopes", "clients"]);

function readRoute(entry: unknown, problem: (text: string) => void): Route {
  const members: Record<string, unknown> = typeof entry === "object" && entry !== null ? { ...entry } : {};
  const { verb, path, scopes = [], clients = [] } = members;
  for (const name of Object.keys(members)) if (!MEMBERS.has(name)) problem(`has an unknown member "${name}".`);
  if (!isVerb(verb)) problem(`needs a "verb": one of ${VERBS.join(", ")} or "*".`);
  if (typeof path !== "string" || !PATH.test(path)) {
    problem(
      'needs a "path" such as /reports/{id}: "*" and {name} stand for a whole segment, {name+} for the last ones.',
    );
  }
  if (!isStrings(scopes)) problem('has "scopes" that are not a list of strings.');
  if (!isStrings(clients)) problem('has "clients" that are not a list of strings.');
  return { verb, path, scopes, clients } as Route;
}

const isVerb = (value: unknown): boolean => value === "*" || VERBS.some((verb) => verb === value);
const isStrings = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === "string" && item !== "");
