import type { Route } from "../model/types";
import type { Integrate } from "./integrate";
import { notInvocable } from "./integration-errors";
import { compileHttp } from "./integration-http";
import { callLambda } from "./integration-lambda";
import { compileMock } from "./integration-mock";

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
