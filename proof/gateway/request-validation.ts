import type AjvModule from "ajv";
import type { ValidateFunction } from "ajv";
import type { Denial } from "../decision/types";
import { headerValues, multiValues, queryPairs } from "../decision/wire";
import { InputError } from "../errors";
import type { Route } from "../model/types";
import type { Exchange } from "./exchange";
import { draft4 } from "./json-schema";
import type { Check } from "./usage";
import { headerOf } from "./wire";

/** Checks one request; undefined where a route has nothing to check. */
export type RequestValidator = (exchange: Exchange) => Check;

/**
 * The request validator of a route, compiled once: required parameters first, then the body against the model of its
 * content type (docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html).
 * A body whose content type has no model is not validated.
 *
 * @throws InputError where a model is no JSON schema that can be enforced
 */
export function compileRequestValidator(route: Route): RequestValidator | undefined {
  const { parameters: required, contentTypes } = validated(route);
  const models = contentTypes.length > 0 ? compileModels(route) : new Map<string, ValidateFunction>();
  if (required.length === 0 && models.size === 0) return undefined;
  return (exchange) => {
    const missing = required.filter(({ kind, name }) => !isThere(exchange, kind, name)).map(({ name }) => name);
    // Recorded: test_api_gateway_request_validator.
    if (missing.length > 0) {
      const message = `Missing required request parameters: [${missing.join(", ")}]`;
      return refuse("BAD_REQUEST_PARAMETERS", message, `${message}. The method requires them.`, route);
    }
    const error = bodyError(models, exchange);
    if (error === undefined) return { outcome: "pass" };
    return refuse(
      "BAD_REQUEST_BODY",
      "Invalid request body",
      `The body does not fit the method's model: ${error}.`,
      route,
    );
  };
}

export interface Parameter {
  readonly kind: string;
  readonly name: string;
}

/** What the request validator of a route looks at: required parameters, and the content types of bodies. */
export function validated(route: Route | undefined): {
  readonly parameters: readonly Parameter[];
  readonly contentTypes: readonly string[];
} {
  const { parameters, body } = route?.requestValidator ?? {};
  return {
    parameters: route !== undefined && parameters === true ? requiredParameters(route) : [],
    contentTypes: route !== undefined && body === true ? Object.keys(route.requestModels) : [],
  };
}

/** In the order of their full names, as recorded. */
function requiredParameters({ requestParameters }: Route): readonly Parameter[] {
  return Object.entries(requestParameters)
    .filter(([, required]) => required)
    .map(([key]) => key)
    .sort()
    .flatMap((key) => {
      const [, kind, name] = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(key) ?? [];
      return kind === undefined || name === undefined ? [] : [{ kind, name }];
    });
}

function isThere({ request, decision }: Exchange, kind: string, name: string): boolean {
  if (kind === "path") return Object.hasOwn(decision.pathParameters, name);
  // AWS documents header names here as case-sensitive; HTTP/2 clients send them in lower case and are served.
  if (kind === "header") return headerValues(request, name.toLowerCase()).length > 0;
  return multiValues(queryPairs(request.rawQuery)).has(name);
}

function compileModels({ requestModels, source }: Route): Map<string, ValidateFunction> {
  const ajv = new (loadAjv())({
    strict: false,
    allErrors: true,
    validateFormats: false,
    validateSchema: false,
    logger: false,
  });
  return new Map(
    Object.entries(requestModels).map(([contentType, schema]) => {
      try {
        return [contentType.toLowerCase(), ajv.compile(draft4(schema) as object)];
      } catch (error) {
        throw new InputError({
          what: `The model for '${contentType}' cannot be enforced: ${(error as Error).message}.`,
          where: `${source.file}: ${source.address}.request_models`,
          next: "Write it as a JSON schema of draft 4 without references to other documents.",
        });
      }
    }),
  );
}

/** Loaded only where a route validates a body: it would cost every other start fifty milliseconds. */
function loadAjv(): typeof AjvModule {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require("ajv") as { default: typeof AjvModule }).default;
}

function bodyError(models: ReadonlyMap<string, ValidateFunction>, { request }: Exchange): string | undefined {
  if (models.size === 0) return undefined;
  const contentType = (headerOf(request.headers, "content-type") ?? "application/json")
    .split(";")[0]
    ?.trim()
    .toLowerCase();
  const validate = models.get(contentType ?? "") ?? models.get("$default");
  if (validate === undefined) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(request.body).toString("utf8"));
  } catch {
    return "it is not JSON";
  }
  if (validate(body)) return undefined;
  return (validate.errors ?? [])
    .map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`.trim())
    .join(", ");
}

function refuse(
  type: "BAD_REQUEST_PARAMETERS" | "BAD_REQUEST_BODY",
  message: string,
  because: string,
  route: Route,
): Check {
  const denial: Denial = {
    responseType: type,
    status: 400,
    errorType: "BadRequestException",
    message,
    messageKey: "message",
  };
  return { outcome: "refuse", denial, step: { step: "validator", result: "deny", because, source: route.source } };
}
