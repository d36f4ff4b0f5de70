"use strict";
/*
 * Makes `npx portcullis` find this package's own command without asking a registry, where a stranger could own the
 * name: npm links the commands of dependencies into node_modules/.bin, but not those of the root package.
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
