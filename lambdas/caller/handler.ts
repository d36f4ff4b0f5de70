import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { log } from "../shared/log";
import { notFound, respond } from "../shared/respond";
import { VERBS } from "../shared/routes";
import { callerOf } from "./caller";

/**
 * Answers any route with the caller as API Gateway presented it: what a team replaces with its own code, and what shows
 * until then that the access control in front of it does what it says. No header or query is repeated, since those
 * carry credentials.
 */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  if (!VERBS.some((verb) => verb === event.httpMethod)) return notFound(event);
  const caller = callerOf(event.requestContext);
  log("info", "called", { caller: caller.type, method: event.httpMethod, resource: event.resource });
  return respond(event, 200, {
    caller,
    method: event.httpMethod,
    path: event.path,
    resource: event.resource,
    pathParameters: event.pathParameters ?? {},
    stage: event.requestContext.stage,
  });
}
