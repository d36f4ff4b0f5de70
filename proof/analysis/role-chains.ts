/** Roles that a role may assume, so that whoever assumes the first reaches what they reach. */
import { InputError } from "../errors";
import { principalGrant } from "../iam";
import type { CompiledStatement } from "../iam";
import type { PolicyDocument, Role } from "../model/types";
import { assumption } from "./assumers";
import { StateBudgetExceeded } from "./budget";
import { externalIdsOf } from "./external-ids";
import { isAbout } from "./rules";
import type { Side } from "./view";

/** A way from one role to another. */
export interface RoleChain {
  /** In the order in which they are assumed, with the first and the last. */
  readonly arns: readonly string[];
  readonly end: Role;
  /** False where a condition, or a policy that is not known, leaves open whether one may assume the next. */
  readonly certain: boolean;
}

/** Keys whose values are known of a role that assumes another, or tried. */
const DECIDED = new Set(["aws:principalarn", "aws:principalaccount", "sts:externalid"]);

/** The chains that begin with a role: one to each role that it reaches, a certain one where there is one. */
export function chainsFrom(side: Side, first: Role): readonly RoleChain[] {
  const found = new Map<string, RoleChain>();
  for (const certain of [true, false]) {
    const begun: RoleChain[] = [{ arns: [first.arn], end: first, certain: true }, ...found.values()];
    // Grows while it is walked, each role once, so that circles end.
    for (const { arns, end: last } of begun) {
      for (const next of side.model.roles) {
        if (next.arn === first.arn || found.has(next.arn)) continue;
        const answer = mayPass(side, last, next);
        if (answer !== "certain" && (certain || answer === "no")) continue;
        const chain = { arns: [...arns, next.arn], end: next, certain };
        found.set(next.arn, chain);
        begun.push(chain);
      }
    }
  }
  return [...found.values()];
}

type Passes = "certain" | "perhaps" | "no";

/** Whether one role may assume another, by the trust policy of the one and the policies of the other. */
export function mayPass(side: Side, from: Role, to: Role): Passes {
  try {
    return passes(side, from, to);
  } catch (error) {
    // A policy that is none, or that asks for too many external ids.
    if (error instanceof StateBudgetExceeded || error instanceof InputError) return "perhaps";
    throw error;
  }
}

function passes(side: Side, from: Role, to: Role): Passes {
  const known = (document: PolicyDocument | undefined): boolean => document?.unresolved === undefined;
  if (!known(to.trustPolicy)) return "perhaps";
  const { policies } = side.engine;
  const named = policies.get(to.trustPolicy, "trust").statements.filter((one) => isAboutRole(one, from));
  if (!named.some(({ effect }) => effect === "Allow")) return "no";
  const answers = externalIdsOf(named.flatMap(({ conditions }) => conditions)).map(({ externalId }) =>
    assumption(side, {
      arn: to.arn,
      assumedBy: { arn: from.arn, ...(externalId === undefined ? {} : { externalId }) },
    }),
  );
  if (answers.some(({ refusal }) => refusal === undefined)) return "certain";
  if (answers.some(({ undecided }) => undecided !== undefined)) return "perhaps";
  const own = [...from.identityPolicies, ...(from.permissionsBoundary ? [from.permissionsBoundary] : [])];
  if (!own.every(known)) return "perhaps";
  const asked = policies.all(own, "identity").flatMap(({ statements }) => statements);
  return [...named, ...asked.filter((one) => isAbout(one, ASSUME))].some(isOpen) ? "perhaps" : "no";
}

const ASSUME = "sts:AssumeRole";

function isAboutRole(statement: CompiledStatement, { arn, accountId }: Role): boolean {
  const { principal, effect } = statement;
  const who = { kind: "aws", arn, accountId, principalArn: arn } as const;
  return isAbout(statement, ASSUME) && principal !== undefined && principalGrant(principal, effect, who) !== undefined;
}

/** Whether a statement asks what nothing here says of the call. */
function isOpen({ conditions }: CompiledStatement): boolean {
  return conditions.some(({ lowerKey }) => !DECIDED.has(lowerKey) && !lowerKey.startsWith("aws:principaltag/"));
}
