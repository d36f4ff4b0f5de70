import { createRequire } from "node:module";

/**
 * Mutation testing of what decides: `npm run mutation`, or file by file with `-- --mutate proof/iam/glob.ts`.
 * How to read it, and why each mutant that is left is left: docs/mutation-testing.md.
 */

createRequire(import.meta.url)("./test/temporary-folder.js")();

// The properties are there to find what the tables do not say; against a mutant, few runs of each are enough.
process.env.PROPERTY_RUNS ??= "20";
process.env.PORTCULLIS_PROPERTY_RUNS ??= "20";

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  testRunner: "suite",
  plugins: ["./test/mutation/runner.mjs", "./test/mutation/words.mjs"],
  coverageAnalysis: "perTest",
  mutate: ["proof/iam/**/*.ts", "proof/decision/**/*.ts", "!proof/**/types.ts", "!proof/**/index.ts"],
  ignorers: ["words"],
  ignorePatterns: ["**", "!package.json", "!proof/**/*.ts", "!test/iam/**", "!test/decision/**", "!test/mutation/**"],
  disableTypeChecks: false,
  checkers: [],
  concurrency: 1,
  timeoutMS: 20_000,
  incremental: true,
  incrementalFile: "reports/mutation/incremental.json",
  tempDirName: "reports/mutation/sandbox",
  reporters: ["progress-append-only", "clear-text", "json"],
  jsonReporter: { fileName: "reports/mutation/mutation.json" },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  allowEmpty: true,
  thresholds: { high: 95, low: 90, break: 90 },
};
