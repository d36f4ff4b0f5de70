"use strict";

const { readdirSync, readFileSync } = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { transformSync } = require("@swc/core");
const { expect } = require("expect");
const { bind } = require("jest-each");

/**
 * The part of Jest that the tests of policies and decisions use, in one process: their modules are loaded once and then
 * asked about mutant after mutant. Jest loads them anew for each, which takes a hundred times longer.
 */

const FOLDERS = ["iam", "decision"];
/** Tests that measure time: counting mutants in the innermost loop takes a hundred times longer than the loop. */
const TIMED = "No pattern makes matching slow";

const compiled = new Map();
Module._extensions[".ts"] = (module, filename) => {
  if (!compiled.has(filename)) {
    const jsc = { target: "es2022", parser: { syntax: "typescript" } };
    const options = { filename, jsc, module: { type: "commonjs" }, swcrc: false };
    compiled.set(filename, transformSync(readFileSync(filename, "utf8"), options).code);
  }
  module._compile(compiled.get(filename), filename);
};

/** Loads every test below `root`, anew. Those with properties come last: a table is the quicker to fail. */
function loadTests(root) {
  for (const file of Object.keys(require.cache)) if (file.endsWith(".ts")) delete require.cache[file];
  const tests = [];
  const names = new Map();
  let blocks = [];
  let file = "";
  const it = (title, run) => {
    const full = [...blocks, title].join(" ");
    const seen = (names.get(full) ?? 0) + 1;
    names.set(full, seen);
    if (!blocks.includes(TIMED)) tests.push({ id: seen === 1 ? full : `${full} (${seen})`, run, file });
  };
  const describe = (title, body) => {
    blocks = [...blocks, title];
    body();
    blocks = blocks.slice(0, -1);
  };
  it.each = bind(it);
  describe.each = bind(describe, false);
  // What tests tidy up behind them they never do here: the process is asked again.
  Object.assign(globalThis, { expect, it, test: it, describe, afterAll() {}, jest: { setTimeout() {} } });
  const files = FOLDERS.flatMap((folder) => testsOf(path.join(root, "test", folder)));
  const slow = (name) => path.basename(name).includes("propert");
  for (file of [...files.filter((name) => !slow(name)), ...files.filter(slow)]) require(file);
  return tests;
}

function testsOf(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".test.ts"));
  return names.sort().map((name) => path.join(folder, name));
}

/** What went wrong, or undefined where the test passes. */
async function problemOf(test) {
  try {
    await test.run();
    return undefined;
  } catch (error) {
    return String(error?.message ?? error);
  }
}

module.exports = { loadTests, problemOf };
