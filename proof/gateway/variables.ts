import { stageVariable } from "../decision/stage-variables";
import { multiValues, queryPairs } from "../decision/wire";
import type { GatewayResponse } from "../model/types";
import type { Exchange } from "./exchange";
import { requestContext } from "./request-context";
import { headerOf } from "./wire";

/** Values that only some places know: `error.message`, `status`, `integration.latency`, … without `$context.`. */
export type ExtraVariables = Readonly<Record<string, string | number | null | undefined>>;

/** A text with variables, taken apart once. */
export type Template = readonly (
  string | { readonly root: "context" | "stageVariables"; readonly path: readonly string[] }
)[];

const variable = /\$(context|stageVariables)((?:\.[A-Za-z0-9_-]+|\[['"][^'"]+['"]\])+)/g;

/** Takes a text apart at `$context.a.b`, `$context.a['b']` and `$stageVariables.a`. */
export function compileTemplate(text: string): Template {
  const parts: Template[number][] = [];
  let at = 0;
  for (const match of text.matchAll(variable)) {
    if (match.index > at) parts.push(text.slice(at, match.index));
    parts.push({ root: match[1] === "context" ? "context" : "stageVariables", path: segments(match[2] ?? "") });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

function segments(path: string): readonly string[] {
  return [...path.matchAll(/\.([A-Za-z0-9_-]+)|\[['"]([^'"]+)['"]\]/g)].map((match) => match[1] ?? match[2] ?? "");
}

/**
 * @param absent what stands for a variable without a value: `-` in access logs, nothing elsewhere
 * @param write how a value is written; the name is without `context.`
 */
export function renderTemplate(
  template: Template,
  variables: Variables,
  absent = "",
  write: (value: string, name: string) => string = (value) => value,
): string {
  let text = "";
  for (const part of template) {
    if (typeof part === "string") text += part;
    else {
      const value = variables.valueOf(part.root, part.path);
      text += value === undefined ? absent : write(value, part.path.join("."));
    }
  }
  return text;
}

/** The variables of one exchange; nothing is worked out before it is asked for. */
export class Variables {
  readonly #exchange: Exchange;
  readonly #extra: ExtraVariables;
  #context: Readonly<Record<string, unknown>> | undefined;

  constructor(exchange: Exchange, extra: ExtraVariables = {}) {
    this.#exchange = exchange;
    this.#extra = extra;
  }

  valueOf(root: "context" | "stageVariables", path: readonly string[]): string | undefined {
    const name = path.join(".");
    if (root === "stageVariables") return stageVariable(this.#exchange.decision.stage, name);
    if (Object.hasOwn(this.#extra, name)) {
      const value = this.#extra[name];
      return value === undefined || value === null ? undefined : String(value);
    }
    this.#context ??= requestContext(this.#exchange);
    return scalar(path.reduce<unknown>((value, key) => member(value, key), this.#context));
  }

  /**
   * The value of a mapping in a response parameter: a literal in single quotes, `method.request.…`, `context.…` or
   * `stageVariables.…` (docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html).
   * Undefined where there is none.
   */
  mapped(expression: string): string | undefined {
    if (expression.startsWith("'") && expression.endsWith("'") && expression.length >= 2)
      return expression.slice(1, -1);
    const [root, ...path] = expression.split(".");
    if (root === "context" || root === "stageVariables") return this.valueOf(root, path);
    if (root !== "method" || path[0] !== "request") return undefined;
    const name = path.slice(2).join(".");
    const { request, decision } = this.#exchange;
    if (path[1] === "header") return headerOf(request.headers, name.toLowerCase());
    if (path[1] === "path") return member(decision.pathParameters, name) as string | undefined;
    if (path[1] === "querystring") return multiValues(queryPairs(request.rawQuery)).get(name)?.at(-1);
    return undefined;
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function scalar(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** `gatewayresponse.header.X` or `method.response.header.X` to the mapping behind it, by header name. */
export function headerMappings(
  parameters: GatewayResponse["responseParameters"],
): readonly (readonly [string, string])[] {
  return Object.entries(parameters).flatMap(([key, expression]) => {
    const name = /^(?:gatewayresponse|method\.response)\.header\.(.+)$/.exec(key)?.[1];
    return name === undefined ? [] : [[name, expression] as const];
  });
}
