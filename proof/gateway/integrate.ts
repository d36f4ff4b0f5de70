import type { Denial } from "../decision/types";
import type { LambdaRuntime } from "../lambda/runtime";
import type { Answer } from "./answer";
import type { Exchange } from "./exchange";
import type { InvokePermission } from "./invoke-permission";

/** What came back from behind a route: an answer, or AWS's answer to what went wrong with the reason for people. */
export type IntegrationOutcome = { readonly answer: Answer } | { readonly denial: Denial; readonly because: string };

export interface IntegrationTools {
  readonly runtime: LambdaRuntime;
  readonly mayInvoke: InvokePermission;
}

/** Sends an admitted request to what stands behind its route. */
export type Integrate = (exchange: Exchange, tools: IntegrationTools) => Promise<IntegrationOutcome>;
