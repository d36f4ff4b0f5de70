import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { unassumableRole } from "../accounts";
import { portcullis } from "../access";
import { ApiGateway } from "../api-gateway";
import { text, texts, type DeliverCommand } from "../command";
import { asReader } from "../deliverable";
import { staleStage, type Drift, type DriftedStack, type StageFinding } from "../drift";
import { chosenEnvironment } from "../environment";
import { DeliveryFailure } from "../failure";
import { planStack } from "../plan-stack";
import { Session } from "../session";
import { stagesIn, type LiveStage } from "../stages";

const USAGE = "npm run deliver -- drift ENVIRONMENT [--out FOLDER] [--probe-option OPTION]...";

export const command: DeliverCommand = {
  usage: USAGE,
  summary:
    "On a schedule: what is deployed otherwise than configured, by a plan, by the stages' policies, by the probe.",
  options: {
    out: { type: "string" },
    "probe-option": { type: "string", multiple: true },
    verbose: { type: "boolean" },
  },
  async run(io, values, positionals) {
    const environment = chosenEnvironment(positionals, USAGE);
    const session = new Session(io, environment, values.verbose === true);
    const stacks = asReader(session.synthesize());
    const refused = await session.checkAccounts(stacks);
    const planned: DriftedStack[] = [];
    const live: LiveStage[] = [];
    for (const stack of stacks) {
      const { name } = stack;
      const outcome = await planStack(session, stack, unassumableRole(stack, refused));
      if (outcome.kind === "planned") {
        planned.push({ name, changes: outcome.plan.changes });
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
    const reachable = live.filter(({ isPrivate }) => !isPrivate);
    const targets = reachable.flatMap(({ apiName, url }) => ["--target", `${apiName}=${url}`]);
    const options = texts(values["probe-option"]);
    const probed =
      targets.length === 0
        ? undefined
        : portcullis(io.root, ["probe", session.directory, ...targets, ...options], io.env);
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
