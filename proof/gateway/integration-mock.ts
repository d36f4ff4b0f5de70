import type { Integration, IntegrationResponse } from "../model/types";
import type { Answer } from "./answer";
import type { Exchange } from "./exchange";
import type { IntegrationOutcome } from "./integrate";
import { notInvocable } from "./integration-errors";
import type { Template } from "./variables";
import { compileTemplate, headerMappings, renderTemplate, Variables } from "./variables";
import { headerOf } from "./wire";

type MockIntegration = Extract<Integration, { type: "MOCK" }>;

/** Velocity's own language, of which only `$context` and `$stageVariables` are known here. */
const velocity = /#(?:set|if|foreach|else|end|macro)\b|\$(?:\{|input|util|!)/;

/** One integration response, taken apart once. */
interface Compiled {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, expression: string])[];
  readonly mediaType: string;
  readonly body: Template;
}

type Mock = Compiled | { readonly problem: string };

/**
 * A mock integration, as CORS preflights use it: the request template says which status, the response with that status
 * says which headers and body (docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html).
 * AWS takes the template's `statusCode` also where its JSON is written loosely, as the AWS CDK does.
 */
export function compileMock(integration: MockIntegration): (exchange: Exchange) => IntegrationOutcome {
  const templates = new Map(
    Object.entries(integration.requestTemplates).map(([type, template]) => [type, compiled(integration, template)]),
  );
  return (exchange) => {
    const type = headerOf(exchange.request.headers, "content-type")?.split(";")[0]?.trim() ?? "application/json";
    const found = templates.get(type) ??
      templates.get("application/json") ?? { problem: `There is no request template for '${type}'.` };
    if (!("problem" in found)) return { answer: answerOf(found, exchange) };
    const because = `The mock integration (${integration.source.address}) failed. ${found.problem}`;
    return { denial: notInvocable(), because };
  };
}

function compiled(integration: MockIntegration, template: string): Mock {
  if (velocity.test(template))
    return { problem: "Its request template uses the Velocity language, which cannot run here." };
  const status = /["']?statusCode["']?\s*:\s*["']?(\d{3})\b/.exec(template)?.[1];
  if (status === undefined) return { problem: "Its request template sets no statusCode." };
  const response = choose(integration.responses, status);
  if (response === undefined) return { problem: `It has no integration response for status ${status}.` };
  const bodies = Object.entries(response.responseTemplates);
  const [mediaType, body] = bodies.find(([type]) => type === "application/json") ??
    bodies[0] ?? ["application/json", ""];
  if (velocity.test(body))
    return { problem: "Its response template uses the Velocity language, which cannot run here." };
  return {
    status: Number(response.statusCode),
    headers: headerMappings(response.responseParameters),
    mediaType,
    body: compileTemplate(body),
  };
}

function answerOf({ status, headers: mappings, mediaType, body }: Compiled, exchange: Exchange): Answer {
  const variables = new Variables(exchange);
  const headers = mappings.flatMap(([name, expression]) => {
    const value = variables.mapped(expression);
    return value === undefined ? [] : [[name, value] as const];
  });
  const typed = headers.some(([name]) => name.toLowerCase() === "content-type");
  return {
    status,
    headers: typed ? headers : [["Content-Type", mediaType], ...headers],
    body: renderTemplate(body, variables),
  };
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
