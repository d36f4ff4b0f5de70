import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { unassumableRole } from "../accounts";
import { ApiGateway } from "../api-gateway";
import { text, texts, type DeliverCommand } from "../command";
import { asReader, selected } from "../deliverable";
import { staleStage, type Drift, type DriftedStack, type StageFinding } from "../drift";
import { chosenEnvironment } from "../environment";
import { DeliveryFailure } from "../failure";
import { checkSources, probeLive, reachable } from "../live-probe";
import { planStack } from "../plan-stack";
import { Session } from "../session";
import { stagesIn, type LiveStage } from "../stages";

const USAGE = "npm run deliver -- drift ENVIRONMENT [--stack NAME]... [--out FOLDER] [--probe-option OPTION]...";

export const command: DeliverCommand = {
  usage: USAGE,
  summary:
    "On a schedule: what is deployed otherwise than configured, by a plan, by the stages' policies, by the probe.",
  options: {
    stack: { type: "string", multiple: true },
    out: { type: "string" },
    "probe-option": { type: "string", multiple: true },
    verbose: { type: "boolean" },
  },
  async run(io, values, positionals) {
    const environment = chosenEnvironment(positionals, USAGE);
    checkSources(io.env);
    const session = new Session(io, environment, values.verbose === true);
    const stacks = selected(asReader(session.synthesize()), texts(values.stack));
    const refused = await session.checkAccounts(stacks);
    const planned: DriftedStack[] = [];
    const live: LiveStage[] = [];
    for (const stack of stacks) {
      const { name } = stack;
      const outcome = await planStack(session, stack, unassumableRole(stack, refused));
      if (outcome.kind === "planned") {
        const { changes, empty } = outcome.plan;
        planned.push({ name, changes, ...(empty || changes.length > 0 ? {} : { outputs: true }) });
        live.push(...stagesIn(name, await session.run(stack).state()));
      } else planned.push({ name, changes: [], because: outcome.because });
    }
    const api = new ApiGateway(environment.region, io.env);
    const stages: StageFinding[] = [];
    try {
      for (const stage of live) stages.push(...(await findingsOf(stage, api)));
    } finally {
      api.close();
    }
    const near = reachable(live);
    const probed = near.length === 0 ? undefined : probeLive(session, near, texts(values["probe-option"]));
    if (probed !== undefined) io.err(`${probed.stderr}${probed.stdout}`);
    const found: Drift = {
      environment: environment.name,
      stacks: planned,
      stages,
      ...(probed === undefined || probed.code === 0 ? {} : { probe: `${probed.stdout}${probed.stderr}` }),
    };
    const out = resolve(io.root, text(values.out) ?? "drift");
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, `${environment.name}.json`), `${JSON.stringify(found, undefined, 2)}\n`);
    io.out(session.progress.summary());
    return 0;
  },
};

async function findingsOf({ apiName, restApiId, stageName }: LiveStage, api: ApiGateway): Promise<StageFinding[]> {
  const configured = await api.configuredPolicy(restApiId);
  try {
    const finding = staleStage(apiName, stageName, configured, await api.servedPolicy(restApiId, stageName));
    return finding === undefined ? [] : [finding];
  } catch (error) {
    if (!(error instanceof DeliveryFailure)) throw error;
    return [{ api: apiName, stage: stageName, result: "unknown", because: error.message }];
  }
}
