import type { PrincipalEntry } from "../../../iam";
import { OWN_ALLOW } from "../../callers";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { about, resourceStatements, statementName } from "../statements";

/**
 * `arn:aws:sts::A:assumed-role/R/S` is one session: whoever assumes the role under another session name is refused.
 */
export const sessionArnPrincipal: Rule = {
  name: "session-arn-principal",
  severity: "warning",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  return resourceStatements(stage, "Allow").flatMap((statement) =>
    (statement.principal?.entries ?? []).flatMap((entry) => {
      const role = roleOf(entry);
      if (role === undefined) return [];
      const witness = otherSession(context, stage, role);
      if (witness === null) return [];
      return {
        message:
          `${statementName(statement.ref)} names the session ${role.session}: only that session name of the role is ` +
          "admitted. The witness is another session of the same role, and it is refused.",
        ...about(statement),
        witness,
        fix: `Name the role: ${role.arn}. Its sessions are meant with it.`,
      };
    }),
  );
}

interface SessionRole {
  readonly arn: string;
  readonly session: string;
}

function roleOf(entry: PrincipalEntry): SessionRole | undefined {
  if (entry.kind !== "session") return undefined;
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(entry.arn) ?? [];
  if (partition === undefined || account === undefined || role === undefined) return undefined;
  return { arn: `arn:${partition}:iam::${account}:role/${role}`, session: entry.arn };
}

/** A request that the named session may make and another session may not. */
function otherSession(context: CheckContext, stage: CheckedStage, role: SessionRole) {
  for (const { requests, route } of stage.classes()) {
    if (route?.auth.type !== "AWS_IAM") continue;
    const admitted = requests.find(
      ({ subject, outcome }) => subject.kind === "caller" && subject.person === role.session && outcome === "allow",
    );
    const request = admitted?.request();
    const asked = request?.caller;
    if (request === undefined || asked === undefined || asked === null) continue;
    const caller = { ...asked, arn: role.arn, session: "another-session" };
    const known = context.model.roles.some(({ arn }) => arn === role.arn);
    const policies = asked.policies ?? [OWN_ALLOW];
    const witness = context.witness({ ...request, caller: known ? caller : { ...caller, policies } }, "deny");
    if (witness !== null) return witness;
  }
  return null;
}
