import http from "node:http";
import https from "node:https";
import { withStageVariables } from "../decision/stage-variables";
import type { Integration } from "../model/types";
import type { Answer } from "./answer";
import type { Exchange } from "./exchange";
import type { IntegrationOutcome } from "./integrate";
import { integrationTimeout, networkError, notInvocable } from "./integration-errors";
import { integrationHeaders } from "./proxy-event";
import { responseHeaders } from "./proxy-response";
import { Variables } from "./variables";
import { headersOf } from "./wire";

type HttpIntegration = Extract<Integration, { type: "HTTP_PROXY" }>;

/** Headers that the connection to the endpoint has by itself. */
const ofTheConnection: ReadonlySet<string> = new Set(["connection", "content-length"]);

type Mappings = readonly (readonly [name: string, expression: string])[];

/** An integration with its parameters taken apart once. */
interface Compiled {
  readonly integration: HttpIntegration;
  readonly path: Mappings;
  readonly query: Mappings;
  readonly headers: Mappings;
}

/** Passes requests on to an HTTP endpoint, with the parameters that the integration maps. */
export function compileHttp(integration: HttpIntegration): (exchange: Exchange) => Promise<IntegrationOutcome> {
  const of = (kind: string) => parameters(integration, kind);
  const prepared = { integration, path: of("path"), query: of("querystring"), headers: of("header") };
  return (exchange) => callHttp(exchange, prepared);
}

function callHttp(exchange: Exchange, prepared: Compiled): Promise<IntegrationOutcome> {
  const { integration } = prepared;
  const target = targetOf(exchange, prepared);
  if (target === undefined) {
    return Promise.resolve({
      denial: notInvocable(),
      because: `The integration's URI '${integration.uri}' (${integration.source.address}) is no http or https URL once its variables are filled in, all of which the stage must have.`,
    });
  }
  const { request } = exchange;
  const { url, path } = target;
  return new Promise((resolve) => {
    const outgoing = (url.protocol === "https:" ? https : http).request(
      url,
      {
        path,
        method: integration.httpMethod === "ANY" ? request.method : integration.httpMethod,
        headers: headersFor(exchange, prepared, url),
        timeout: integration.timeoutMs,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.once("error", (error) => failed(error));
        incoming.once("end", () => {
          const answer: Answer = {
            status: incoming.statusCode ?? 502,
            headers: responseHeaders(headersOf(incoming).filter(([name]) => !ofTheConnection.has(name.toLowerCase()))),
            body: Buffer.concat(chunks),
          };
          finish({ answer });
        });
      },
    );
    const timer = setTimeout(() => {
      finish({
        denial: integrationTimeout(),
        because: `${url.origin} did not answer within the integration's timeout of ${integration.timeoutMs} ms.`,
      });
      outgoing.destroy();
    }, integration.timeoutMs);
    const failed = (error: Error) =>
      finish({ denial: networkError(), because: `${url.origin} cannot be reached: ${error.message}` });
    outgoing.once("error", failed);
    outgoing.end(request.body);

    function finish(outcome: IntegrationOutcome): void {
      clearTimeout(timer);
      resolve(outcome);
    }
  });
}

interface Target {
  /** Where to connect to. */
  readonly url: URL;
  /** Path and query for the request line, as filled in. */
  readonly path: string;
}

/**
 * The URI with `{parameter}` and `${stageVariables.x}` filled in, and the query of the request behind its own. The path
 * is not normalised: a URL parser resolves `%2e%2e` too, which would lead out of the path that was decided on.
 */
function targetOf(exchange: Exchange, { integration, path, query: mappedQuery }: Compiled): Target | undefined {
  const variables = new Variables(exchange);
  const { pathParameters, stage } = exchange.decision;
  const mapped = path.map(([name, expression]) => [name, pathValue(expression, variables)] as const);
  const values = new Map([...Object.entries(pathParameters), ...mapped]);
  const filled = withStageVariables(integration.uri, stage)?.replace(
    /\{([^{}]+?)\+?\}/g,
    (_, name: string) => values.get(name) ?? "",
  );
  if (filled === undefined) return undefined;
  const [, origin, rawPath = "", ownQuery = ""] = /^(https?:\/\/[^/?#]+)([^?#]*)(?:\?([^#]*))?/i.exec(filled) ?? [];
  if (origin === undefined || !URL.canParse(origin)) return undefined;
  const query = [ownQuery, exchange.request.rawQuery].filter((part) => part !== "");
  for (const [name, expression] of mappedQuery) {
    const value = variables.mapped(expression);
    if (value !== undefined) query.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  }
  const written = [rawPath === "" ? "/" : rawPath, query.join("&")].filter((part) => part !== "").join("?");
  return { url: new URL(origin), path: written.replace(/[^\x21-\x7e]+/gu, encodeURIComponent) };
}

/** Path parameters are encoded on the wire already; headers and query strings are not, and must stay one segment. */
function pathValue(expression: string, variables: Variables): string {
  const value = variables.mapped(expression) ?? "";
  return /^method\.request\.(header|querystring)\./.test(expression) ? encodeURIComponent(value) : value;
}

function headersFor(exchange: Exchange, { headers: mappings }: Compiled, url: URL): Record<string, string[] | string> {
  // A client may name a header `constructor`.
  const headers = Object.create(null) as Record<string, string[] | string>;
  for (const [name, value] of integrationHeaders(exchange)) {
    if (name.toLowerCase() === "host" || name.toLowerCase() === "expect") continue;
    const before = headers[name];
    headers[name] = before === undefined ? [value] : [...before, value];
  }
  const variables = new Variables(exchange);
  for (const [name, expression] of mappings) {
    const value = variables.mapped(expression);
    if (value !== undefined) headers[name] = value;
  }
  const length = exchange.request.body.length;
  return { ...headers, Host: url.host, ...(length === 0 ? {} : { "Content-Length": String(length) }) };
}

/** `integration.request.path.x` and its like, as pairs of name and mapping. */
function parameters(integration: HttpIntegration, kind: string): readonly (readonly [string, string])[] {
  const prefix = `integration.request.${kind}.`;
  return Object.entries(integration.requestParameters).flatMap(([key, expression]) =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), expression] as const] : [],
  );
}
