/** Trace steps about policies, in words a person can act on. Only what a trace is read for is worked out here. */
import type { AccessOutcome, CompiledPolicy, CompiledStatement } from "../iam";
import { explainStatement, statementApplies } from "../iam";
import { statementsAbout } from "../iam/by-account";
import { describePrincipal } from "../iam/words";
import type { AccessRequest, Reduction, StatementRef, Verdict } from "../iam/types";
import type { StepName, TraceStep } from "./types";

/** Statements that do not apply and are still told, so that a trace stays readable. */
const MOST_STATEMENTS = 12;

/**
 * What a set of policies of one kind said: the statement that decided and what would undo it, or for each statement
 * why it does not apply and what would make it.
 *
 * @param name as a person knows the policies: `the resource policy`
 */
export function policyStep(
  step: StepName,
  name: string,
  policies: readonly CompiledPolicy[],
  request: AccessRequest,
  reduction: Reduction,
): TraceStep {
  const { verdict, decidedBy } = reduction;
  const source = decidedBy === undefined ? policies[0]?.source : statementSource(decidedBy);
  return {
    step,
    result: verdict.toLowerCase(),
    // Most steps of most decisions are never read.
    get because() {
      return becauseOf(name, policies, request, reduction);
    },
    ...(source === undefined ? {} : { source }),
  };
}

function becauseOf(
  name: string,
  policies: readonly CompiledPolicy[],
  request: AccessRequest,
  { decidedBy }: Reduction,
): string {
  for (const { statements } of policies) {
    const decided = statements.find(({ ref }) => ref === decidedBy);
    if (decided !== undefined) return applied(name, decided, policies, request);
  }
  return nothingApplies(name, policies, request);
}

export function statementSource({ policy, index, sid }: StatementRef): NonNullable<TraceStep["source"]> {
  return { ...policy, statement: sid ?? index };
}

/** How the two sides of a decision stand to the request, and what of them combines. */
export interface Sides {
  /** The one of AWS's authorization flow: `A` either side's Allow is enough, `B` both must allow. */
  readonly table: "A" | "B";
  /** The side that is not the resource policy, as a person knows it: `identity policies`. */
  readonly party: string;
  /** Whose that side is, where not the caller's that policies see. */
  readonly who?: string;
  readonly own: Verdict;
  readonly resource: Verdict | "NONE";
  readonly outcome: AccessOutcome;
}

export function combineStep(request: AccessRequest, sides: Sides): TraceStep {
  const { table, party, who = describePrincipal(request.principal), own, resource, outcome } = sides;
  const saying = `The ${party} of ${who} ${says(own, party)} ${request.action} on ${request.resource}`;
  const others = resource === "NONE" ? "there is no resource policy" : `the resource policy ${says(resource)} it`;
  const rule =
    table === "A"
      ? "within one account, and for Lambda authorizers, an Allow of either is enough and a Deny of either wins"
      : "across accounts both must allow, and a Deny of either wins";
  return {
    step: "combine",
    result: outcome === "allowed" ? "allow" : "deny",
    because: `${saying}, ${others}: ${rule}. ${remedy(table, party, own, resource, outcome)}`,
  };
}

function says(verdict: Verdict, party = ""): string {
  const ending = party.endsWith("policies") ? "" : "s";
  if (verdict === "NEITHER") return ending === "" ? "neither allow nor deny" : "neither allows nor denies";
  return verdict === "ALLOW" ? `allow${ending}` : ending === "" ? "deny" : "denies";
}

function remedy(
  table: "A" | "B",
  party: string,
  own: Verdict,
  resource: Verdict | "NONE",
  outcome: AccessOutcome,
): string {
  if (outcome === "allowed") {
    if (table === "A" && own === "ALLOW" && resource === "ALLOW")
      return "Only a Deny, or both losing their Allow, would refuse it.";
    if (table === "A" && own !== "ALLOW") return `The resource policy alone admits it, without the ${party}.`;
    return "A Deny, or a missing Allow, would refuse it.";
  }
  if (outcome === "explicitDeny") return "It is refused until the Deny no longer applies.";
  if (table === "A" && resource === "ALLOW") {
    return `The resource policy only delegates to the caller's account, or a limit of the caller stands in the way: the ${party} must allow as well.`;
  }
  if (table === "A") return `An Allow in the ${party} or in the resource policy would admit it.`;
  const missing = [own === "ALLOW" ? "" : `the ${party}`, resource === "ALLOW" ? "" : "the resource policy"];
  return `An Allow is missing in ${missing.filter((side) => side !== "").join(" and in ")}.`;
}

function applied(
  name: string,
  decided: CompiledStatement,
  policies: readonly CompiledPolicy[],
  request: AccessRequest,
): string {
  const others = policies
    .flatMap((policy) => statementsAbout(policy, request.principal))
    .filter((statement) => statement !== decided && statementApplies(statement, request));
  const also =
    others.length === 0
      ? ""
      : ` Statements that apply as well: ${others.map(({ ref }) => statementName(ref)).join(", ")}.`;
  const { ref, because, change } = explainStatement(decided, request);
  return `${capital(statementName(ref))} of ${name} applies: it ${because}. To change that, ${change}.${also}`;
}

function nothingApplies(name: string, policies: readonly CompiledPolicy[], request: AccessRequest): string {
  if (policies.length === 0) return `Nothing is in ${name}, so nothing there allows ${request.action}.`;
  const count = policies.reduce((sum, { statements }) => sum + statements.length, 0);
  if (count === 0) return `No statement is in ${name}, so nothing there allows ${request.action}.`;
  const first = policies.flatMap(({ statements }) => statements.slice(0, MOST_STATEMENTS)).slice(0, MOST_STATEMENTS);
  const told = first.map((statement) => {
    const { ref, because, change } = explainStatement(statement, request);
    return `${statementName(ref)} does not apply (${because}; to apply, ${change})`;
  });
  const more = count - told.length;
  return `No statement of ${name} applies to ${request.resource}: ${told.join("; ")}${more > 0 ? `; and ${more} more` : ""}.`;
}

function statementName({ index, sid, effect }: StatementRef): string {
  return `statement ${index}${sid === undefined ? "" : ` '${sid}'`} (${effect})`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
