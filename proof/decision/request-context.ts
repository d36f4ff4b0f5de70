import { createHash } from "node:crypto";
import type { Api, Route, Stage } from "../model/types";
import type { WireRequest } from "./types";
import { lastHeader } from "./wire";

/** What is known of a request before its caller is: the part of `requestContext` that every authorizer sees. */
export interface RequestFacts {
  readonly api: Api;
  readonly stage: Stage;
  readonly route: Route;
  readonly request: WireRequest;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * `requestContext` of a REST API with the members recorded from AWS; those of `identity` that need a signature are
 * null. `path` holds the stage and stands as sent.
 */
export function requestContext(facts: RequestFacts): Readonly<Record<string, unknown>> {
  const { api, stage, route, request, now } = facts;
  const host = lastHeader(request, "host") ?? "";
  return {
    accountId: api.accountId,
    apiId: api.id,
    deploymentId: remembered(deploymentIds, stage, () => stableId("deployment", api.id, stage.name).slice(0, 6)),
    domainName: host,
    domainPrefix: host.replace(/\..*/, ""),
    extendedRequestId: stableId("request", request.requestId).slice(0, 15),
    httpMethod: request.method,
    identity: {
      accessKey: null,
      accountId: null,
      caller: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: request.network.sourceIp,
      user: null,
      userAgent: lastHeader(request, "user-agent") ?? null,
      userArn: null,
      ...apiKey(route, request),
    },
    path: request.rawPath.replace(/^\/{2,}/, "/"),
    protocol: "HTTP/1.1",
    requestId: request.requestId,
    requestTime: commonLogTime(now),
    requestTimeEpoch: now,
    resourceId: remembered(resourceIds, route, () => resourceId(api.id, route.path)),
    resourcePath: route.path,
    stage: stage.name,
  };
}

/** Ids of what a model holds, worked out once for each. */
const deploymentIds = new WeakMap<Stage, string>();
const resourceIds = new WeakMap<Route, string>();

function remembered<Key extends object>(ids: WeakMap<Key, string>, key: Key, make: () => string): string {
  let id = ids.get(key);
  if (id === undefined) ids.set(key, (id = make()));
  return id;
}

/** A stand-in for the id AWS gives a resource: the same for the same API and path. */
export function resourceId(apiId: string, path: string): string {
  return stableId("resource", apiId, path).slice(0, 6);
}

/** `09/Apr/2015:12:34:56 +0000`, as `$context.requestTime`. */
export function commonLogTime(now: number): string {
  const [, day, month, year, time] = new Date(now).toUTCString().split(" ");
  return `${day}/${month}/${year}:${time} +0000`;
}

function apiKey(route: Route, request: WireRequest): { readonly apiKey?: string } {
  const key = route.apiKeyRequired ? lastHeader(request, "x-api-key") : undefined;
  return key === undefined ? {} : { apiKey: key };
}

function stableId(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}
