import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { notFound, respond } from "../shared/respond";

/** Says that API Gateway, the permission and the function work. It says nothing else: anybody may ask. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const asked = event.httpMethod === "GET" || event.httpMethod === "HEAD";
  return asked ? respond(event, 200, { status: "ok" }) : notFound(event);
}
