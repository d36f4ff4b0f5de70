"use strict";
/*
 * Runs inside of the Node.js process of a CDKTF app before its main file, by --require or --import, in plain JavaScript
 * without packages. It writes down how the process was started and which packages it loaded; in a standing process it
 * loads them in advance and waits for the word before it lets the main file run.
 *
 * PORTCULLIS_STANDING is the path of that record; PORTCULLIS_GATE, in a standing process, the descriptor to wait on.
 */
const { closeSync, readFileSync, readSync, realpathSync, statSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { isMainThread } = require("node:worker_threads");

/** To load these is to define classes and functions; of any other package it may be more, at a time of its choice. */
const packages =
  /[\\/]node_modules[\\/](?:@(?:cdktf|cdktn|esbuild|swc)|cdktf|cdktn|constructs|esbuild|ts-node|typescript|zod)[\\/]/;
const esbuild = /[\\/]node_modules[\\/]esbuild[\\/]lib[\\/]main\.js$/;
/** They start the process of the app, and are not it. */
const launchers = /[\\/]node_modules[\\/](?:npm|corepack|pnpm|tsx|yarn)[\\/]/;
/** Exit code where a package changed after it was loaded. */
const stale = 75;

// Under --import the `require` that stands here may be a loader's own, with a cache of its own.
const load = createRequire(__filename);
const { PORTCULLIS_STANDING: record, PORTCULLIS_GATE: gate } = process.env;

if (isMainThread && record !== undefined && !launchers.test(realpathSync(process.argv[1] ?? "."))) {
  // What the app starts is not the app.
  delete process.env.PORTCULLIS_STANDING;
  delete process.env.PORTCULLIS_GATE;
  if (gate !== undefined) process.execArgv.splice(-2);
  const { execPath, argv, execArgv } = process;
  const started = {
    execPath,
    execArgv: [...execArgv],
    argv: argv.slice(1),
    cwd: process.cwd(),
    path: process.env.PATH,
  };
  process.on("exit", () => {
    const modules = Object.keys(load.cache).filter((file) => packages.test(file));
    writeFileSync(record, JSON.stringify({ ...started, modules }), { mode: 0o600 });
  });
  if (gate !== undefined) hold(Number(gate), JSON.parse(readFileSync(record, "utf8")).modules);
}

function hold(descriptor, modules) {
  const from = Date.now();
  for (const file of modules) {
    try {
      const loaded = load(file);
      // Its own processes, one for each kind of call, start at the first; these calls do nothing else.
      if (esbuild.test(file)) {
        loaded.transformSync("");
        loaded.transform("").catch(() => undefined);
      }
    } catch {
      // The app will meet the same error where it can tell of it.
    }
  }
  // An end of the file: whoever was to give the word is gone.
  if (readSync(descriptor, Buffer.alloc(1)) === 0) process.exit();
  closeSync(descriptor);
  const changed = (file) => (statSync(file, { throwIfNoEntry: false })?.ctimeMs ?? Infinity) >= from;
  if (modules.some(changed)) process.exit(stale);
}
