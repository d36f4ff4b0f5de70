import type { LambdaAuthorizer } from "../model/types";
import type { AuthorizerOutcome } from "./ports";
import type { Decision } from "./types";

/** A decision that waits for its Lambda authorizer. */
export interface PendingAuthorizer {
  readonly pending: true;
  readonly authorizer: LambdaAuthorizer;
  /** What the function is to be invoked with. */
  event(): unknown;
  /** @param latencyMs how long the function took, for `integrationLatency` */
  complete(outcome: AuthorizerOutcome, latencyMs: number): Decision;
}

/** A decision, or what is needed to finish it. */
export type Begun = Decision | PendingAuthorizer;
