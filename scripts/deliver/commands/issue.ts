import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { InputError } from "../../../proof/errors";
import { text, type DeliverCommand } from "../command";
import { driftIssue, DRIFT_MARKER, DRIFT_TITLE, type Drift } from "../drift";
import { GitHub } from "../github";

const USAGE = "npm run deliver -- issue [--reports FOLDER] [--print]";

export const command: DeliverCommand = {
  usage: USAGE,
  summary: "On a schedule: keeps one issue up to date that says what drifted, and closes it when nothing did.",
  options: { reports: { type: "string" }, print: { type: "boolean" } },
  async run(io, values) {
    const folder = resolve(io.root, text(values.reports) ?? "drift");
    const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
    if (files.length === 0) {
      throw new InputError({ what: "No report is there.", where: folder, next: "Run npm run deliver -- drift first." });
    }
    const found = files.sort().map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Drift);
    const body = driftIssue(found);
    if (values.print === true) io.out(`${body ?? "Everything is as configured."}\n`);
    else await new GitHub(io.env).keepIssue(DRIFT_MARKER, DRIFT_TITLE, body);
    return 0;
  },
};
