import { InputError } from "../../../proof/errors";
import { texts, type DeliverCommand, type Io } from "../command";
import { selected, type Deliverable } from "../deliverable";
import { chosenEnvironment } from "../environment";
import { timed } from "../progress";
import { Session } from "../session";
import { StackFailure } from "../stack-run";

const USAGE = "npm run destroy -- ENVIRONMENT [--stack NAME]... [--with-data] [--auto-approve] [--verbose]";

/** Environments that no flag and no pipeline destroys. */
const PROTECTED = ["prod"];

export const command: DeliverCommand = {
  usage: USAGE,
  summary: "Destroys an environment's stacks, those that need others first. Asks for the environment's name.",
  options: {
    stack: { type: "string", multiple: true },
    "with-data": { type: "boolean" },
    "auto-approve": { type: "boolean" },
    verbose: { type: "boolean" },
  },
  async run(io, values, positionals) {
    const environment = chosenEnvironment(positionals, USAGE);
    const withData = values["with-data"] === true;
    await approve(io, environment.name, values["auto-approve"] === true, withData);
    const session = new Session(io, environment, values.verbose === true);
    const stacks = selected(session.synthesize(), texts(values.stack)).filter((stack) => !stack.appliedByPeople);
    await session.requireAccounts(stacks);
    const complete = await destroyStacks(session, [...stacks].reverse(), withData);
    io.out(session.progress.summary());
    session.progress.say("The delivery stacks (state bucket, pipeline roles) stay; docs/delivery.md says how they go.");
    return complete ? 0 : 1;
  },
};

async function approve(io: Io, name: string, autoApprove: boolean, withData: boolean): Promise<void> {
  const protectedOne = PROTECTED.includes(name);
  if (protectedOne && io.env["CI"] !== undefined) {
    throw new InputError({ what: `${name} is not destroyed from CI.`, next: "A person does that, at a terminal." });
  }
  if (protectedOne && withData) {
    throw new InputError({
      what: `The data of ${name} is not destroyed by a flag.`,
      where: "--with-data",
      next: "Lift the protection of each resource in a reviewed change, deploy it, then destroy.",
    });
  }
  if (autoApprove && !protectedOne) return;
  const answer = await io.ask(`This destroys ${name}${withData ? " and its data" : ""}. Type its name to go on: `);
  if (answer === undefined) {
    throw new InputError({
      what: "There is nobody to type the environment's name.",
      next: protectedOne ? "A person does that, at a terminal." : "Give --auto-approve where that was decided before.",
    });
  }
  if (answer.trim() !== name) {
    throw new InputError({ what: `'${answer.trim()}' is not '${name}': nothing was destroyed.` });
  }
}

async function destroyStacks(session: Session, stacks: readonly Deliverable[], withData: boolean): Promise<boolean> {
  const { progress } = session;
  for (const [index, stack] of stacks.entries()) {
    progress.say(`\n[${index + 1}/${stacks.length}] ${stack.name}`);
    try {
      const [result, seconds] = await timed(async () => {
        const run = session.run(stack);
        await run.init();
        if (isEmpty(await run.pullState())) return "nothing there";
        if (withData) await run.liftProtection();
        await run.plan({ lock: true, destroy: true });
        await run.applyPlan();
        return "destroyed";
      });
      progress.done({ stack: stack.name, result, detail: "", seconds });
    } catch (error) {
      if (!(error instanceof StackFailure)) throw error;
      progress.say(error.message);
      progress.done({ stack: stack.name, result: "FAILED", detail: "see above" });
      stacks.slice(index + 1).forEach(({ name }) => progress.done({ stack: name, result: "not reached", detail: "" }));
      return false;
    }
  }
  return true;
}

/** A stack without state would otherwise fail on the remote states that it reads. */
function isEmpty(state: string): boolean {
  return state === "" || ((JSON.parse(state) as { resources?: readonly unknown[] }).resources ?? []).length === 0;
}
