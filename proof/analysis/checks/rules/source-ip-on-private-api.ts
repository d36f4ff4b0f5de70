import type { Condition } from "../../../iam";
import { firstOf } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { about, resourceStatements, statementName } from "../statements";

/**
 * A private API sees the address that its interface endpoint puts in the place of the client's, so `aws:SourceIp` never
 * holds the client's address; `aws:VpcSourceIp` does (API Gateway resource policy examples).
 */
export const sourceIpOnPrivateApi: Rule = {
  name: "source-ip-on-private-api",
  severity: "error",
  find: (context) =>
    context.stages.filter(({ api }) => api.endpointType === "PRIVATE").flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  return resourceStatements(stage).flatMap((statement) => {
    // `Null` asks for no address: every request has one, whosever it is.
    const condition = statement.conditions.find(
      (one) => one.lowerKey === "aws:sourceip" && one.operator.type !== "null",
    );
    if (condition === undefined) return [];
    const listed = condition.values.map(({ source }) => source).join(", ");
    return {
      message:
        `${statementName(statement.ref)} of the private API ${stage.api.name} asks ${condition.name} aws:SourceIp ${listed}: ` +
        "the interface endpoint rewrites the address, so the client's is never seen.",
      ...about(statement),
      witness: clientInside(context, stage, condition),
      fix: "Write aws:VpcSourceIp for the client's address, or aws:SourceVpce or aws:SourceVpc for where it comes from.",
    };
  });
}

/** A client whose own address is one of those listed, and who is refused all the same. */
function clientInside(context: CheckContext, stage: CheckedStage, { operator, values }: Condition) {
  const address = operator.type === "ip" ? values[0]?.source.split("/")[0] : undefined;
  const usual = firstOf(
    stage.classes(),
    ({ outcome, subject }) => outcome === "allow" && subject.kind !== "authorizer",
  );
  const request = usual?.request();
  if (request?.vpc === undefined || address === undefined) return null;
  return context.witness({ ...request, sourceIp: REWRITTEN, vpc: { ...request.vpc, sourceIp: address } }, "deny");
}

/** An address of the range that endpoints use; none that a policy would list. */
const REWRITTEN = "100.64.0.1";
