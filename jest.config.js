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
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out", "<rootDir>/.portcullis"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/real-terraform/"],
  // Jest leaves one core idle by default, which is half of a small machine.
  maxWorkers: "100%",
  testTimeout: 30_000,
};
