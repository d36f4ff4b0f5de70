import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { routeName } from "../statements";
import { VERBS } from "../../verbs";

/**
 * Browsers send no credentials with the OPTIONS request that asks for permission (Fetch standard, CORS protocol), so an
 * OPTIONS method behind an authorizer, AWS_IAM or an API key makes every call from a page fail.
 */
export const preflightBehindAuthorizer: Rule = {
  name: "preflight-behind-authorizer",
  severity: "error",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  return stage.api.routes.flatMap((route) => {
    const { method, path, auth, apiKeyRequired, source } = route;
    const other = stage.api.routes.some(
      (one) => one.path === path && one.method !== "OPTIONS" && VERBS_OF.has(one.method),
    );
    if (method !== "OPTIONS" || !other || (auth.type === "NONE" && !apiKeyRequired)) return [];
    const guard = auth.type === "NONE" ? "an API key" : auth.type === "AWS_IAM" ? "a signature" : auth.authorizer.name;
    const sample = stage.classes().find((one) => one.verb === "OPTIONS" && one.template === path)?.requests[0]
      ?.cell.path;
    const preflight = {
      api: stage.label,
      stage: stage.stage,
      method: "OPTIONS",
      path: sample ?? path,
      headers: { Origin: ["https://app.example.com"], "Access-Control-Request-Method": ["GET"] },
      sourceIp: "203.0.113.7",
      caller: null,
    };
    return {
      message: `${routeName(route)} asks for ${guard}, which browsers do not send with a preflight request: every call from a page fails.`,
      where: source,
      // The key is asked for behind authorization, which such a request passes.
      witness: sample === undefined || auth.type === "NONE" ? null : context.witness(preflight, "deny"),
      fix: 'Set authorization = "NONE" and api_key_required = false on OPTIONS, and allow it in the resource policy.',
    };
  });
}

const VERBS_OF: ReadonlySet<string> = new Set([...VERBS, "ANY"]);
