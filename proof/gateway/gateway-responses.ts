import type { Denial, ResponseType } from "../decision/types";
import type { GatewayResponse } from "../model/types";
import type { Answer } from "./answer";
import type { Exchange } from "./exchange";
import type { ExtraVariables, Template } from "./variables";
import { compileTemplate, headerMappings, renderTemplate, Variables } from "./variables";
import { headerOf } from "./wire";

interface Compiled {
  readonly status: number | undefined;
  readonly headers: readonly (readonly [name: string, expression: string])[];
  readonly templates: readonly (readonly [mediaType: string, template: Template])[];
}

/** The gateway responses of one API, taken apart once. */
export type GatewayResponses = ReadonlyMap<string, Compiled>;

/** The template of every type that names none of its own (recorded: test_gateway_response_crud). */
const builtIn: Compiled["templates"] = [
  ["application/json", compileTemplate('{"message":$context.error.messageString}')],
];

export function compileGatewayResponses(responses: readonly GatewayResponse[]): GatewayResponses {
  return new Map(
    responses.map((response) => {
      const templates = Object.entries(response.responseTemplates).map(
        ([mediaType, text]) => [mediaType, compileTemplate(text)] as const,
      );
      return [
        response.responseType,
        {
          status: response.statusCode === undefined ? undefined : Number(response.statusCode),
          headers: headerMappings(response.responseParameters),
          templates: templates.length === 0 ? builtIn : templates,
        },
      ];
    }),
  );
}

/** Types whose answer an API cannot change (docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html). */
const fixed: ReadonlySet<ResponseType> = new Set<ResponseType>(["REQUEST_TOO_LARGE"]);

/**
 * The answer to a refused request: the API's own response for its type, else its DEFAULT_4XX or DEFAULT_5XX, else
 * AWS's. Recorded: a set DEFAULT_5XX gives its status, headers and template to every 5xx type that is not set itself
 * (test_gateway_response_put).
 *
 * A customised answer writes `message` in lower case, because the default template does. UNCONFIRMED for
 * ACCESS_DENIED, where AWS's own answer writes `Message`. That `x-amzn-ErrorType` stays is UNCONFIRMED as well.
 */
export function renderDenial(
  denial: Denial,
  responses: GatewayResponses,
  exchange: Exchange,
  extra: ExtraVariables = {},
): Answer {
  const errorType = ["x-amzn-ErrorType", denial.errorType] as const;
  const compiled = responseTo(denial, responses);
  if (compiled === undefined) {
    return {
      status: denial.status,
      headers: [["Content-Type", "application/json"], errorType],
      body: plainBody(denial),
    };
  }
  const variables = new Variables(exchange, { ...errorVariables(denial), ...extra });
  const [mediaType, template] = chooseTemplate(compiled.templates, headerOf(exchange.request.headers, "accept"));
  const headers = compiled.headers.flatMap(([name, expression]) => {
    const value = variables.mapped(expression);
    return value === undefined ? [] : [[name, value] as const];
  });
  const typed = headers.some(([name]) => name.toLowerCase() === "content-type");
  return {
    status: compiled.status ?? denial.status,
    headers: [...(typed ? [] : [["Content-Type", mediaType] as const]), errorType, ...headers],
    body: renderTemplate(template, variables),
  };
}

function responseTo({ responseType, status }: Denial, responses: GatewayResponses): Compiled | undefined {
  if (responseType === undefined || fixed.has(responseType)) return undefined;
  return responses.get(responseType) ?? responses.get(status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
}

/** The status of the answer to a refused request. */
export function statusOf(denial: Denial, responses: GatewayResponses): number {
  return responseTo(denial, responses)?.status ?? denial.status;
}

/** AWS's own body. Behind an integration it has a space that the others have not (recorded). */
export function plainBody(denial: Denial): string {
  const space = denial.errorType === "InternalServerErrorException" ? " " : "";
  return `{"${denial.messageKey}":${space}${JSON.stringify(denial.message)}}`;
}

export function errorVariables(denial: Denial): ExtraVariables {
  return {
    "error.message": denial.message,
    "error.messageString": JSON.stringify(denial.message),
    "error.responseType": denial.responseType,
  };
}

function chooseTemplate(templates: Compiled["templates"], accept: string | undefined): Compiled["templates"][number] {
  const wanted = accept?.split(",").map((type) => type.split(";")[0]?.trim().toLowerCase());
  const match = wanted && templates.find(([mediaType]) => wanted.includes(mediaType.toLowerCase()));
  return (
    match ??
    templates.find(([mediaType]) => mediaType === "application/json") ??
    templates[0] ?? ["application/json", []]
  );
}
