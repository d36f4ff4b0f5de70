import type { RequestClass } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { placeOf, resourceStatements, statementName } from "../statements";

const SPOOFABLE = new Map([
  ["aws:referer", "Referer"],
  ["aws:useragent", "User-Agent"],
]);

/**
 * `aws:Referer` and `aws:UserAgent` hold what the caller writes into a header (AWS global condition context keys: "should
 * not be used to prevent unauthorized parties from making direct requests").
 */
export const spoofableCondition: Rule = {
  name: "spoofable-condition",
  severity: "error",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  return resourceStatements(stage).flatMap((statement) => {
    const condition = statement.conditions.find(({ lowerKey }) => SPOOFABLE.has(lowerKey));
    if (condition === undefined) return [];
    const header = SPOOFABLE.get(condition.lowerKey) ?? "";
    const forged = forgedRequest(stage);
    const witness = forged === undefined ? null : context.witness(forged.request(), "allow");
    return {
      message:
        `${statementName(statement.ref)} (${statement.effect}) depends on ${condition.key}, which is whatever the caller ` +
        `writes into the header ${header}.`,
      where: placeOf(statement.ref),
      witness,
      fix: "Tell callers apart by who signed, by a token, or by where they come from; or drop the condition.",
    };
  });
}

/** A request that is let in with some header, where the same caller without it is refused. */
function forgedRequest(stage: CheckedStage): RequestClass | undefined {
  for (const { requests } of stage.classes()) {
    const admitted = requests.filter(({ outcome, circumstance }) => outcome === "allow" && circumstance.length > 0);
    const found = admitted.find((one) =>
      requests.some((other) => other.subject === one.subject && other.cell === one.cell && other.outcome === "deny"),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
