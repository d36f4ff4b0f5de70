import type { LambdaAuthorizer } from "../../../model/types";
import { firstOf } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { routeName } from "../statements";

/**
 * The answer of a Lambda authorizer is kept under the values of its identity sources alone (Configure a Lambda authorizer).
 * Where none of them tells one caller from another, who comes next gets the answer of who came first.
 */
export const identitySourceNotIdentifying: Rule = {
  name: "identity-source-not-identifying",
  severity: "error",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

/** Headers that many callers send alike. */
const SHARED = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "connection",
  "content-length",
  "content-type",
  "date",
  "host",
  "origin",
  "referer",
  "user-agent",
  "via",
  "x-amzn-trace-id",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
]);

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  return stage.api.authorizers.flatMap((authorizer) => {
    if (authorizer.type === "COGNITO_USER_POOLS" || authorizer.resultTtlSeconds === 0) return [];
    if (authorizer.identitySources.some(identifies)) return [];
    const used = firstAnswer(stage, authorizer);
    const witness = used === undefined ? null : context.witness(used.request(), "allow");
    if (used === undefined || witness === null) return [];
    return {
      message:
        `${authorizer.name} keeps its answers for ${authorizer.resultTtlSeconds} s under ` +
        `${authorizer.identitySources.join(", ") || "nothing"}, which does not tell one caller from another. The witness ` +
        `is anybody who calls ${routeName(used.route)} after a caller who was allowed: the kept answer lets them in.`,
      where: { file: authorizer.source.file, address: `${authorizer.source.address}.identity_source` },
      witness,
      fix: "Add the header or query parameter that carries the credential to identity_source, or set authorizer_result_ttl_in_seconds = 0.",
    };
  });
}

function identifies(expression: string): boolean {
  const [, header] = /^method\.request\.header\.(.+)$/.exec(expression.trim()) ?? [];
  if (header !== undefined) return !SHARED.has(header.toLowerCase());
  if (/^method\.request\.(querystring|multivalue)/.test(expression.trim())) return true;
  return /^context\.(identity\.(apiKey|apiKeyId|clientCert)|authorizer)/.test(expression.trim());
}

function firstAnswer(stage: CheckedStage, { address }: LambdaAuthorizer) {
  const own = stage
    .classes()
    .filter(({ route }) => route?.auth.type === "CUSTOM" && route.auth.authorizer.address === address);
  return firstOf(
    own,
    ({ subject, outcome }) => subject.kind === "authorizer" && subject.says === "allow" && outcome === "allow",
  );
}
