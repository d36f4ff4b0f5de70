import { appendFileSync } from "node:fs";
import { environmentNames } from "../../../environments";
import type { DeliverCommand } from "../command";
import { allEnvironments, chosenEnvironment, isInPipeline } from "../environment";

const USAGE = "npm run deliver -- pipeline [ENVIRONMENT]";

export const command: DeliverCommand = {
  usage: USAGE,
  summary: "For workflows: which environments the pipeline delivers, or the roles and region of one of them.",
  options: {},
  run(io, _values, positionals) {
    const outputs = positionals.length === 0 ? all() : one(positionals);
    const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
    const file = io.env["GITHUB_OUTPUT"];
    if (file !== undefined && file !== "") appendFileSync(file, lines.join(""));
    io.out(lines.join(""));
    return Promise.resolve(0);
  },
};

function all(): Record<string, string> {
  const delivered = allEnvironments().filter(isInPipeline);
  return {
    environments: JSON.stringify(environmentNames),
    delivered: JSON.stringify(delivered.map(({ name }) => name)),
  };
}

function one(positionals: readonly string[]): Record<string, string> {
  const { accountId, region, project, name } = chosenEnvironment(positionals, USAGE);
  const role = (which: string): string => `arn:aws:iam::${accountId}:role/${project}-${name}-${which}`;
  return { region, account: accountId, "plan-role": role("plan"), "apply-role": role("apply") };
}
