import { multiValues, queryPairs } from "../decision/wire";
import type { Exchange } from "./exchange";
import { requestContext } from "./request-context";
import { headerOf } from "./wire";

/** Headers of one connection only; API Gateway does not hand them on (recorded). */
const dropped: ReadonlySet<string> = new Set(["connection", "content-length", "transfer-encoding", "keep-alive"]);

/** Names that AWS writes in its own spelling (recorded). */
const spelled: ReadonlyMap<string, string> = new Map([
  ["authorization", "Authorization"],
  ["user-agent", "User-Agent"],
  ["host", "Host"],
]);

/** The event of a Lambda proxy integration, field by field as recorded from AWS: null where there is nothing. */
export function proxyEvent(exchange: Exchange): Readonly<Record<string, unknown>> {
  const { isBinary, request, decision } = exchange;
  const headers = multiValues(integrationHeaders(exchange));
  const query = multiValues(queryPairs(request.rawQuery));
  const variables = decision.stage?.variables ?? {};
  const binary = isBinary(headerOf(request.headers, "content-type"));
  const body = Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength);
  return {
    resource: decision.route?.path ?? decision.path,
    path: pathBelowStage(request.rawPath, decision.path),
    httpMethod: request.method,
    headers: lastValues(headers),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: query.size === 0 ? null : lastValues(query),
    multiValueQueryStringParameters: query.size === 0 ? null : Object.fromEntries(query),
    pathParameters: Object.keys(decision.pathParameters).length === 0 ? null : decision.pathParameters,
    stageVariables: Object.keys(variables).length === 0 ? null : variables,
    requestContext: requestContext(exchange),
    body: body.length === 0 ? null : body.toString(binary ? "base64" : "utf8"),
    isBase64Encoded: binary && body.length > 0,
  };
}

/**
 * The headers that an integration sees: without those of the connection, without a SigV4 `Authorization`
 * (docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html), with those that API Gateway adds.
 */
export function integrationHeaders({ request, traceId }: Exchange): [name: string, value: string][] {
  const headers: [string, string][] = [];
  const seen = new Map<string, string>();
  let forwardedFor: string | undefined;
  for (const [name, value] of request.headers) {
    const lower = name.toLowerCase();
    if (dropped.has(lower) || lower === "x-forwarded-port" || lower === "x-forwarded-proto") continue;
    if (lower === "authorization" && value.trimStart().startsWith("AWS4-")) continue;
    if (lower === "x-amzn-trace-id") continue;
    if (lower === "x-forwarded-for") {
      forwardedFor = forwardedFor === undefined ? value : `${forwardedFor}, ${value}`;
      continue;
    }
    // One header, whatever the case of its repetitions.
    const spelling = seen.get(lower) ?? spelled.get(lower) ?? name;
    seen.set(lower, spelling);
    headers.push([spelling, value]);
  }
  const { sourceIp } = request.network;
  headers.push(
    ["X-Amzn-Trace-Id", traceId],
    ["X-Forwarded-For", forwardedFor === undefined ? sourceIp : `${forwardedFor}, ${sourceIp}`],
    ["X-Forwarded-Port", "443"],
    ["X-Forwarded-Proto", "https"],
  );
  return headers;
}

/**
 * The path without the stage, with doubled and trailing slashes where they were sent (recorded). One with dot segments
 * is handed on as it was decided on: a function that reads `/admin/../public` its own way could take it for another.
 */
export function pathBelowStage(rawPath: string, decided: string): string {
  if (/\/\.{1,2}(?:\/|$)/.test(rawPath)) return decided;
  const at = rawPath.indexOf("/", rawPath.search(/[^/]/));
  return at === -1 ? "/" : rawPath.slice(at);
}

function lastValues(values: ReadonlyMap<string, readonly string[]>): Readonly<Record<string, string>> {
  return Object.fromEntries([...values].map(([name, all]) => [name, all.at(-1) ?? ""]));
}
