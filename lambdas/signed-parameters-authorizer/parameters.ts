import type { APIGatewayRequestAuthorizerEvent } from "aws-lambda";
import { BadCredentials } from "../shared/authorizer";
import type { SignedParameters } from "./sign";

/** How far ahead `expires` may lie, in seconds: a leaked URL is worth no more than this. */
const MAXIMUM_AHEAD_SECONDS = 3600;

/**
 * The four identity sources of a request, checked for form and time. A parameter sent twice is refused: API Gateway's
 * cache key and this function might each read another one.
 *
 * @param now Seconds since the epoch.
 * @throws BadCredentials where the caller is at fault, another error where the stage is.
 */
export function readParameters(
  event: APIGatewayRequestAuthorizerEvent,
  now: number,
): SignedParameters & { readonly signature: string } {
  const clientId = once("X-Client-Id", header(event, "x-client-id"), /^[A-Za-z0-9._-]{1,64}$/);
  const expires = Number(once("expires", query(event, "expires"), /^[1-9][0-9]{0,10}$/));
  const signature = once("signature", query(event, "signature"), /^[A-Za-z0-9_-]{43}$/);
  if (expires <= now) throw new BadCredentials("signature has expired");
  if (expires > now + MAXIMUM_AHEAD_SECONDS) throw new BadCredentials("expires is too far ahead");
  const audience = event.stageVariables?.["signingAudience"];
  if (audience === undefined || audience === "") throw new Error("The stage has no variable signingAudience.");
  return { clientId, audience, expires, signature };
}

function once(what: string, values: readonly string[], form: RegExp): string {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0) throw new BadCredentials(`${what} is not there exactly once`);
  if (!form.test(value)) throw new BadCredentials(`${what} has not the right form`);
  return value;
}

/** Header names arrive as the client wrote them. */
function header(event: APIGatewayRequestAuthorizerEvent, name: string): string[] {
  return Object.entries(event.multiValueHeaders ?? {})
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, values]) => values ?? []);
}

function query(event: APIGatewayRequestAuthorizerEvent, name: string): string[] {
  return event.multiValueQueryStringParameters?.[name] ?? [];
}
