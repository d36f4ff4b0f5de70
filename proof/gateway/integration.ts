import type { Denial } from "../decision/types";
import type { LambdaRuntime } from "../lambda/runtime";
import type { Route } from "../model/types";
import type { Answer } from "./answer";
import type { Exchange } from "./exchange";
import { compileHttp } from "./integration-http";
import { callLambda } from "./integration-lambda";
import { compileMock } from "./integration-mock";
import { notInvocable } from "./integration-errors";
import type { InvokePermission } from "./invoke-permission";

/** What came back from behind a route: an answer, or AWS's answer to what went wrong with the reason for people. */
export type IntegrationOutcome = { readonly answer: Answer } | { readonly denial: Denial; readonly because: string };

export interface IntegrationTools {
  readonly runtime: LambdaRuntime;
  readonly mayInvoke: InvokePermission;
}

/** Sends an admitted request to what stands behind its route. */
export type Integrate = (exchange: Exchange, tools: IntegrationTools) => Promise<IntegrationOutcome>;

/** The integration of a route, taken apart once. */
export function compileIntegration({ integration, integrationRefused }: Route): Integrate {
  if (integration === undefined) {
    const because = integrationRefused ?? "The route has no integration.";
    return async () => ({ denial: notInvocable(), because });
  }
  switch (integration.type) {
    case "AWS_PROXY":
      return (exchange, tools) => callLambda(exchange, integration, tools);
    case "HTTP_PROXY":
      return compileHttp(integration);
    case "MOCK": {
      const mock = compileMock(integration);
      return async (exchange) => mock(exchange);
    }
  }
}
