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
/** Left out: what measures time, which instrumented code takes a hundredfold of, and what takes seconds for each mutant. */
const SLOW = ["No pattern makes matching slow", "streams many lines", "no document crashes"];

const compiled = new Map();
Module._extensions[".ts"] = (module, filename) => {
  if (!compiled.has(filename)) {
    const jsc = { target: "es2022", parser: { syntax: "typescript" } };
    const options = { filename, jsc, module: { type: "commonjs" }, swcrc: false };
    compiled.set(filename, transformSync(readFileSync(filename, "utf8"), options).code);
  }
  module._compile(compiled.get(filename), filename);
};

/** The modules that are mutated, loaded before any test so that what their loading reaches is told apart. */
function loadModules(root) {
  for (const file of Object.keys(require.cache)) if (file.endsWith(".ts")) delete require.cache[file];
  module.children.length = 0;
  for (const folder of FOLDERS) for (const file of filesOf(path.join(root, "proof", folder), ".ts")) require(file);
}

/** All test files. Those with properties come last: a table is the quicker to fail. */
function testFiles(root) {
  const files = FOLDERS.flatMap((folder) => filesOf(path.join(root, "test", folder), ".test.ts"));
  const slow = (name) => path.basename(name).includes("propert");
  return [...files.filter((name) => !slow(name)), ...files.filter(slow)];
}

/** The tests of one file, which asks the modules that are loaded. */
function loadTests(file) {
  const tests = [];
  const names = new Map();
  let blocks = [];
  const it = (title, run) => {
    const full = [path.basename(file, ".test.ts"), ...blocks, title].join(" ");
    const seen = (names.get(full) ?? 0) + 1;
    names.set(full, seen);
    if (!SLOW.some((words) => full.includes(words)))
      tests.push({ id: seen === 1 ? full : `${full} (${seen})`, run, file });
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
  require(file);
  return tests;
}

function filesOf(folder, suffix) {
  const names = readdirSync(folder).filter((name) => name.endsWith(suffix));
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

module.exports = { loadModules, testFiles, loadTests, problemOf };
