import type { CompiledStatement } from "../../../iam";
import type { RouteClasses } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { about, absentKeys, listed, resourceStatements, statementName } from "../statements";

/**
 * A negated condition is true of a key that is not there (IAM User Guide, condition operators). A Deny on a key that
 * requests of this kind never have, such as `aws:SourceVpce` on a public API, locks everyone out.
 */
export const denyByAbsentKey: Rule = {
  name: "deny-by-absent-key",
  severity: "error",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  return resourceStatements(stage, "Deny").flatMap((statement) => {
    const keys = new Set<string>();
    const locked = stage.classes().filter((route) => {
      const absent = route.route === undefined ? [] : absentKeys(statement, route.route, stage);
      if (absent.length === 0 || !deniesAll(statement, route)) return false;
      absent.forEach((key) => keys.add(key));
      return true;
    });
    const denied = locked
      .flatMap(({ requests }) => requests)
      .find(({ decision }) => decision?.decidedBy === statement.ref);
    if (denied === undefined) return [];
    const witness = context.witness(denied.request(), "deny");
    if (witness === null) return [];
    const routes = listed(locked.map(({ verb, template }) => `${verb} ${template}`));
    return {
      message:
        `${statementName(statement.ref)} denies when ${[...keys].join(", ")} is something else, and requests to ${routes} ` +
        "never have that key: it locks everyone out.",
      ...about(statement),
      witness,
      fix: `Use a key that these requests have (${stage.api.endpointType === "PRIVATE" ? "" : "aws:SourceVpc and its like exist on PRIVATE APIs only; "}aws:Principal… only behind AWS_IAM), or narrow the statement to the routes where it exists.`,
    };
  });
}

function deniesAll({ ref }: CompiledStatement, { requests }: RouteClasses): boolean {
  return (
    requests.length > 0 &&
    requests.every(({ outcome }) => outcome === "deny") &&
    requests.some(({ decision }) => decision?.decidedBy === ref)
  );
}
