import { appendFileSync } from "node:fs";
import { environmentNames } from "../../../environments";
import { environmentsIn, inBase } from "../access";
import { text, type DeliverCommand } from "../command";
import { allEnvironments, chosenEnvironment, isInPipeline } from "../environment";

const USAGE = "npm run deliver -- pipeline [ENVIRONMENT] [--base COMMIT]";

export const command: DeliverCommand = {
  usage: USAGE,
  summary: "For workflows: which environments the pipeline delivers, or the roles and region of one of them.",
  options: { base: { type: "string" } },
  async run(io, values, positionals) {
    const base = text(values.base) ?? "";
    const before = base === "" ? [] : await inBase({ ...io, base }, (tree) => environmentsIn(tree, io.env));
    const outputs = positionals.length === 0 ? all(before) : one(positionals);
    const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
    const file = io.env["GITHUB_OUTPUT"];
    if (file !== undefined && file !== "") appendFileSync(file, lines.join(""));
    io.out(lines.join(""));
    return 0;
  },
};

/** @param before environments of the commit that is compared with: access to one that is removed is lost */
function all(before: readonly string[]): Record<string, string> {
  const delivered = allEnvironments().filter(isInPipeline);
  return {
    environments: JSON.stringify([...new Set([...environmentNames, ...before])]),
    delivered: JSON.stringify(delivered.map(({ name }) => name)),
  };
}

function one(positionals: readonly string[]): Record<string, string> {
  const { accountId, region, project, name } = chosenEnvironment(positionals, USAGE);
  const role = (which: string): string => `arn:aws:iam::${accountId}:role/${project}-${name}-${which}`;
  return { region, account: accountId, "plan-role": role("plan"), "apply-role": role("apply") };
}
