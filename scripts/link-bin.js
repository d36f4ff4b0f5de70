"use strict";
/*
 * Links this package's own command into node_modules/.bin, where npm scripts and a PATH look: npm links the commands of
 * dependencies there, but not those of the root package. `npx portcullis` does not use this link: npm finds the command
 * by the "bin" of package.json, before it would ask a registry, and runs it through a link in its own cache.
 */
const { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const bin = join(__dirname, "..", "node_modules", ".bin");
mkdirSync(bin, { recursive: true });
const target = join(bin, "portcullis");
rmSync(target, { force: true });
if (process.platform === "win32") {
  writeFileSync(`${target}.cmd`, '@node "%~dp0\\..\\..\\bin\\portcullis.js" %*\r\n');
} else {
  symlinkSync(join("..", "..", "bin", "portcullis.js"), target);
  chmodSync(join(__dirname, "..", "bin", "portcullis.js"), 0o755);
}
