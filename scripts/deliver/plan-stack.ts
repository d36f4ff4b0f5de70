import type { Deliverable } from "./deliverable";
import { countsOf, type Plan } from "./plan";
import { timed } from "./progress";
import type { Session } from "./session";
import { StackFailure } from "./stack-run";

/** What came of planning a stack that nothing is applied from. */
export type PlanOutcome =
  | {
      readonly kind: "planned";
      readonly plan: Plan;
      /** For people; empty where nothing changes. */ text(): Promise<string>;
    }
  /** A stack it reads from is not deployed as far as it needs: no failure, it is planned when its turn comes. */
  | { readonly kind: "waits"; readonly because: string }
  /** The role of its provider cannot be taken on with these credentials. */
  | { readonly kind: "not planned"; readonly because: string }
  | { readonly kind: "failed" | "interrupted"; readonly because: string };

/** Plans a stack without taking its lock, and reports what came of it. */
export async function planStack(
  session: Session,
  stack: Deliverable,
  unassumable: string | undefined,
): Promise<PlanOutcome> {
  const { progress } = session;
  if (unassumable !== undefined) {
    progress.done({ stack: stack.name, result: "not planned", detail: unassumable });
    return { kind: "not planned", because: unassumable };
  }
  try {
    const [outcome, seconds] = await timed(async () => {
      const run = session.run(stack);
      await run.init();
      const plan = await run.plan({ lock: false });
      return { kind: "planned" as const, plan, text: async () => (plan.empty ? "" : run.planText()) };
    });
    const { empty, changes } = outcome.plan;
    progress.done({
      stack: stack.name,
      result: empty ? "no changes" : "changes",
      detail: empty ? "" : countsOf(changes),
      seconds,
    });
    return outcome;
  } catch (error) {
    if (!(error instanceof StackFailure)) throw error;
    const { kind, what } = error.problem;
    progress.say(error.message);
    if (kind === "upstream") {
      progress.done({ stack: stack.name, result: "waits", detail: what });
      return { kind: "waits", because: what };
    }
    const result = kind === "interrupted" ? kind : "failed";
    progress.done({ stack: stack.name, result: result.toUpperCase(), detail: "see above" });
    return { kind: result, because: what };
  }
}
