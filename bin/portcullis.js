#!/usr/bin/env node
"use strict";

try {
  require.resolve("tsx/cjs");
} catch {
  process.stderr.write(
    "portcullis: its packages are not installed. Run `npm ci` in this project first (npm start and npm test do it by themselves).\n",
  );
  process.exit(2);
}
require("tsx/cjs");
require("../proof/cli/main.ts");
