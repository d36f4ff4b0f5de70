"use strict";

const base = require("./jest.config.js");

/** The tests that run real Terraform: minutes, not seconds, so they stay out of `npm test`. @type {import("jest").Config} */
module.exports = {
  ...base,
  testPathIgnorePatterns: ["/node_modules/"],
  testMatch: ["<rootDir>/test/real-terraform/**/*.test.ts"],
  // They wait more than they work.
  maxWorkers: 2,
  maxConcurrency: 2,
  testTimeout: 900_000,
};
