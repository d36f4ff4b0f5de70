import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { list, readEnvironment, withDefault } from "./environment";

const { CORS_ALLOWED_ORIGINS } = readEnvironment(process.env, { CORS_ALLOWED_ORIGINS: withDefault(list, []) });

/** A JSON answer of a proxy integration, with the CORS header where the environment allows the caller's origin. */
export function respond(event: APIGatewayProxyEvent, statusCode: number, body: unknown): APIGatewayProxyResult {
  return {
    statusCode,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...cors(event) },
    body: JSON.stringify(body),
  };
}

/** The form of the API's gateway responses, so that a client reads one kind of error. */
export function notFound(event: APIGatewayProxyEvent): APIGatewayProxyResult {
  const { requestId } = event.requestContext;
  return respond(event, 404, { message: `No ${event.httpMethod} ${event.path}`, type: "NOT_FOUND", requestId });
}

function cors(event: APIGatewayProxyEvent): Record<string, string> {
  if (CORS_ALLOWED_ORIGINS.includes("*")) return { "Access-Control-Allow-Origin": "*" };
  if (CORS_ALLOWED_ORIGINS.length === 0) return {};
  const origin = Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === "origin")?.[1];
  const allowed = origin !== undefined && CORS_ALLOWED_ORIGINS.includes(origin);
  return { Vary: "Origin", ...(allowed ? { "Access-Control-Allow-Origin": origin } : {}) };
}
