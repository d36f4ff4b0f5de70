import type { Problem } from "../problems";
import { routeName, type Route } from "../routes/route";

/** What AWS allows; those of API Gateway can be raised on request. */
export interface Quotas {
  /** @default 10 */
  readonly authorizersPerApi: number;
  /** Path parts of an API. @default 300 */
  readonly resourcesPerApi: number;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
export const DEFAULT_QUOTAS: Quotas = { authorizersPerApi: 10, resourcesPerApi: 300 };

/** Bytes of all environment variables of a function. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const FUNCTION_ENVIRONMENT_BYTES = 4096;
/** Bytes of a function's resource policy. */
const FUNCTION_POLICY_BYTES = 20_480;
/** What Lambda makes of one permission, without its source ARN and statement id. */
const PERMISSION_OVERHEAD_BYTES = 260;
/** Bytes of a policy an authorizer returns; AWS documents 8 KB for WebSocket APIs and nothing for REST APIs. */
const AUTHORIZER_ANSWER_BYTES = 8192;
const ANSWER_OVERHEAD_BYTES = 600;
const FUNCTION_NAME_CHARACTERS = 64;
const HEAVIEST = 3;

/** Path parts an API needs for its routes, the root not counted. */
export function resourcesOf(routes: readonly Pick<Route, "path">[]): number {
  const paths = new Set<string>();
  for (const { path } of routes) {
    const parts = path
      .split("/")
      .slice(1)
      .filter((part) => part !== "");
    parts.forEach((_, index) => paths.add(parts.slice(0, index + 1).join("/")));
  }
  return paths.size;
}

/** The API asks for more path parts than it may have: says which first path parts hold most of them. */
export function problemsOfResources(routes: readonly Route[], quotas: Quotas, where: string): Problem[] {
  const count = resourcesOf(routes);
  if (count <= quotas.resourcesPerApi) return [];
  const byFirst = new Map<string, Route[]>();
  for (const route of routes) {
    const first = `/${route.path.split("/")[1] ?? ""}`;
    byFirst.set(first, [...(byFirst.get(first) ?? []), route]);
  }
  const heaviest = [...byFirst]
    .map(([first, below]) => ({ first, count: resourcesOf(below) }))
    .sort((a, b) => b.count - a.count)
    .slice(0, HEAVIEST);
  return [
    {
      where,
      what: `${count} path parts are needed; the quota is ${quotas.resourcesPerApi}. Most: ${heaviest.map((part) => `${part.count} below ${part.first}`).join(", ")}.`,
      next: "Use greedy paths, split the API, or have the quota raised and write it into the environment's quotas.",
    },
  ];
}

/** More authorizers than an API may have. */
export function problemsOfAuthorizers(names: readonly string[], quotas: Quotas, where: string): Problem[] {
  if (names.length <= quotas.authorizersPerApi) return [];
  return [
    {
      where,
      what: `${names.length} authorizers are needed (${names.join(", ")}); the quota is ${quotas.authorizersPerApi}.`,
      next: "Protect more routes by the same kind, split the API, or have the quota raised and write it into the environment's quotas.",
    },
  ];
}

/** A function whose name, or whose role's, AWS would refuse. */
export function problemsOfName(name: string): Problem[] {
  if (name.length <= FUNCTION_NAME_CHARACTERS) return [];
  return [
    {
      where: name,
      what: `the name has ${name.length} characters; Lambda and IAM take ${FUNCTION_NAME_CHARACTERS}.`,
      next: "Shorten the project, the environment, or the folder in lambdas/.",
    },
  ];
}

/** A function's environment that Lambda would refuse: says which variables weigh most. */
export function problemsOfEnvironment(environment: Readonly<Record<string, string>>, where: string): Problem[] {
  const sizes = Object.entries(environment).map(([name, value]) => ({ name, bytes: Buffer.byteLength(name + value) }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= FUNCTION_ENVIRONMENT_BYTES) return [];
  const heaviest = sizes.sort((a, b) => b.bytes - a.bytes).slice(0, HEAVIEST);
  return [
    {
      where,
      what: `the environment has ${total} bytes; Lambda takes ${FUNCTION_ENVIRONMENT_BYTES}. Heaviest: ${heaviest.map(({ name, bytes }) => `${name} with ${bytes}`).join(", ")}.`,
      next: "Put routes with the same scopes or clients below one path of their own, or split the API.",
    },
  ];
}

/**
 * An authorizer whose answer could grow over what the functions in `lambdas/` give. It names every route a caller is admitted to, so
 * that it is right for each route it is cached for.
 */
export function problemsOfAnswer(
  routes: readonly Pick<Route, "verb" | "path">[],
  arnLength: number,
  where: string,
): Problem[] {
  // `"<arn>/<stage>/<verb><path>",` for each route, and the statements around them.
  const sized = routes.map((route) => ({ route, bytes: arnLength + routeName(route).length + 3 }));
  const total = ANSWER_OVERHEAD_BYTES + sized.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= AUTHORIZER_ANSWER_BYTES) return [];
  const [longest] = sized.sort((a, b) => b.bytes - a.bytes);
  return [
    {
      where,
      what: `an answer for all ${routes.length} routes would have about ${total} bytes; our authorizers give at most ${AUTHORIZER_ANSWER_BYTES}. Longest: ${longest === undefined ? "none" : routeName(longest.route)}.`,
      next: "Put routes with the same scopes or clients below one path of their own, or split the API.",
    },
  ];
}

/** Whether a function's resource policy has room for a permission for each of these routes. */
export function fitsFunctionPolicy(routes: readonly Pick<Route, "verb" | "path">[]): boolean {
  const bytes = routes.reduce((sum, route) => sum + PERMISSION_OVERHEAD_BYTES + 2 * routeName(route).length, 0);
  return bytes <= FUNCTION_POLICY_BYTES;
}
