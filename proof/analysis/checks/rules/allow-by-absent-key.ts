import type { RequestClass } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { about, absentKeys, requestedRoutes, resourceStatements, statementName } from "../statements";

/**
 * A negated condition, one with `IfExists` and one with `ForAllValues` are true of a key that is not there (IAM User Guide,
 * condition operators). An Allow on a key that requests of this kind never have, such as `aws:SourceVpc` on a public API,
 * lets in everyone whom it was to keep out.
 */
export const allowByAbsentKey: Rule = {
  name: "allow-by-absent-key",
  severity: "error",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  return resourceStatements(stage, "Allow").flatMap((statement) => {
    const keys = new Set<string>();
    const admitted: RequestClass[] = [];
    for (const { route, requests } of stage.classes()) {
      const absent = route === undefined ? [] : absentKeys(statement, route, stage);
      if (absent.length === 0) continue;
      const by = requests.filter((one) => one.outcome === "allow" && one.decision?.decidedBy === statement.ref);
      by.forEach((one) => admitted.push(one));
      if (by.length > 0) absent.forEach((key) => keys.add(key));
    }
    const witness = admitted[0] === undefined ? null : context.witness(admitted[0].request(), "allow");
    if (witness === null) return [];
    return {
      message:
        `${statementName(statement.ref)} asks for ${[...keys].join(", ")}, which requests to ` +
        `${requestedRoutes(stage, admitted)} never have, in a way that holds without the key: it keeps nobody out.`,
      ...about(statement),
      witness,
      fix: `Ask for a key that these requests have (${stage.api.endpointType === "PRIVATE" ? "" : "aws:SourceVpc and its like exist on PRIVATE APIs only; "}aws:Principal… only behind AWS_IAM), without IfExists and ForAllValues; or drop the condition.`,
    };
  });
}
