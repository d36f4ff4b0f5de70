import type { RequestClass } from "../checks/classes";
import type { CheckContext, CheckedStage } from "../checks/context";
import type { Finding } from "../checks/finding";
import { routeName } from "../checks/statements";
import { reasonOf } from "../reason";
import type { Subject } from "../subject";
import type { Invariant } from "./invariant";

/**
 * Holds each invariant against every class of requests. One that does not hold is a finding with a request that breaks it;
 * one of which it cannot be told, or that speaks of no request at all, is one as well: neither is proven.
 *
 * @param context prepared with the paths that the invariants name
 * @param file where the invariants stand, for the findings
 */
export function proveInvariants(
  context: CheckContext,
  invariants: readonly Invariant[],
  file: string,
): readonly Finding[] {
  return invariants.flatMap((invariant) => {
    const stages = context.stages.filter(({ api, stage }) => invariant.concerns(api, stage));
    if (stages.length === 0) return [];
    const found = stages.flatMap((stage) => brokenAt(context, stage, invariant, file));
    if (found.length > 0 || stages.some((stage) => coversAny(context, stage, invariant))) return found;
    return [
      finding(
        invariant,
        file,
        `It speaks of no request: nothing here has ${invariant.paths.join(", ") || "such a route"}.`,
        "Name paths as the routes have them, or remove the sentence.",
      ),
    ];
  });
}

function brokenAt(context: CheckContext, stage: CheckedStage, invariant: Invariant, file: string): readonly Finding[] {
  const { model } = context;
  const { api } = stage;
  for (const { requests, undecided, verb, template } of stage.classes()) {
    const [doubt] = undecided;
    if (doubt !== undefined) {
      return [unproven(invariant, file, `${verb} ${template} of ${api.name}: ${doubt}`)];
    }
    for (const request of requests) {
      if (request.outcome === "deny") continue;
      const admission = { model, api, stage: stage.stage, request };
      if (!invariant.covers(admission)) continue;
      const change = invariant.brokenBy(admission);
      if (change === undefined) continue;
      if (request.outcome === "undecided") {
        return [unproven(invariant, file, `${routeName(request.route)} of ${api.name} for ${who(request.subject)}`)];
      }
      return [counterexample(context, stage, invariant, file, request, change)];
    }
  }
  return [];
}

function counterexample(
  context: CheckContext,
  stage: CheckedStage,
  invariant: Invariant,
  file: string,
  request: RequestClass,
  change: NonNullable<ReturnType<Invariant["brokenBy"]>>,
): Finding {
  const witness = context.witness({ ...request.request(), ...change }, "allow");
  if (witness === null) {
    throw new Error(`The counterexample to "${invariant.sentence}" is not decided as its class is.`);
  }
  const { because } = reasonOf({ outcome: "allow", status: 200, ...decided(request) });
  const served = `${routeName(request.route)} of ${stage.api.name} at ${stage.stage}`;
  return {
    ...finding(
      invariant,
      file,
      `${capital(who(request.subject))} can call ${request.cell.verb} ${request.cell.path} (${served}). ${because}`,
      "Narrow what lets the witness in, or say in the sentence that it may.",
    ),
    witness,
  };
}

function decided({ decision }: RequestClass) {
  return decision === undefined ? {} : { decision };
}

function unproven(invariant: Invariant, file: string, what: string): Finding {
  return finding(
    invariant,
    file,
    `It cannot be told whether it holds: ${what}.`,
    "Write what the reason names so that it can be decided; until then it counts as not true.",
  );
}

function finding({ sentence }: Invariant, file: string, message: string, fix: string): Finding {
  return {
    rule: "invariant",
    severity: "error",
    message: `${sentence} ${message}`,
    where: { file, address: sentence },
    witness: null,
    fix,
  };
}

function coversAny({ model }: CheckContext, { api, stage, classes }: CheckedStage, invariant: Invariant): boolean {
  return classes().some(({ requests }) => requests.some((request) => invariant.covers({ model, api, stage, request })));
}

function who(subject: Subject): string {
  switch (subject.kind) {
    case "anonymous":
      return "an anonymous caller";
    case "caller":
      return (
        subject.person ??
        (subject.otherAccount ? "a caller of any other account" : `a caller of account ${subject.account}`)
      );
    case "token":
      return `the holder of a ${subject.words}`;
    case "authorizer":
      return `a caller of whom the ${subject.name} authorizer says ${subject.says}`;
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
