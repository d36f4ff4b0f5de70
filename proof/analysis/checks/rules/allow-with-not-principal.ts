import type { CompiledStatement } from "../../../iam";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { about, resourceStatements, statementName } from "../statements";

/**
 * An Allow with `NotPrincipal` is for everybody who is not named: anonymous callers and every other account. AWS advises
 * against it wherever it does not refuse it (AWS JSON policy elements: NotPrincipal, "Specifying NotPrincipal with Allow").
 */
export const allowWithNotPrincipal: Rule = {
  name: "allow-with-not-principal",
  severity: "error",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  return resourceStatements(stage, "Allow")
    .filter(({ principal }) => principal?.negated === true)
    .map((statement) => ({
      message:
        `${statementName(statement.ref)} allows everybody but ${statement.principal?.written.join(", ")}: anonymous ` +
        "callers and every AWS account that it does not name.",
      ...about(statement),
      witness: admitted(context, stage, statement),
      fix: "Name in Principal who is meant, and keep somebody out with a Deny that names them.",
    }));
}

/** Somebody whom the statement lets in; null where something else keeps everybody out. */
function admitted(context: CheckContext, stage: CheckedStage, { ref }: CompiledStatement) {
  for (const { requests } of stage.classes()) {
    const found = requests.find((one) => one.outcome === "allow" && one.decision?.decidedBy === ref);
    if (found !== undefined) return context.witness(found.request(), "allow");
  }
  return null;
}
