import type { Denial } from "../decision/types";
import type { LambdaRuntime } from "../lambda/runtime";
import type { Answer } from "./answer";
import type { Exchange } from "./exchange";
import { callHttp } from "./integration-http";
import { callLambda } from "./integration-lambda";
import { mock } from "./integration-mock";
import { notInvocable } from "./integration-errors";
import type { InvokePermission } from "./invoke-permission";

/** What came back from behind a route: an answer, or AWS's answer to what went wrong with the reason for people. */
export type IntegrationOutcome = { readonly answer: Answer } | { readonly denial: Denial; readonly because: string };

export interface IntegrationTools {
  readonly runtime: LambdaRuntime;
  readonly mayInvoke: InvokePermission;
}

/** Sends an admitted request to what stands behind its route. */
export function integrate(exchange: Exchange, tools: IntegrationTools): Promise<IntegrationOutcome> {
  const { integration, integrationRefused } = exchange.decision.route ?? {};
  if (integration === undefined) {
    return Promise.resolve({ denial: notInvocable(), because: integrationRefused ?? "The route has no integration." });
  }
  switch (integration.type) {
    case "AWS_PROXY":
      return callLambda(exchange, integration, tools);
    case "HTTP_PROXY":
      return callHttp(exchange, integration);
    case "MOCK":
      return Promise.resolve(mock(exchange, integration));
  }
}
