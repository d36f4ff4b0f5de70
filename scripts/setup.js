"use strict";
/*
 * Makes a clone ready to run: installs the locked packages when they are missing or belong to another lock file.
 * Plain JavaScript without packages, because it runs before there are any.
 */
const { createHash } = require("node:crypto");
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { spawnSync } = require("node:child_process");

const root = join(__dirname, "..");
const stamp = join(root, "node_modules", ".portcullis-lock");
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `portcullis needs Node.js 20.19 or newer; this is ${process.version}. Install a newer one and run the command again.\n`,
  );
  process.exit(2);
}

const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) process.exit(0);

process.stderr.write("Installing the locked packages (once, about a minute)…\n");
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const result = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
  cwd: root,
  stdio: ["ignore", 2, 2],
});
if (result.status !== 0) {
  process.stderr.write(
    "`npm ci` failed (its message is above). Without network access to a package registry nothing can be installed.\n",
  );
  process.exit(2);
}
writeFileSync(stamp, lock);
