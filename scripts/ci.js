"use strict";
/*
 * Runs every guard of main, one after the other, and goes on after a failure so that one run shows all of them.
 * Closing line: `N passed, N failed`, the tests of all of the test runner's reports, plus one failure for each guard
 * that failed in another way.
 */
const { mkdirSync, readFileSync, rmSync } = require("node:fs");
const { join } = require("node:path");
const { spawnSync } = require("node:child_process");

const root = join(__dirname, "..");
const reports = join(root, "reports");
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const npx = process.platform === "win32" ? "npx.cmd" : "npx";
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const report = (name) => join(reports, `${name}.json`);
const guards = [
  { name: "types", command: [npm, "run", "--silent", "typecheck"] },
  { name: "lint", command: [npm, "run", "--silent", "lint"] },
  { name: "format", command: [npm, "run", "--silent", "format:check"] },
  {
    name: "tests",
    command: [npm, "test", "--", "--ci", "--json", `--outputFile=${report("tests")}`],
    report: report("tests"),
  },
  // The run itself takes minutes and has its own command; this holds that it can be started.
  { name: "mutation", command: [npm, "run", "--silent", "mutation", "--", "--dryRunOnly"] },
  {
    name: "terraform",
    command: [
      npx,
      "--no-install",
      "jest",
      "--config",
      "jest.terraform.config.js",
      "--ci",
      "--json",
      `--outputFile=${report("terraform")}`,
    ],
    report: report("terraform"),
  },
];

// Asks the package registry for two packages; 2 says that it could not be reached.
guards.push({
  name: "cdk terrain",
  command: [process.execPath, "--import", "tsx", "scripts/cdktn/check.ts"],
  notRun: { status: 2, because: "the package registry was not reached" },
});

let passed = 0;
let failed = 0;
const table = [];
for (const guard of guards) {
  process.stdout.write(`\n== ${guard.name} ==\n`);
  const started = Date.now();
  const [program, ...args] = guard.command;
  // A report goes to its file and, with --json, to stdout as well: that copy is dropped.
  const stdio = guard.report === undefined ? "inherit" : ["ignore", "ignore", "inherit"];
  const { status } = spawnSync(program, args, { cwd: root, stdio, env: { ...process.env, NODE_NO_WARNINGS: "1" } });
  const counts = guard.report === undefined ? { passed: 0, failed: 0 } : readReport(guard.report);
  const skipped = status !== null && status === guard.notRun?.status;
  if (skipped) process.stdout.write(`\n!!! NOT RUN: ${guard.name}: ${guard.notRun.because}.\n`);
  const broken = status === 0 || skipped || counts.failed > 0 ? 0 : 1;
  passed += counts.passed;
  failed += counts.failed + broken;
  table.push([
    guard.name,
    status === 0 ? "ok" : skipped ? "not run" : "FAILED",
    `${((Date.now() - started) / 1000).toFixed(1)} s`,
    `${counts.passed} tests`,
  ]);
}
process.stdout.write(`\n${table.map((row) => row.map((cell) => cell.padEnd(12)).join("")).join("\n")}\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

function readReport(file) {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(file, "utf8"));
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 0 };
  }
}
