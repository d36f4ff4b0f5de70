import type { LambdaRuntime } from "../lambda/runtime";
import type { UserPool } from "../model/types";
import type { InvokePermission } from "./invoke-permission";

/**
 * Runs the triggers of user pools as Cognito does: the function must admit cognito-idp.amazonaws.com for the pool
 * (docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html).
 * It rejects with the function's own error, or with why it was not run.
 */
export function triggerRunner(
  pools: readonly UserPool[],
  runtime: LambdaRuntime,
  mayInvoke: InvokePermission,
): (functionArn: string, event: unknown) => Promise<unknown> {
  const known = new Map(pools.map((pool) => [pool.id, pool]));
  return async (functionArn, event) => {
    const pool = known.get(String((event as { userPoolId?: unknown }).userPoolId));
    if (pool === undefined) throw new Error("The event names no user pool of the configuration.");
    const refused = mayInvoke({
      service: "cognito-idp.amazonaws.com",
      functionArn,
      sourceArn: pool.arn,
      sourceAccount: pool.accountId,
    });
    if (refused !== undefined) throw new Error(refused);
    // Cognito gives a trigger five seconds.
    const result = await runtime.invoke({ functionArn, event, giveUpAfterMs: 5_000 });
    if (result.kind === "payload") return result.payload;
    if (result.kind === "error") throw new Error(result.errorMessage);
    throw new Error(result.kind === "gave-up" ? "it did not answer within 5 seconds" : result.because);
  };
}
