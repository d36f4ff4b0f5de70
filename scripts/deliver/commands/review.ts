import { resolve } from "node:path";
import { unassumableRole } from "../accounts";
import { text, texts, type DeliverCommand } from "../command";
import { asReader, selected } from "../deliverable";
import { chosenEnvironment } from "../environment";
import { planStack } from "../plan-stack";
import { writeReview, type ReviewedStack } from "../review";
import { Session } from "../session";

const USAGE = "npm run deliver -- review ENVIRONMENT [--stack NAME]... [--out FOLDER]";

export const command: DeliverCommand = {
  usage: USAGE,
  summary: "For pull requests: plans every stack of an environment and writes down what a reviewer is to see.",
  options: { stack: { type: "string", multiple: true }, out: { type: "string" }, verbose: { type: "boolean" } },
  async run(io, values, positionals) {
    const environment = chosenEnvironment(positionals, USAGE);
    const session = new Session(io, environment, values.verbose === true);
    const stacks = selected(asReader(session.synthesize()), texts(values.stack));
    const refused = await session.checkAccounts(stacks);
    const reviewed: ReviewedStack[] = [];
    const full = new Map<string, string>();
    for (const stack of stacks) {
      const { name, dependencies, appliedByPeople } = stack;
      const after = dependencies.filter((needed) =>
        reviewed.some((other) => other.name === needed && (other.changes.length > 0 || other.result !== "planned")),
      );
      const outcome = await planStack(session, stack, unassumableRole(stack, refused));
      const common = { name, appliedByPeople, after };
      if (outcome.kind === "planned") {
        const { changes, digest } = outcome.plan;
        reviewed.push({ ...common, result: "planned", digest, changes });
        const text = await outcome.text();
        if (text !== "") full.set(name, text);
      } else {
        reviewed.push({ ...common, result: outcome.kind, changes: [], because: outcome.because });
      }
    }
    writeReview(
      resolve(io.root, text(values.out) ?? "reviews"),
      { environment: environment.name, stacks: reviewed },
      full,
    );
    io.out(session.progress.summary());
    return reviewed.some(({ result }) => result === "failed" || result === "interrupted") ? 1 : 0;
  },
};
