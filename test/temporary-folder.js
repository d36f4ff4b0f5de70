"use strict";

const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

/** What tests write goes to one folder for each run, which goes with the run: also what a stopped test leaves behind. */
module.exports = () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-tests-"));
  process.env.TMPDIR = folder;
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
};
