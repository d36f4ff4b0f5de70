import type { Problem } from "../problems";
import { refuse } from "../problems";
import type { IamCallers, Protection, ProtectionKind } from "./protection";

/** The verbs API Gateway accepts on a method. */
export const VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"] as const;
export type Verb = (typeof VERBS)[number];

/** One line of the contract: who may call what, and what answers. */
export interface Route {
  readonly verb: Verb;
  /** `/`, `/orders`, `/orders/{orderId}`, `/files/{path+}`; no trailing slash. */
  readonly path: string;
  readonly protection: Protection;
  /** Folder of the function in `lambdas/`. */
  readonly handler: string;
}

/** The contract: a checked list of routes. */
export interface RouteTable {
  readonly routes: readonly Route[];
}

const KINDS: readonly ProtectionKind[] = ["public", "iam", "cognito", "oauth", "signedParameters"];
const SEGMENT = /^(?:[A-Za-z0-9._~-]+|\{[A-Za-z0-9_-]+\})$/;
const GREEDY = /^\{[A-Za-z0-9_-]+\+\}$/;
const SCOPE = /^[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+(?:\/[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+)+$/;
const SHORTEST_REASON = 15;

/** The name people use for a route: `GET /orders/{orderId}`. */
export function routeName(route: Pick<Route, "verb" | "path">): string {
  return `${route.verb} ${route.path}`;
}

/**
 * Checks a list of routes and returns it as the contract.
 *
 * @throws SynthesisError naming every problem of the whole list at once.
 */
export function defineRoutes(routes: readonly Route[]): RouteTable {
  const problems = routes.flatMap((route, index) => [
    ...problemsOfShape(route, index),
    ...problemsOfProtection(route, index),
  ]);
  refuse([...problems, ...(problems.length === 0 ? problemsBetween(routes) : [])]);
  return { routes };
}

/** The routes of one kind of protection, with the protection's own type. */
export function routesOf<Kind extends ProtectionKind>(
  table: RouteTable,
  kind: Kind,
): readonly (Route & { readonly protection: Extract<Protection, { kind: Kind }> })[] {
  return table.routes.filter(
    (route): route is Route & { readonly protection: Extract<Protection, { kind: Kind }> } =>
      route.protection.kind === kind,
  );
}

function place(route: Route, index: number): string {
  return `routes[${index}] ${String(route.verb)} ${String(route.path)}`;
}

function problemsOfShape(route: Route, index: number): Problem[] {
  const problems: Problem[] = [];
  const where = place(route, index);
  if (!VERBS.includes(route.verb)) {
    problems.push({
      where,
      what: `unknown verb ${JSON.stringify(route.verb)}.`,
      next: `Use one of ${VERBS.join(", ")}.`,
    });
  }
  const segments = typeof route.path === "string" ? route.path.split("/").slice(1) : [];
  const wellFormed =
    typeof route.path === "string" &&
    route.path.startsWith("/") &&
    (route.path === "/" ||
      segments.every(
        (segment, position) => SEGMENT.test(segment) || (GREEDY.test(segment) && position === segments.length - 1),
      ));
  if (!wellFormed) {
    problems.push({
      where,
      what: `${JSON.stringify(route.path)} is not a path API Gateway accepts.`,
      next: "Write /, /orders, /orders/{orderId} or /files/{path+} (greedy last only), without a trailing slash.",
    });
  }
  if (typeof route.handler !== "string" || !/^[a-z][a-z0-9-]*$/.test(route.handler)) {
    problems.push({
      where,
      what: `handler ${JSON.stringify(route.handler)} is not the name of a folder in lambdas/.`,
      next: "Name a folder in lambdas/: lower-case letters, digits and hyphens.",
    });
  }
  return problems;
}

function problemsOfProtection(route: Route, index: number): Problem[] {
  const where = place(route, index);
  // Unreachable from TypeScript; a route table written in JavaScript must not open a route by omission.
  const protection = route.protection as Protection | undefined;
  if (protection === undefined || protection === null || !KINDS.includes(protection.kind)) {
    return [
      {
        where,
        what: "the route names no protection, so nobody has decided who may call it.",
        next: "Give it publicRoute({ reason }), iam(…), cognito(…), oauth(…) or signedParameters(…).",
      },
    ];
  }
  switch (protection.kind) {
    case "public":
      return typeof protection.reason === "string" && protection.reason.trim().length >= SHORTEST_REASON
        ? []
        : [
            {
              where: `${where} protection.reason`,
              what: `${JSON.stringify(protection.reason)} does not say why anyone may call this route.`,
              next: `Write the reason in a sentence (${SHORTEST_REASON} characters or more).`,
            },
          ];
    case "iam":
      return problemsOfCallers(protection.callers, where);
    case "cognito":
    case "oauth":
      return problemsOfList(protection.scopes, SCOPE, `${where} protection.scopes`, "a scope such as orders/read");
    case "signedParameters":
      return problemsOfList(
        protection.clients,
        /^[A-Za-z0-9._-]{1,64}$/,
        `${where} protection.clients`,
        "a client id of letters, digits, dots, hyphens and underscores",
      );
  }
}

function problemsOfCallers(callers: IamCallers, where: string): Problem[] {
  const lists = [
    ["partners", /^[a-z][a-z0-9-]*$/, "the name of a partner of the environment"],
    ["accounts", /^\d{12}$/, "a twelve-digit account id"],
    [
      "roles",
      /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
      "the ARN of a role (arn:aws:iam::…:role/…, not of a session)",
    ],
    ["organizations", /^o-[a-z0-9]{10,32}$/, "an organization id such as o-a1b2c3d4e5"],
  ] as const;
  const problems = lists.flatMap(([name, shape, allowed]) =>
    callers[name] === undefined ? [] : problemsOfList(callers[name], shape, `${where} iam.${name}`, allowed),
  );
  const named = lists.some(([name]) => (callers[name] ?? []).length > 0);
  if (!named && callers.ownAccount !== true && problems.length === 0) {
    problems.push({
      where: `${where} iam`,
      what: "no caller is named.",
      next: "Name partners, accounts, roles or organizations, or say ownAccount: true.",
    });
  }
  return problems;
}

function problemsOfList(list: unknown, shape: RegExp, where: string, allowed: string): Problem[] {
  if (!Array.isArray(list) || list.length === 0) {
    return [{ where, what: `${JSON.stringify(list)} names nobody.`, next: `Give at least one: ${allowed}.` }];
  }
  return list
    .filter((item) => typeof item !== "string" || !shape.test(item))
    .map((item) => ({ where, what: `${JSON.stringify(item)} is not ${allowed}.`, next: `Write ${allowed}.` }));
}

function problemsBetween(routes: readonly Route[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  const parameters = new Map<string, string>();
  routes.forEach((route, index) => {
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
      const sibling = parameters.get(parent);
      if (sibling !== undefined && sibling !== segment) {
        problems.push({
          where: place(route, index),
          what: `${segment} stands beside ${sibling} under ${parent}; API Gateway allows one variable there.`,
          next: `Use ${sibling} in both routes.`,
        });
      }
      parameters.set(parent, segment);
    });
  });
  return problems;
}
