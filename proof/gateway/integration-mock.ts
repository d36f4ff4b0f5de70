import type { Integration, IntegrationResponse } from "../model/types";
import type { Exchange } from "./exchange";
import type { IntegrationOutcome } from "./integration";
import { notInvocable } from "./integration-errors";
import { compileTemplate, headerMappings, renderTemplate, Variables } from "./variables";
import { headerOf } from "./wire";

type MockIntegration = Extract<Integration, { type: "MOCK" }>;

/** Velocity's own language, of which only `$context` and `$stageVariables` are known here. */
const velocity = /#(?:set|if|foreach|else|end|macro)\b|\$(?:\{|input|util|!)/;

/**
 * A mock integration, as CORS preflights use it: the request template says which status, the response with that status
 * says which headers and body (docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html).
 * AWS takes the template's `statusCode` also where its JSON is written loosely, as the AWS CDK does.
 */
export function mock(exchange: Exchange, integration: MockIntegration): IntegrationOutcome {
  const contentType = headerOf(exchange.request.headers, "content-type")?.split(";")[0]?.trim() ?? "application/json";
  const templates = integration.requestTemplates;
  const template = templates[contentType] ?? templates["application/json"];
  if (template === undefined) return failure(`There is no request template for '${contentType}'.`);
  if (velocity.test(template))
    return failure(`Its request template uses the Velocity language, which cannot run here.`);
  const status = /["']?statusCode["']?\s*:\s*["']?(\d{3})\b/.exec(template)?.[1];
  if (status === undefined) return failure("Its request template sets no statusCode.");
  const response = choose(integration.responses, status);
  if (response === undefined) return failure(`It has no integration response for status ${status}.`);

  const variables = new Variables(exchange);
  const bodies = Object.entries(response.responseTemplates);
  const [mediaType, body] = bodies.find(([type]) => type === "application/json") ??
    bodies[0] ?? ["application/json", ""];
  if (velocity.test(body)) return failure(`Its response template uses the Velocity language, which cannot run here.`);
  const headers = headerMappings(response.responseParameters).flatMap(([name, expression]) => {
    const value = variables.mapped(expression);
    return value === undefined ? [] : [[name, value] as const];
  });
  const typed = headers.some(([name]) => name.toLowerCase() === "content-type");
  return {
    answer: {
      status: Number(response.statusCode),
      headers: typed ? headers : [["Content-Type", mediaType], ...headers],
      body: renderTemplate(compileTemplate(body), variables),
    },
  };

  function failure(because: string): IntegrationOutcome {
    return {
      denial: notInvocable(),
      because: `The mock integration (${integration.source.address}) failed. ${because}`,
    };
  }
}

/** The first whose pattern matches the status, else the one without a pattern. */
function choose(responses: readonly IntegrationResponse[], status: string): IntegrationResponse | undefined {
  const patterned = responses.filter(
    ({ selectionPattern }) => selectionPattern !== undefined && selectionPattern !== "",
  );
  return (
    patterned.find(({ selectionPattern }) => new RegExp(`^(?:${selectionPattern ?? ""})$`).test(status)) ??
    responses.find(({ selectionPattern }) => selectionPattern === undefined || selectionPattern === "")
  );
}
