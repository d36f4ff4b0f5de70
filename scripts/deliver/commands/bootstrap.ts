import { InputError } from "../../../proof/errors";
import type { DeliverCommand } from "../command";
import type { Deliverable } from "../deliverable";
import { askPerson, deployStacks } from "../deploy-stacks";
import { chosenEnvironment } from "../environment";
import { Session } from "../session";
import { localStateFile, markBootstrapped, migrateState } from "../state-migration";

const USAGE = "npm run bootstrap -- ENVIRONMENT [--delivery-only] [--auto-approve] [--verbose]";

export const command: DeliverCommand = {
  usage: USAGE,
  summary: "The first deployment, from nothing: state bucket, roles, partner accounts, then every stack. Resumable.",
  options: {
    "delivery-only": { type: "boolean" },
    "auto-approve": { type: "boolean" },
    verbose: { type: "boolean" },
  },
  async run(io, values, positionals) {
    const environment = chosenEnvironment(positionals, USAGE);
    const session = new Session(io, environment, values.verbose === true);
    const approve = askPerson(session, values["auto-approve"] === true);
    const deploy = async (title: string, stacks: readonly Deliverable[]): Promise<boolean> => {
      if (stacks.length === 0) return true;
      session.progress.say(`\n${title}`);
      await session.requireAccounts(stacks);
      return deployStacks(session, stacks, approve);
    };
    const finish = (complete: boolean): 0 | 1 => {
      io.out(session.progress.summary());
      return complete ? 0 : 1;
    };

    let stacks = session.synthesize();
    const own = (): Deliverable => theOne(stacks, `${session.namePrefix}-delivery`);
    const bootstrapped = own().stateBucket !== undefined;
    await session.requireAccounts([own()]);
    if (bootstrapped) await migrate(session, own());
    if (!(await deploy("1. What the others are delivered with", [own()]))) return finish(false);

    if (!bootstrapped && environment.state.kind === "s3") {
      const file = markBootstrapped(io.root, environment.name);
      stacks = session.synthesize();
      await migrate(session, own());
      session.progress.say(`${file} now says that the state has moved: commit it.`);
    }
    const partners = stacks.filter((stack) => stack.appliedByPeople && stack !== own());
    if (!(await deploy("2. The role in each partner account", partners))) return finish(false);
    if (values["delivery-only"] === true) return finish(true);
    const rest = stacks.filter((stack) => !stack.appliedByPeople);
    return finish(await deploy("3. Everything else", rest));
  },
};

async function migrate(session: Session, stack: Deliverable): Promise<void> {
  const file = localStateFile(session.io.root, stack);
  const result = await migrateState(session.run(stack), file, stack.name);
  if (result === "moved") session.progress.say(`The state of ${stack.name} now stands in ${stack.stateBucket}.`);
}

function theOne(stacks: readonly Deliverable[], name: string): Deliverable {
  const found = stacks.find((stack) => stack.name === name);
  if (found === undefined) throw new InputError({ what: `No stack ${name} was synthesized.` });
  return found;
}
