import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { InputError } from "../../../proof/errors";
import { text, type DeliverCommand } from "../command";
import { chosenEnvironment } from "../environment";
import { GitHub } from "../github";

const USAGE = "npm run deliver -- reviewed ENVIRONMENT --commit COMMIT [--workflow FILE] [--reviews FOLDER]";

export const command: DeliverCommand = {
  usage: USAGE,
  summary: "On main: fetches what reviewers saw of the pull request that a commit came from.",
  options: { commit: { type: "string" }, workflow: { type: "string" }, reviews: { type: "string" } },
  async run(io, values, positionals) {
    const { name } = chosenEnvironment(positionals, USAGE);
    const commit = text(values.commit) ?? "";
    if (!/^[0-9a-f]{40}$/.test(commit)) {
      throw new InputError({
        what: `'${commit}' is not a commit's full hash.`,
        where: "--commit",
        next: `Usage: ${USAGE}`,
      });
    }
    const workflow = text(values.workflow) ?? "pull-request.yml";
    const files = await new GitHub(io.env).artifactOfMerged(commit, workflow, `review-${name}`);
    if (files === undefined) {
      // No failure: the release itself refuses what was not reviewed, and says how to accept it.
      io.err(
        `No review of ${name} was found for ${commit}: only plans that are accepted by their digest are applied.\n`,
      );
      return 0;
    }
    const folder = resolve(io.root, text(values.reviews) ?? "reviews");
    for (const [path, content] of Object.entries(files)) {
      const file = resolve(folder, path);
      // An archive is input like any other: nothing in it may name a place outside.
      if (!file.startsWith(`${folder}${sep}`)) throw new InputError({ what: `'${path}' leads out of the artifact.` });
      if (path.endsWith("/")) continue;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return 0;
  },
};
