"use strict";
/*
 * Before a commit: no secrets, and formatted. Looks at what is staged, as it is staged, for the work tree may be further
 * on already. Takes less than two seconds; everything else runs in the pipeline.
 */
const { execFileSync } = require("node:child_process");
const prettier = require("prettier");
const { secretsIn } = require("./secrets.js");

const git = (...args) => execFileSync("git", args, { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });

async function main() {
  const staged = git("diff", "--cached", "--name-only", "--diff-filter=ACMR", "-z").split("\0").filter(Boolean);
  const secrets = [];
  const unformatted = [];
  for (const file of staged) {
    const text = git("show", `:${file}`);
    secrets.push(...secretsIn(file, text));
    if (!(await isFormatted(file, text))) unformatted.push(file);
  }
  if (secrets.length > 0) {
    say(`${secrets.join("\n")}\nTake it out before you commit: what is pushed once counts as public.`);
  }
  if (unformatted.length > 0)
    say(`Not formatted; run: npx prettier --write ${unformatted.join(" ")}, and stage it again.`);
}

async function isFormatted(file, text) {
  const { ignored, inferredParser } = await prettier.getFileInfo(file, { ignorePath: ".prettierignore" });
  if (ignored || inferredParser === null) return true;
  try {
    return await prettier.check(text, { ...(await prettier.resolveConfig(file)), filepath: file });
  } catch {
    // It cannot even be parsed.
    return false;
  }
}

function say(text) {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

void main();
