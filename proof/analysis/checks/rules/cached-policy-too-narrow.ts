import type { RequestFile } from "../../../decision/request-file";
import type { LambdaAuthorizer, Route } from "../../../model/types";
import type { RequestClass } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";

/**
 * One kept answer of a Lambda authorizer serves every method and path that uses it. A policy that names only the method it
 * was asked about refuses the next one until it expires (AWS Knowledge Center, Lambda authorizer errors). The function's
 * code is read for it; code that cannot be read, or that builds its resources in another way, is not judged.
 */
export const cachedPolicyTooNarrow: Rule = {
  name: "cached-policy-too-narrow",
  severity: "error",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

/** `Resource: event.methodArn`, in JavaScript, Python and the like. */
const DIRECT = /["']?Resource["']?\s*[:=]\s*\[?\s*[\w$]+(?:\.|\[["'])methodArn(?:["']\])?\s*[\],;}\n]/;
/** `generatePolicy("user", "Allow", event.methodArn)`, as AWS's own example has it. */
const HANDED_ON = /\b\w*policy\w*\s*\([^;{}()]*[\w$](?:\.|\[["'])methodArn(?:["']\])?\s*[,)]/i;
/** A resource that ends in a wildcard, which the code may put in the place of the method. */
const WILDCARD = /\/\*["'`]/;

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  return stage.api.authorizers.flatMap((authorizer) => {
    if (authorizer.type === "COGNITO_USER_POOLS" || authorizer.resultTtlSeconds === 0) return [];
    const code = context.codeOf(authorizer.functionArn);
    if (code === undefined || !(DIRECT.test(code) || (HANDED_ON.test(code) && !WILDCARD.test(code)))) return [];
    const [first, second] = twoCalls(context, stage, authorizer) ?? [];
    if (first?.decision === undefined || second === undefined) return [];
    const witness = context.witness({ ...second, authorizerResult: onlyFor(first.decision.methodArn) }, "deny");
    if (witness === null) return [];
    return {
      message:
        `${authorizer.name} keeps its answers for ${authorizer.resultTtlSeconds} s, and its function returns a policy for ` +
        `the called method alone. Whoever calls ${first.cell.verb} ${first.cell.path} and then ${second.method} ${second.path} is refused: ` +
        "the witness is the second call with the first one's answer.",
      where: { file: authorizer.source.file, address: `${authorizer.source.address}.authorizer_result_ttl_in_seconds` },
      witness,
      fix: "Return a policy for all that the caller may call (arn:…:<api>/<stage>/*, or each of its routes), or set the TTL to 0.",
    };
  });
}

function onlyFor(methodArn: string) {
  const Statement = [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: methodArn }];
  return { principalId: "caller", policyDocument: { Version: "2012-10-17", Statement } };
}

/** A call, and another one that is served by the kept answer of the first. */
function twoCalls(context: CheckContext, stage: CheckedStage, authorizer: LambdaAuthorizer) {
  const keyOf = cacheKey(authorizer.identitySources);
  const calls = distinctMethods(stage, authorizer);
  for (const first of calls) {
    const others = calls.filter((one) => one !== first).map((one) => [one.route, one.request()] as const);
    const sibling = siblingOf(context, first);
    if (sibling !== undefined) others.push([first.route, sibling]);
    const key = keyOf(first.route, first.request());
    const second = others.find(([route, request]) => keyOf(route, request) === key);
    if (second !== undefined) return [first, second[1]] as const;
  }
  return undefined;
}

/** What of a request's method and path goes into the cache key, beside what the caller presents. */
function cacheKey(identitySources: readonly string[]) {
  const has = (...names: string[]): boolean => names.some((name) => identitySources.includes(`context.${name}`));
  return ({ path: template }: Route, { method, path }: RequestFile): string =>
    [
      has("httpMethod") ? method : "",
      has("path", "requestId", "extendedRequestId") ? path : "",
      has("resourcePath", "resourceId") ? template : "",
    ].join(" ");
}

/** The same method at another value of its last path parameter, where it has one: `/reports/x` and `/reports/x-2`. */
function siblingOf(context: CheckContext, one: RequestClass): RequestFile | undefined {
  const { route } = one;
  const asked = one.request();
  const at = route.path.split("/").findLastIndex((part) => part.startsWith("{"));
  if (at < 0) return undefined;
  const path = asked.path.split("/").map((part, index) => (index === at ? `${part}-2` : part));
  const sibling = { ...asked, path: path.join("/") };
  return context.decide(sibling).route === route ? sibling : undefined;
}

/** Allowed requests with the authorizer to two methods or paths; fewer where it serves only one. */
function distinctMethods(stage: CheckedStage, { address }: LambdaAuthorizer): readonly RequestClass[] {
  const found = new Map<string, RequestClass>();
  for (const { requests, route } of stage.classes()) {
    if (route?.auth.type !== "CUSTOM" || route.auth.authorizer.address !== address) continue;
    for (const request of requests) {
      const { subject, outcome } = request;
      if (subject.kind !== "authorizer" || subject.says !== "allow" || outcome !== "allow") continue;
      const { decision } = request;
      if (decision !== undefined && !found.has(decision.methodArn)) found.set(decision.methodArn, request);
    }
  }
  return [...found.values()];
}
