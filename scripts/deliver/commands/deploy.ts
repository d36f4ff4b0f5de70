import { InputError } from "../../../proof/errors";
import { texts, type DeliverCommand } from "../command";
import { selected, type Deliverable } from "../deliverable";
import { askPerson, deployStacks } from "../deploy-stacks";
import { chosenEnvironment } from "../environment";
import { Session } from "../session";

const USAGE = "npm run deploy -- ENVIRONMENT [--stack NAME]... [--auto-approve] [--verbose]";

export const command: DeliverCommand = {
  usage: USAGE,
  summary: "Synthesizes an environment and applies its stacks in the order they need each other.",
  options: {
    stack: { type: "string", multiple: true },
    "auto-approve": { type: "boolean" },
    verbose: { type: "boolean" },
  },
  async run(io, values, positionals) {
    const environment = chosenEnvironment(positionals, USAGE);
    const autoApprove = values["auto-approve"] === true;
    const session = new Session(io, environment, values.verbose === true);
    const all = session.synthesize();
    const stacks = selected(all, texts(values.stack)).filter((stack) => !stack.appliedByPeople);
    refuseWithoutBucket(environment.name, stacks, environment.state);
    await session.requireAccounts(stacks);
    const complete = await deployStacks(session, stacks, askPerson(session, autoApprove));
    io.out(session.progress.summary());
    return complete ? 0 : 1;
  },
};

function refuseWithoutBucket(
  name: string,
  stacks: readonly Deliverable[],
  state: { readonly kind: string; readonly bootstrapped?: boolean },
): void {
  if (state.kind !== "s3" || state.bootstrapped === true) return;
  throw new InputError({
    what: `${name} keeps its state in ${stacks[0]?.stateBucket ?? "a bucket"}, which is not there yet.`,
    where: `environments/${name}.ts: state.bootstrapped`,
    next: `Run npm run bootstrap -- ${name} once: it makes the bucket and the roles, and deploys everything.`,
  });
}
