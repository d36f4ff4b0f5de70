import { appendFileSync, existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { environmentNames } from "../../../environments";
import { InputError } from "../../../proof/errors";
import { text, type DeliverCommand } from "../command";
import { GitHub } from "../github";
import { MARKER, pullRequestComment, type EnvironmentReport } from "../markdown";
import { readReview, readText } from "../review";

const USAGE = "npm run deliver -- comment [--reviews FOLDER] (--pull-request NUMBER | --print)";

export const command: DeliverCommand = {
  usage: USAGE,
  summary: "For pull requests: keeps the one comment up to date that says what changes in each environment.",
  options: { reviews: { type: "string" }, "pull-request": { type: "string" }, print: { type: "boolean" } },
  async run(io, values) {
    const folder = resolve(io.root, text(values.reviews) ?? "reviews");
    // One that is removed stands in no list any more.
    const reported = existsSync(folder) ? readdirSync(folder).filter((name) => !environmentNames.includes(name)) : [];
    const all = [...environmentNames, ...reported.sort()];
    const comment = pullRequestComment(all.map((environment) => reportOf(folder, environment)));
    const summary = io.env["GITHUB_STEP_SUMMARY"];
    if (summary !== undefined && summary !== "") appendFileSync(summary, comment);
    if (values.print === true) {
      io.out(comment);
      return 0;
    }
    const number = Number(text(values["pull-request"]));
    if (!Number.isInteger(number) || number < 1) {
      throw new InputError({
        what: `'${text(values["pull-request"]) ?? ""}' is not the number of a pull request.`,
        where: "--pull-request",
        next: `Usage: ${USAGE}`,
      });
    }
    await new GitHub(io.env).keepComment(number, MARKER, comment);
    return 0;
  },
};

function reportOf(folder: string, environment: string): EnvironmentReport {
  const own = join(folder, environment);
  const files = existsSync(own) ? readdirSync(own) : [];
  const review = readReview(folder, environment);
  const texts = (review?.stacks ?? []).flatMap(({ name }): [string, string][] => {
    const plan = files.includes(`${name}.txt`) ? readText(folder, environment, `${name}.txt`) : undefined;
    return plan === undefined ? [] : [[name, plan]];
  });
  return { environment, access: readText(folder, environment, "access.md"), review, texts: new Map(texts) };
}
