import type { RequestFacts } from "./request-context";
import { requestContext } from "./request-context";
import type { WireRequest } from "./types";
import { multiValues, queryPairs } from "./wire";

/** The event of a TOKEN authorizer: exactly three members (Input to an API Gateway Lambda authorizer). */
export function tokenEvent(methodArn: string, authorizationToken: string): Readonly<Record<string, unknown>> {
  return { type: "TOKEN", methodArn, authorizationToken };
}

/**
 * The event of a REQUEST authorizer of a REST API: no `version`, no body, no `isBase64Encoded`. Members without a
 * value are `{}` where the proxy event has null (documented samples).
 */
export function requestEvent(
  facts: RequestFacts,
  methodArn: string,
  path: string,
  pathParameters: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const headers = receivedHeaders(facts.request);
  const query = queryPairs(facts.request.rawQuery);
  return {
    type: "REQUEST",
    methodArn,
    resource: facts.route.path,
    path,
    httpMethod: facts.request.method,
    // Of several values of one name the last, as recorded for queries.
    headers: Object.fromEntries(headers),
    multiValueHeaders: Object.fromEntries(multiValues(headers)),
    queryStringParameters: Object.fromEntries(query),
    multiValueQueryStringParameters: Object.fromEntries(multiValues(query)),
    pathParameters,
    stageVariables: facts.stage.variables,
    requestContext: requestContext(facts),
  };
}

/**
 * Headers as API Gateway hands them on: the client's casing kept, except that `Authorization` is always written so
 * (recorded), values of one name gathered under its first spelling, and the forwarding headers of the front end added.
 */
function receivedHeaders(request: WireRequest): (readonly [string, string])[] {
  const spelling = new Map<string, string>([["authorization", "Authorization"]]);
  const forwardedFor: string[] = [];
  const received: (readonly [string, string])[] = [];
  for (const [name, value] of request.headers) {
    const lower = name.toLowerCase();
    if (lower === "x-forwarded-for") forwardedFor.push(value);
    if (lower.startsWith("x-forwarded-")) continue;
    const first = spelling.get(lower) ?? name;
    spelling.set(lower, first);
    received.push([first, value]);
  }
  received.push(["X-Forwarded-For", [...forwardedFor, request.network.sourceIp].join(", ")]);
  received.push(["X-Forwarded-Port", "443"], ["X-Forwarded-Proto", "https"]);
  return received;
}
