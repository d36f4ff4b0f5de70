import type { Answer } from "./answer";
import type { HeaderList } from "./wire";

const members: ReadonlySet<string> = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);

/** Headers that belong to the connection; an integration cannot set them. */
const dropped: ReadonlySet<string> = new Set(["transfer-encoding", "keep-alive"]);

/**
 * Headers that API Gateway renames to `x-amzn-Remapped-…` on their way back: of those that AWS documents "may be"
 * (docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html), the ones that clients have seen,
 * and the ids of the request, which are its own to give.
 */
const remapped: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "date",
  "server",
  "www-authenticate",
  "x-amzn-requestid",
  "x-amz-apigw-id",
]);

/** The headers of an integration's answer as the client gets them. */
export function responseHeaders(headers: HeaderList): (readonly [string, string])[] {
  return headers.flatMap(([name, value]) => {
    const lower = name.toLowerCase();
    if (dropped.has(lower) || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || /[\r\n\0]/.test(value)) return [];
    return [[remapped.has(lower) ? `x-amzn-Remapped-${name}` : name, value] as const];
  });
}

/**
 * What a function returned, as an HTTP answer; undefined where it is not a proxy response, which AWS answers with 502.
 * Recorded (test_lambda_aws_proxy_response_format): no member is needed, the status is then 200 and the body empty;
 * a member with another name makes the response malformed.
 *
 * @param acceptsBinary whether the client's first accepted media type is one of the API's binary media types; only then
 *   is a base64 body decoded (docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html)
 */
export function proxyAnswer(payload: unknown, acceptsBinary: boolean): Answer | undefined {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return undefined;
  const response = payload as Record<string, unknown>;
  if (Object.keys(response).some((name) => !members.has(name))) return undefined;
  const status = statusOf(response["statusCode"]);
  const headers = headersOf(response);
  const body = response["body"] ?? "";
  if (status === undefined || headers === undefined || typeof body !== "string") return undefined;
  const typed = headers.some(([name]) => name.toLowerCase() === "content-type");
  return {
    status,
    headers: typed ? headers : [["Content-Type", "application/json"], ...headers],
    body: response["isBase64Encoded"] === true && acceptsBinary ? Buffer.from(body, "base64") : body,
  };
}

function statusOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return 200;
  const status =
    typeof value === "number" ? value : typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : NaN;
  return Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined;
}

function headersOf(response: Record<string, unknown>): (readonly [string, string])[] | undefined {
  const multi = response["multiValueHeaders"] ?? {};
  const single = response["headers"] ?? {};
  if (!isRecord(multi) || !isRecord(single)) return undefined;
  const headers: (readonly [string, string])[] = [];
  const named = new Set<string>();
  for (const [name, values] of Object.entries(multi)) {
    if (!Array.isArray(values)) return undefined;
    named.add(name.toLowerCase());
    for (const value of values) {
      if (!isScalar(value)) return undefined;
      headers.push([name, String(value)]);
    }
  }
  for (const [name, value] of Object.entries(single)) {
    if (!isScalar(value)) return undefined;
    // Where both name a header, the list holds all of its values.
    if (!named.has(name.toLowerCase())) headers.push([name, String(value)]);
  }
  return responseHeaders(headers);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
