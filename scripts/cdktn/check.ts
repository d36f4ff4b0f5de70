/**
 * `node --import tsx scripts/cdktn/check.ts`: is the way out of CDKTF still open?
 *
 * Type-checks and synthesizes the same sources with `cdktf` aliased to CDK Terrain (`cdktn`) and everything else as
 * installed, and compares the JSON: only the version stamp may differ. Asks the package registry for two packages.
 * Exits 0 when nothing else differs, 1 otherwise, 2 when the packages could not be had. See docs/decisions/0002.
 */

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The first version of each that fits together; `cdktn` 0.24 wants `constructs` 10.6 or newer. */
const ALIASED = { cdktf: "npm:cdktn@0.24.0", constructs: "10.6.0" };
const SOURCES = ["main.ts", "environments", "stacks", "constructs", "lambdas"];

/** The question stays open, which is not the same as the answer no. */
class PackagesUnreachable extends Error {}

const root = join(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "portcullis-cdktn-"));

/** Everything installed, except what is aliased, by links: the packages then have to look for `cdktf` in the copy. */
function linkPackages(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (name in ALIASED || name.startsWith(".")) continue;
    if (name.startsWith("@")) linkPackages(join(from, name), join(to, name));
    else symlinkSync(join(from, name), join(to, name), "junction");
  }
}

function run(step: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PORTCULLIS_ENV: "", ...env },
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`${step} failed:\n${error?.message ?? ""}${stdout}${stderr}`);
}

/** Every stack's JSON without the stamp of the version that wrote it. */
function synthesized(outdir: string): ReadonlyMap<string, string> {
  const stacks = join(outdir, "stacks");
  return new Map(
    readdirSync(stacks).map((name) => {
      const json = JSON.parse(readFileSync(join(stacks, name, "cdk.tf.json"), "utf8")) as {
        "//": { metadata: { version?: string } };
      };
      delete json["//"].metadata.version;
      return [name, JSON.stringify(json, null, 2)];
    }),
  );
}

function prepare(): void {
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ private: true, type: "commonjs", dependencies: ALIASED }),
  );
  // --legacy-peer-deps: the bindings name cdktf ^0.21 as their peer.
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps", "--loglevel=error"];
  try {
    run("npm install", "npm", ["install", ...options]);
  } catch (error) {
    throw new PackagesUnreachable((error as Error).message);
  }
  linkPackages(join(root, "node_modules"), join(folder, "node_modules"));
  for (const source of SOURCES) cpSync(join(root, source), join(folder, source), { recursive: true });
  const { compilerOptions } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8")) as {
    compilerOptions: object;
  };
  const include = SOURCES.filter((source) => source !== "lambdas");
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...compilerOptions, preserveSymlinks: true }, include }),
  );
}

function differences(): string[] {
  const links = "--preserve-symlinks --preserve-symlinks-main";
  const main = ["--import", "tsx", "main.ts"];
  run("synthesis with cdktn", process.execPath, main, { CDKTF_OUTDIR: join(folder, "out-cdktn"), NODE_OPTIONS: links });
  const original = spawnSync(process.execPath, main, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, PORTCULLIS_ENV: "", CDKTF_OUTDIR: join(folder, "out-cdktf") },
  });
  if (original.status !== 0) throw new Error(`synthesis with cdktf failed:\n${original.stderr}`);
  const before = synthesized(join(folder, "out-cdktf"));
  const after = synthesized(join(folder, "out-cdktn"));
  return [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name));
}

try {
  prepare();
  run("type-check with cdktn", process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "--noEmit"]);
  const different = differences();
  for (const name of different) process.stderr.write(`${name}: cdktn synthesizes other JSON than cdktf.\n`);
  if (different.length === 0) process.stdout.write("cdktn type-checks and synthesizes the same JSON as cdktf.\n");
  process.exitCode = different.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof PackagesUnreachable ? 2 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
