import type { LambdaAuthorizer } from "../../../model/types";
import type { RequestClass } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { routeName } from "../statements";

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
    const [first, second] = distinctMethods(stage, authorizer);
    if (first?.decision === undefined || second === undefined) return [];
    const code = context.codeOf(authorizer.functionArn);
    if (code === undefined || !(DIRECT.test(code) || (HANDED_ON.test(code) && !WILDCARD.test(code)))) return [];
    const witness = context.witness(
      { ...second.request(), authorizerResult: onlyFor(first.decision.methodArn) },
      "deny",
    );
    if (witness === null) return [];
    return {
      message:
        `${authorizer.name} keeps its answers for ${authorizer.resultTtlSeconds} s, and its function returns a policy for ` +
        `the called method alone. Whoever calls ${routeName(first.route)} and then ${first.cell.path === second.cell.path ? second.cell.verb : second.cell.path} is refused: ` +
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

/** Allowed requests with the authorizer to two methods or paths; fewer where it serves only one. */
function distinctMethods(stage: CheckedStage, { address }: LambdaAuthorizer): readonly RequestClass[] {
  const found = new Map<string, RequestClass>();
  for (const { requests } of stage.classes()) {
    for (const request of requests) {
      const { route, subject, outcome, decision } = request;
      if (route.auth.type !== "CUSTOM" || route.auth.authorizer.address !== address) continue;
      if (subject.kind !== "authorizer" || subject.says !== "allow" || outcome !== "allow") continue;
      if (decision !== undefined && !found.has(decision.methodArn)) found.set(decision.methodArn, request);
    }
  }
  return [...found.values()];
}
