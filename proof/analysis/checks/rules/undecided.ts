import { reasonOf } from "../../reason";
import type { RequestClass } from "../classes";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { routeName } from "../statements";

/** What cannot be decided is said, never guessed: the other rules know nothing of it. */
export const undecided: Rule = {
  name: "undecided",
  severity: "error",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  const { api } = stage;
  const found = new Map<string, RuleFinding>();
  for (const { verb, template, route, requests, undecided: reasons } of stage.classes()) {
    const [reason] = reasons;
    const where = route?.source ?? api.source;
    if (reason !== undefined) {
      found.set(`${verb} ${template}`, {
        message: `The callers of ${verb} ${template} of ${api.name} cannot all be told apart: ${reason}`,
        where,
        witness: null,
        fix: "Simplify the patterns or conditions that the reason names; until then nothing is proven of the route.",
      });
      continue;
    }
    const all = requests.filter(({ outcome }) => outcome === "undecided");
    const shown = all.find((one) => isOpen(context, one));
    const open = shown ?? all[0];
    if (open === undefined) continue;
    found.set(routeName(open.route), {
      message: `It cannot be told who is let in to ${routeName(open.route)} of ${api.name}. ${open.doubt ?? ""}`,
      where: reasonOf({ outcome: "undecided", status: null, ...decisionOf(open.decision) }).source ?? where,
      witness: shown?.request() ?? null,
      fix: "Ask for a key whose value the configuration says, or keep the statement away from what must be proven.",
    });
  }
  return [...found.values()];
}

/** Of a class that it cannot be told of, the request that stands for it may be decided: then it shows nothing. */
function isOpen(context: CheckContext, one: RequestClass): boolean {
  return context.decide(one.request()).trace.some(({ result }) => result === "unresolved");
}

function decisionOf<T>(decision: T | undefined) {
  return decision === undefined ? {} : { decision };
}
