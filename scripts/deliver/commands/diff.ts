import { texts, type DeliverCommand } from "../command";
import { unassumableRole } from "../accounts";
import { selected } from "../deliverable";
import { chosenEnvironment } from "../environment";
import { planStack } from "../plan-stack";
import { Session } from "../session";

const USAGE = "npm run diff -- ENVIRONMENT [--stack NAME]... [--verbose]";

export const command: DeliverCommand = {
  usage: USAGE,
  summary: "Synthesizes an environment and shows what deploying it would change. Changes nothing.",
  options: { stack: { type: "string", multiple: true }, verbose: { type: "boolean" } },
  async run(io, values, positionals) {
    const environment = chosenEnvironment(positionals, USAGE);
    const session = new Session(io, environment, values.verbose === true);
    const stacks = selected(session.synthesize(), texts(values.stack));
    const refused = await session.checkAccounts(stacks);
    let failed = false;
    for (const stack of stacks) {
      const outcome = await planStack(session, stack, unassumableRole(stack, refused));
      const text = outcome.kind === "planned" ? await outcome.text() : "";
      if (text !== "") io.out(`\n── ${stack.name} ──\n${text}`);
      if (outcome.kind === "failed") failed = true;
      if (outcome.kind === "interrupted") return 1;
    }
    io.out(session.progress.summary());
    return failed ? 1 : 0;
  },
};
