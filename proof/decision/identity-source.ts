import type { RequestFacts } from "./request-context";
import { requestContext } from "./request-context";
import { headerValues, queryPairs } from "./wire";

/** One identity source of an authorizer, ready to read a request. */
export interface IdentitySource {
  /** As configured, for the trace. */
  readonly expression: string;
  /**
   * Every value the request holds for it; none is a missing identity source, and one empty value among several counts
   * as missing too: which of several AWS reads is UNCONFIRMED.
   */
  values(facts: RequestFacts): readonly string[];
}

const CONTEXT_MEMBERS: ReadonlySet<string> = new Set([
  "accountId",
  "apiId",
  "domainName",
  "domainPrefix",
  "httpMethod",
  "identity.apiKey",
  "identity.sourceIp",
  "identity.userAgent",
  "path",
  "protocol",
  "requestId",
  "requestTime",
  "requestTimeEpoch",
  "resourceId",
  "resourcePath",
  "stage",
]);

/**
 * Reads one mapping expression of an authorizer's identity source: `method.request.header.<name>`,
 * `method.request.querystring.<name>`, `stageVariables.<name>` or `context.<name>`.
 *
 * Header names are matched without regard to case, since HTTP/2 clients send them in lower case and authorizers work
 * for those; AWS documents mapping expressions as case-sensitive and does not say which holds here.
 *
 * @returns undefined for anything else: API Gateway allows no path parameter and no body here
 */
export function compileIdentitySource(expression: string): IdentitySource | undefined {
  const match = /^(method\.request\.(?:header|querystring)|stageVariables|context)\.(.+)$/.exec(expression.trim());
  const [, kind, name = ""] = match ?? [];
  const read = reader(kind, name);
  if (read === undefined) return undefined;
  return {
    expression,
    values: (facts) => {
      const values = read(facts);
      return values.some((value) => value.trim() === "") ? [] : values;
    },
  };
}

function reader(kind: string | undefined, name: string): ((facts: RequestFacts) => readonly string[]) | undefined {
  if (kind === "method.request.header") {
    const lower = name.toLowerCase();
    return ({ request }) => headerValues(request, lower);
  }
  if (kind === "method.request.querystring") {
    return ({ request }) => valuesOf(name, queryPairs(request.rawQuery));
  }
  if (kind === "stageVariables") return ({ stage }) => valuesOf(name, Object.entries(stage.variables));
  if (!CONTEXT_MEMBERS.has(name)) return undefined;
  return (facts) => {
    const value = name.split(".").reduce<unknown>(member, requestContext(facts));
    return value === null || value === undefined ? [] : [String(value)];
  };
}

function valuesOf(name: string, pairs: readonly (readonly [string, string])[]): readonly string[] {
  return pairs.filter(([sent]) => sent === name).map(([, value]) => value);
}

function member(of: unknown, name: string): unknown {
  return (of as Readonly<Record<string, unknown>>)[name];
}
