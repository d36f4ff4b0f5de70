import type { APIGatewayAuthorizerResult } from "aws-lambda";
import { authorizerPolicy, type Caller } from "./authorizer-policy";
import { log } from "./log";
import { methodsOf } from "./route-overlap";
import type { Route } from "./routes";

/** What the caller presented is not good: a 401. The reason is for the log; the caller never sees it. */
export class BadCredentials extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = "BadCredentials";
  }
}

/**
 * A Lambda authorizer out of `identify`, with the three answers API Gateway knows: a policy (200 or 403), an error that
 * says exactly "Unauthorized" (401), and any other error (500), which admits nobody either.
 */
export function authorizer<E extends { readonly methodArn: string }>(
  routes: readonly Route[],
  identify: (event: E) => Promise<Caller>,
): (event: E) => Promise<APIGatewayAuthorizerResult> {
  const methods = methodsOf(routes);
  return async (event) => {
    try {
      const caller = await identify(event);
      const result = authorizerPolicy(event.methodArn, methods, caller);
      log("info", "recognised", { principalId: caller.principalId, methodArn: event.methodArn });
      return result;
    } catch (error) {
      if (!(error instanceof BadCredentials)) {
        log("error", "failed", { reason: reason(error), methodArn: event.methodArn });
        throw new Error("The authorizer could not decide.", { cause: error });
      }
      log("warn", "refused", { reason: error.message, methodArn: event.methodArn });
      // API Gateway answers 401 for this text alone; anything added to it turns the answer into a 500.
      throw new Error("Unauthorized");
    }
  };
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
