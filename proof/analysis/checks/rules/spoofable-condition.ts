import type { CompiledStatement } from "../../../iam";
import type { RequestClass } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { about, resourceStatements, statementName } from "../statements";

const SPOOFABLE = new Map([
  ["aws:referer", "Referer"],
  ["aws:useragent", "User-Agent"],
]);

/**
 * `aws:Referer` and `aws:UserAgent` hold what the caller writes into a header (AWS global condition context keys: "should
 * not be used to prevent unauthorized parties from making direct requests"). A Deny of listed values lets in nobody who
 * could not get in without them, so it is a warning, as is a condition that admits nobody by itself.
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
    const forged = forgedRequest(stage, statement);
    const witness = forged === undefined ? null : context.witness(forged.request(), "allow");
    const guards = witness !== null && (statement.effect === "Allow" || condition.operator.negated);
    return {
      ...(guards ? {} : { severity: "warning" as const }),
      message:
        `${statementName(statement.ref)} (${statement.effect}) depends on ${condition.key}, which is whatever the caller ` +
        `writes into the header ${header}.`,
      ...about(statement),
      witness,
      fix: "Tell callers apart by who signed, by a token, or by where they come from; or drop the condition.",
    };
  });
}

/** A request that is let in for its header: the same caller from the same place with another one is refused. */
function forgedRequest(stage: CheckedStage, { ref, effect }: CompiledStatement): RequestClass | undefined {
  for (const { requests } of stage.classes()) {
    const [turning, other] = effect === "Allow" ? (["allow", "deny"] as const) : (["deny", "allow"] as const);
    for (const one of requests) {
      if (one.outcome !== turning || one.decision?.decidedBy !== ref) continue;
      const beside = requests.find(
        ({ subject, cell, position, outcome, circumstance }) =>
          subject === one.subject &&
          cell === one.cell &&
          position === one.position &&
          outcome === other &&
          circumstance !== one.circumstance,
      );
      if (beside !== undefined) return effect === "Allow" ? one : beside;
    }
  }
  return undefined;
}
