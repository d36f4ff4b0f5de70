import type { Problem } from "../problems";
import { problemsOfBodySchema } from "./body-schema";
import { PROTECTION_KINDS, problemsOfMembers } from "./known-members";
import type { IamCallers, Protection } from "./protection";
import { APIS, VERBS, type ApiKind, type Route } from "./route";

/** The name of a function's folder. */
export const HANDLER = /^[a-z][a-z0-9-]*$/;
const SEGMENT = /^(?:[A-Za-z0-9._~-]+|\{[A-Za-z0-9_-]+\})$/;
const GREEDY = /^\{[A-Za-z0-9_-]+\+\}$/;
const SCOPE = /^[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+(?:\/[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+)+$/;
const SHORTEST_REASON = 15;

/** What is wrong with one route by itself. */
export function problemsOfRoute(route: Route, index: number): Problem[] {
  return [
    ...problemsOfShape(route, index),
    ...problemsOfMembers(route, place(route, index)),
    ...problemsOfProtection(route, index),
    ...problemsOfOptions(route, index),
    ...problemsOfRequest(route, index),
  ];
}

/** Where a problem of a route is. */
export function place(route: Route, index: number): string {
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
  if (typeof route.handler !== "string" || !HANDLER.test(route.handler)) {
    problems.push({
      where,
      what: `handler ${JSON.stringify(route.handler)} is not the name of a folder in lambdas/.`,
      next: "Name a folder in lambdas/: lower-case letters, digits and hyphens.",
    });
  }
  return problems;
}

function problemsOfOptions(route: Route, index: number): Problem[] {
  const where = place(route, index);
  const problems: Problem[] = [];
  const { apis } = route;
  if (
    apis !== undefined &&
    (!Array.isArray(apis) || apis.length === 0 || apis.some((api) => !APIS.includes(api as ApiKind)))
  ) {
    problems.push({
      where: `${where} apis`,
      what: `${JSON.stringify(apis)} does not say where the route lives.`,
      next: `Name at least one of ${APIS.join(", ")}, or leave it out for public.`,
    });
  }
  const { throttle } = route;
  if (
    throttle !== undefined &&
    !(throttle.requestsPerSecond > 0 && Number.isInteger(throttle.burst) && throttle.burst > 0)
  ) {
    problems.push({
      where: `${where} throttle`,
      what: `${JSON.stringify(throttle)} is not a rate.`,
      next: "Write { requestsPerSecond, burst }, both above 0, burst a whole number.",
    });
  }
  if (throttle !== undefined && (route.verb === "ANY" || route.path === "/")) {
    problems.push({
      where: `${where} throttle`,
      what: "API Gateway throttles a method by its verb and path; this route has none of its own.",
      next: "Declare the verbs one by one, or put the route below /.",
    });
  }
  if (route.cors === true && (route.verb === "OPTIONS" || route.verb === "ANY")) {
    problems.push({
      where: `${where} cors`,
      what: `${route.verb} already answers OPTIONS, which the preflight needs.`,
      next: "Declare the verbs one by one.",
    });
  }
  for (const [name, value] of [
    ["cors", route.cors],
    ["metered", route.metered],
  ] as const) {
    if (value === undefined || typeof value === "boolean") continue;
    problems.push({
      where: `${where} ${name}`,
      what: `${JSON.stringify(value)} is not accepted.`,
      next: "Write true or false.",
    });
  }
  return problems;
}

function problemsOfRequest({ request = {}, ...route }: Route, index: number): Problem[] {
  const where = `${place(route, index)} request`;
  const rules = (["query", "headers"] as const).flatMap((part) =>
    Object.entries(request[part] ?? {})
      .filter(([, rule]) => rule !== "required" && rule !== "optional")
      .map(([name, rule]) => ({
        where: `${where}.${part}.${name}`,
        what: `${JSON.stringify(rule)} is not accepted.`,
        next: 'Write "required" or "optional".',
      })),
  );
  return [...rules, ...(request.body === undefined ? [] : problemsOfBodySchema(request.body, `${where}.body`))];
}

function problemsOfProtection(route: Route, index: number): Problem[] {
  const where = place(route, index);
  // Unreachable from TypeScript; a route table written in JavaScript must not open a route by omission.
  const protection = route.protection as Protection | undefined;
  if (protection === undefined || protection === null || !PROTECTION_KINDS.includes(protection.kind)) {
    return [
      {
        where,
        what: "the route names no protection, so nobody has decided who may call it.",
        next: "Give it publicRoute({ reason }), iam(…), cognito(…), oauth(…), saml(…) or signedParameters(…).",
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
    case "saml":
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

function problemsOfCallers(callers: IamCallers = {}, where: string): Problem[] {
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
    .map((item) => ({
      where,
      what: `${JSON.stringify(item)} is not ${allowed}.`,
      next: "Correct it, or take it out of the list.",
    }));
}
