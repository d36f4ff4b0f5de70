import type { Model, UserPool } from "../../model/types";
import type { HttpRequest } from "../http";
import { hostedUiPath } from "../oidc";

/** A request to a pool's hosted UI: the pool, and the path below its domain. */
export interface HostedRequest {
  readonly pool: UserPool;
  readonly path: string;
  /** What stands before the path in links to the same hosted UI: empty, or the path that stands for the domain. */
  readonly base: string;
}

const PATHS = /^\/(oauth2\/(authorize|token|revoke|userInfo)|login|logout)$/;

/**
 * The hosted UI a request is for: `<domain>.localhost:PORT`, the path that stands for the domain, or no more than
 * the port where the directory holds one pool with a domain.
 */
export function hostedRequest(model: Model, request: HttpRequest): HostedRequest | undefined {
  const pools = model.userPools.filter(({ domain }) => domain !== undefined);
  for (const pool of pools) {
    const prefix = hostedUiPath(pool.id);
    if (request.rawPath.startsWith(`${prefix}/`)) {
      return { pool, path: request.rawPath.slice(prefix.length), base: prefix };
    }
  }
  if (!PATHS.test(request.rawPath)) return undefined;
  const host = request.host.replace(/:\d+$/, "").toLowerCase();
  const named = pools.find(({ domain }) => host === `${domain?.toLowerCase()}.localhost`);
  const pool = named ?? (pools.length === 1 && !host.endsWith(".localhost") ? pools[0] : undefined);
  return pool === undefined ? undefined : { pool, path: request.rawPath, base: "" };
}

/** Where a pool's hosted UI stands on this server; undefined where the pool has no domain. */
export function hostedUiUrl(model: Model, pool: UserPool, request: HttpRequest): string | undefined {
  if (pool.domain === undefined) return undefined;
  const alone = model.userPools.filter(({ domain }) => domain !== undefined).length === 1;
  if (alone) return `http://${request.host}`;
  const port = /:\d+$/.exec(request.host)?.[0] ?? "";
  return `http://${pool.domain.toLowerCase()}.localhost${port}`;
}
