import { resolve } from "node:path";
import { ApiGateway } from "../api-gateway";
import { text, texts, type DeliverCommand } from "../command";
import { deployStacks } from "../deploy-stacks";
import { chosenEnvironment } from "../environment";
import { checkSources, probeLive, reachable } from "../live-probe";
import { readReview } from "../review";
import { onlyReviewed } from "../reviewed-plans";
import { Session } from "../session";
import { drop, keep, rollBack, stagesIn, type LiveStage } from "../stages";
import { selected, type Deliverable } from "../deliverable";

const USAGE =
  "npm run deliver -- release ENVIRONMENT [--stack NAME]... [--reviews FOLDER] [--accept DIGEST]... [--probe-option OPTION]... [--no-probe]";

export const command: DeliverCommand = {
  usage: USAGE,
  summary:
    "On main: applies exactly the reviewed plans, probes the API, and takes the stages back where the probe fails.",
  options: {
    stack: { type: "string", multiple: true },
    reviews: { type: "string" },
    accept: { type: "string", multiple: true },
    "probe-option": { type: "string", multiple: true },
    "no-probe": { type: "boolean" },
    verbose: { type: "boolean" },
  },
  async run(io, values, positionals) {
    const environment = chosenEnvironment(positionals, USAGE);
    checkSources(io.env);
    const session = new Session(io, environment, values.verbose === true);
    const stacks = selected(session.synthesize(), texts(values.stack)).filter((stack) => !stack.appliedByPeople);
    await session.requireAccounts(stacks);
    const review = readReview(resolve(io.root, text(values.reviews) ?? "reviews"), environment.name);
    // An empty value is what a workflow passes for an input that was not given.
    const accepted = texts(values.accept)
      .flatMap((list) => list.split(/[\s,]+/))
      .filter((digest) => digest !== "");
    const api = new ApiGateway(environment.region, io.env);
    try {
      const kept = await keep(await liveStages(session, stacks), api);
      const complete = await deployStacks(session, stacks, onlyReviewed(session, review, accepted));
      io.out(session.progress.summary());
      if (!complete) return 1;
      const failed =
        values["no-probe"] === true
          ? []
          : probe(session, await liveStages(session, stacks), texts(values["probe-option"]));
      if (failed.length === 0) {
        await drop(kept, api);
        return 0;
      }
      const back = kept.filter(({ stage }) => failed.some((one) => one.restApiId === stage.restApiId));
      await rollBack(back, api);
      session.progress.say(
        back.length === 0
          ? "The probe failed, and nothing was served before: there is nothing to go back to."
          : `The probe failed: ${back.map(({ stage }) => `${stage.apiName}/${stage.stageName}`).join(", ")} serve what they served before. Functions and pools are as released; docs/delivery.md says how to go on.`,
      );
      return 1;
    } finally {
      api.close();
    }
  },
};

async function liveStages(session: Session, stacks: readonly Deliverable[]): Promise<readonly LiveStage[]> {
  const found: LiveStage[] = [];
  for (const stack of stacks) {
    const run = session.run(stack);
    await run.init();
    found.push(...stagesIn(stack.name, await run.state()));
  }
  return found;
}

/** Probes every stage that can be reached from here, and answers with those that do not answer as proven. */
function probe(session: Session, stages: readonly LiveStage[], options: readonly string[]): readonly LiveStage[] {
  const near = reachable(stages);
  for (const { apiName } of stages.filter((stage) => !near.includes(stage))) {
    session.progress.say(`${apiName} is private and cannot be reached from here: not probed.`);
  }
  return near.filter((stage) => {
    const { code, stdout, stderr } = probeLive(session, [stage], options);
    session.io.out(stdout);
    session.io.err(stderr);
    return code !== 0;
  });
}
