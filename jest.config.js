"use strict";

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  // In reports/ a mutation run keeps its copies of package.json, and Jest wants one of a name.
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out", "<rootDir>/.portcullis", "<rootDir>/reports"],
  globalSetup: "<rootDir>/test/temporary-folder.js",
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/real-terraform/"],
  // Jest leaves one core idle by default, which is half of a small machine.
  maxWorkers: "100%",
  testTimeout: 30_000,
};
