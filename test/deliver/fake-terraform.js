#!/usr/bin/env node
"use strict";
/*
 * Stands in for Terraform where only what the delivery scripts make of its answers is tested: prints what the variable
 * FAKE_TERRAFORM says, and writes down every call.
 */
const { appendFileSync } = require("node:fs");

const [step, ...rest] = process.argv.slice(2);
const { version = "1.11.4", plan = "", state = "" } = JSON.parse(process.env.FAKE_TERRAFORM ?? "{}");
if (step !== "version") appendFileSync(process.env.FAKE_TERRAFORM_LOG, `${step} ${rest.join(" ")}\n`);
if (step === "version") process.stdout.write(JSON.stringify({ terraform_version: version }));
if (step === "state") process.stdout.write(state);
if (step === "show") {
  const change = { address: "a.b", change: { actions: ["create"], before: null, after: {} } };
  process.stdout.write(
    rest[0] === "-json" ? JSON.stringify({ resource_changes: [change] }) : "# a.b will be created\n",
  );
}
if (step === "plan") {
  process.stderr.write(plan);
  // With -detailed-exitcode: something would change, unless it failed.
  process.exitCode = plan === "" ? 2 : 1;
}
