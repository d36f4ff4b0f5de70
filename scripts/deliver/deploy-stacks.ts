import { InputError } from "../../proof/errors";
import type { Deliverable } from "./deliverable";
import { countsOf, type Plan } from "./plan";
import { timed } from "./progress";
import type { Session } from "./session";
import { StackFailure } from "./stack-run";

/** Whether a plan may be applied; throws where it may not. Answers false to leave the stack as it is. */
export type Approve = (stack: Deliverable, plan: Plan, text: () => Promise<string>) => Promise<boolean>;

/**
 * Plans and applies stacks one after the other, each after those it needs. A stack without changes is done at once, so
 * an interrupted run that is started again goes on where it stopped.
 *
 * @returns false where one of them failed; those that come after it are left as they are and listed
 */
export async function deployStacks(
  session: Session,
  stacks: readonly Deliverable[],
  approve: Approve,
): Promise<boolean> {
  const { progress } = session;
  for (const [index, stack] of stacks.entries()) {
    progress.say(`\n[${index + 1}/${stacks.length}] ${stack.name}`);
    try {
      const [detail, seconds] = await timed(() => deployStack(session, stack, approve));
      progress.done({ stack: stack.name, ...detail, seconds });
    } catch (error) {
      if (!(error instanceof StackFailure)) throw error;
      const { kind } = error.problem;
      progress.say(error.message);
      const result = kind === "interrupted" ? "interrupted" : kind === "upstream" ? "waits" : "FAILED";
      progress.done({ stack: stack.name, result, detail: "see above" });
      for (const { name } of stacks.slice(index + 1)) {
        progress.done({ stack: name, result: "not reached", detail: "" });
      }
      return false;
    }
  }
  return true;
}

async function deployStack(session: Session, stack: Deliverable, approve: Approve) {
  const run = session.run(stack);
  await run.init();
  for (const address of await run.keepCutOff()) {
    session.progress.say(`  ${address} was cut off while it was being made: it is kept, and completed.`);
  }
  const plan = await run.plan({ lock: true });
  if (plan.empty) return { result: "up to date", detail: "" };
  const counts = countsOf(plan.changes);
  session.progress.say(`  ${counts}`);
  if (!(await approve(stack, plan, () => run.planText()))) return { result: "left as it is", detail: counts };
  await run.applyPlan();
  return { result: "deployed", detail: counts };
}

/** Asks a person for each stack, unless they said yes to everything on the command line. @throws InputError */
export function askPerson(session: Session, autoApprove: boolean): Approve {
  return async (stack, _plan, text) => {
    if (autoApprove) return true;
    session.io.out(await text());
    const answer = await session.io.ask(`Apply this to ${stack.name}? Only 'yes' applies it: `);
    if (answer === undefined) {
      throw new InputError({
        what: "There is nobody to ask whether to apply the plan.",
        where: stack.name,
        next: "Give --auto-approve where that was decided before.",
      });
    }
    return answer.trim() === "yes";
  };
}
