import { InputError } from "../../../errors";
import type { CompiledStatement, Condition, PrincipalEntry } from "../../../iam";
import type { Model, Role } from "../../../model/types";
import type { CheckContext } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { about, statementName } from "../statements";

/**
 * A role that another company's account may assume needs an external id, or that company can be made to use it for
 * somebody else (IAM User Guide, "The confused deputy problem"). A trust policy for the principal `*` that pins nothing is
 * open to every account.
 */
export const trustWithoutExternalId: Rule = {
  name: "trust-without-external-id",
  severity: "warning",
  find: (context) => context.model.roles.flatMap((role) => findIn(context, role)),
};

/** Conditions that say which callers are meant, so that no external id is needed. */
const PINS = new Set(["aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:sourceaccount"]);

function findIn(context: CheckContext, role: Role): RuleFinding[] {
  const own = ownAccounts(context.model);
  return statementsOf(context, role).flatMap((statement) => {
    const { effect, principal, conditions } = statement;
    if (effect !== "Allow" || principal === undefined || !assumes(statement)) return [];
    if (conditions.some((condition) => PINS.has(condition.lowerKey) && binds(condition))) return [];
    const external = conditions.some((condition) => condition.lowerKey === "sts:externalid" && binds(condition));
    const byArn = conditions.some((condition) => condition.lowerKey === "aws:principalarn" && namesAccounts(condition));
    const open = principal.entries.some(({ kind }) => kind === "everyone" || kind === "every-aws") && !byArn;
    const foreign = principal.entries.flatMap((entry) => accountOf(entry) ?? []).filter((id) => !own.has(id));
    if (open) {
      return {
        severity: "error" as const,
        message: `${statementName(statement.ref)} lets every AWS account assume ${role.name}${external ? " with an external id that is no secret" : ""}.`,
        ...about(statement),
        witness: null,
        fix: "Name the accounts or roles that may assume it.",
      };
    }
    if (foreign.length === 0 || external) return [];
    return {
      message:
        `${statementName(statement.ref)} lets account ${[...new Set(foreign)].join(", ")}, of which nothing else is in this ` +
        `configuration, assume ${role.name} without an external id.`,
      ...about(statement),
      witness: null,
      fix: "Add the condition StringEquals sts:ExternalId with a value that differs from customer to customer.",
    };
  });
}

/** A trust policy that cannot be read lets nobody in; `serve` and `explain` say so. */
function statementsOf({ side }: CheckContext, { trustPolicy }: Role): readonly CompiledStatement[] {
  if (trustPolicy.unresolved !== undefined) return [];
  try {
    return side.engine.policies.get(trustPolicy, "trust").statements;
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

function assumes({ action }: CompiledStatement): boolean {
  return action.patterns.some(({ source }) => /^(sts:(assumerole|\*|assume\*)|\*)$/i.test(source));
}

/** Whether the condition holds of listed values alone. */
function binds({ operator, ifExists, set, values }: Condition): boolean {
  return !operator.negated && !ifExists && set !== "ForAllValues" && values.every(({ source }) => source !== "*");
}

/** A pattern such as `arn:aws:iam::*:role/partner` matches a role that anybody can make. */
function namesAccounts(condition: Condition): boolean {
  return binds(condition) && condition.values.every(({ source }) => /^arn:[^:]+:[^:]+:[^:]*:\d{12}:/.test(source));
}

function accountOf(entry: PrincipalEntry): string | undefined {
  if (entry.kind === "account") return entry.accountId;
  return "arn" in entry ? entry.arn.split(":")[4] : undefined;
}

function ownAccounts({ apis, functions, roles, users, userPools, vpcEndpoints }: Model): ReadonlySet<string> {
  return new Set(
    [...apis, ...functions, ...roles, ...users, ...userPools, ...vpcEndpoints].map(({ accountId }) => accountId),
  );
}
