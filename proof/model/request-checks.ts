import { isJsonObject } from "../terraform/json";
import type { Resource } from "../terraform/resource";
import { toBoolean } from "../terraform/expression/operators";
import { isObject, Unknown } from "../terraform/value";
import type { ByApi } from "./by-api";
import type { Reading } from "./reading";
import type { Route } from "./types";

interface RequestChecks {
  parameters(method: Resource): Record<string, boolean>;
  models(method: Resource): Record<string, unknown>;
  validator(method: Resource): Route["requestValidator"];
}

/** What API Gateway checks of a request before it reaches the integration: parameters, models, validators. */
export function requestChecks(reading: Reading, byApi: ByApi, apiId: string): RequestChecks {
  const schemas = new Map(
    byApi("aws_api_gateway_model", apiId).map((model) => [
      reading.text(model, "name") ?? model.name,
      schemaOf(reading, model),
    ]),
  );
  const validators = new Map(
    byApi("aws_api_gateway_request_validator", apiId).map((validator) => [
      reading.text(validator, "id") ?? "",
      {
        body: reading.flag(validator, "validate_request_body") ?? false,
        parameters: reading.flag(validator, "validate_request_parameters") ?? false,
      },
    ]),
  );
  return {
    parameters(method) {
      const found = reading.value(method, "request_parameters");
      if (found === undefined || !isObject(found)) return {};
      return Object.fromEntries(Object.entries(found).map(([name, required]) => [name, toBoolean(required) ?? true]));
    },
    models(method) {
      const named = reading.textMap(method, "request_models") ?? {};
      return Object.fromEntries(
        Object.entries(named).flatMap(([contentType, name]) => {
          if (schemas.has(name)) return [[contentType, selfContained(schemas.get(name), schemas)] as const];
          // Every API has these two models from the start; neither restricts a body.
          if (name === "Empty" || name === "Error") return [];
          reading.report(`model "${name}" is not in this configuration`, reading.source(method, "request_models"));
          return [];
        }),
      );
    },
    validator(method) {
      const id = reading.text(method, "request_validator_id");
      if (id === undefined) return undefined;
      const validator = validators.get(id);
      if (validator === undefined) {
        reading.report(`validator ${id} is not in this configuration`, reading.source(method, "request_validator_id"));
      }
      return validator;
    },
  };
}

function schemaOf(reading: Reading, model: Resource): unknown {
  const text = model.configured("schema");
  if (text === undefined || text instanceof Unknown) {
    if (text !== undefined) reading.unknown(text, reading.source(model, "schema"));
    return {};
  }
  try {
    return JSON.parse(String(text)) as unknown;
  } catch (error) {
    reading.report(
      `${model.address}.schema is no valid JSON: ${(error as Error).message}`,
      reading.source(model, "schema"),
    );
    return {};
  }
}

/** Models refer to each other by URL: `https://apigateway.amazonaws.com/restapis/<id>/models/<name>`. */
const modelUrl = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/([^/]+)$/;

/** The schema with such references turned into local ones, and the models that they lead to beside it. */
function selfContained(schema: unknown, schemas: ReadonlyMap<string, unknown>): unknown {
  const used = new Map<string, unknown>();
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => {
        const target = name === "$ref" && typeof item === "string" ? modelUrl.exec(item)?.[1] : undefined;
        if (target === undefined) return [name, rewrite(item)];
        if (!used.has(target)) {
          // Marked first: models may refer to each other in a circle.
          used.set(target, {});
          used.set(target, rewrite(schemas.get(target) ?? false));
        }
        return [name, `#/definitions/${target}`];
      }),
    );
  };
  const own = rewrite(schema);
  if (used.size === 0 || !isJsonObject(own)) return own;
  const definitions = isJsonObject(own["definitions"]) ? own["definitions"] : {};
  return { ...own, definitions: { ...definitions, ...Object.fromEntries(used) } };
}
