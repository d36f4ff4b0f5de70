import { createHash } from "node:crypto";
import type { Protection } from "./protection";

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
  /**
   * Where the route lives.
   * @default ["public"]
   */
  readonly apis?: readonly ApiKind[];
  /** What API Gateway checks before it calls the handler. Path variables are always required. */
  readonly request?: RequestRules;
  /** Narrower than the stage's throttle; needs a verb other than ANY and a path other than /. */
  readonly throttle?: Throttle;
  /** Browsers of the environment's CORS origin may call: adds the preflight for the path. */
  readonly cors?: boolean;
  /** Callers also send an API key of a usage plan: metering, not authentication. */
  readonly metered?: boolean;
}

export const APIS = ["public", "private"] as const;
export type ApiKind = (typeof APIS)[number];

export interface Throttle {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

export interface RequestRules {
  /** Query strings by name. */
  readonly query?: Readonly<Record<string, "required" | "optional">>;
  /** Headers by name. */
  readonly headers?: Readonly<Record<string, "required" | "optional">>;
  /** JSON schema (draft 4) of a JSON body. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** The name people use for a route: `GET /orders/{orderId}`. */
export function routeName(route: Pick<Route, "verb" | "path">): string {
  return `${route.verb} ${route.path}`;
}

/** Eight hexadecimal digits that tell routes apart where AWS leaves no room for their names. */
export function routeHash(route: Pick<Route, "verb" | "path">): string {
  return createHash("sha256").update(routeName(route)).digest("hex").slice(0, 8);
}
