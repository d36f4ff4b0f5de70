import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../proof/errors";
import { synthesize } from "./synthesis";

export interface BaseOptions {
  readonly root: string;
  /** Commit, branch or tag to compare with. */
  readonly base: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Runs something in a work tree of another commit, beside this one, with its own locked packages: those here where the
 * lock files agree, else a clean install.
 *
 * @throws InputError where the commit is not there
 */
export async function inBase<T>({ root, base, env }: BaseOptions, run: (folder: string) => T | Promise<T>): Promise<T> {
  const parent = mkdtempSync(join(tmpdir(), "portcullis-base-"));
  const folder = join(parent, "tree");
  const git = (...args: string[]) => spawnSync("git", args, { cwd: root, env, encoding: "utf8" });
  try {
    const { status, stderr } = git("worktree", "add", "--detach", "--quiet", folder, base);
    if (status !== 0) {
      throw new InputError({
        what: `The commit ${base} cannot be checked out: ${stderr.trim()}`,
        where: "--base",
        next: "A pipeline has to fetch the whole history (fetch-depth: 0).",
      });
    }
    installPackages(root, folder, env);
    return await run(folder);
  } finally {
    git("worktree", "remove", "--force", folder);
    rmSync(parent, { recursive: true, force: true });
  }
}

function installPackages(root: string, folder: string, env: NodeJS.ProcessEnv): void {
  const [here, there] = [root, folder].map((path) => readFileSync(join(path, "package-lock.json"), "utf8"));
  if (here === there) {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
    return;
  }
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { status, stderr } = spawnSync(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    env,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new InputError({ what: `npm ci failed in the base commit:\n${stderr}`, where: "--base" });
}

/** The environments of a work tree, by its own list. @throws InputError where the list cannot be read */
export function environmentsIn(folder: string, env: NodeJS.ProcessEnv): readonly string[] {
  const read = 'process.stdout.write(JSON.stringify(require("./environments").environmentNames))';
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "-e", read], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  if (status !== 0)
    throw new InputError({ what: `The base's environments cannot be read:\n${stderr}`, where: "--base" });
  return JSON.parse(stdout) as readonly string[];
}

/** Synthesizes the base's environment, or says that the base has none. @throws InputError where it is there and fails */
export function synthesizeBase(folder: string, environment: string, outdir: string, env: NodeJS.ProcessEnv): boolean {
  if (!environmentsIn(folder, env).includes(environment)) return false;
  synthesize({ root: folder, environment, outdir, env });
  return true;
}

export interface Proof {
  /** 0 it holds, 1 it does not, 2 bad input. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the proof wing on synthesized directories, as a person would: it sees nothing but the JSON. */
export function portcullis(root: string, args: readonly string[], env: NodeJS.ProcessEnv): Proof {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "bin", "portcullis.js"), ...args], {
    cwd: root,
    env,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  return { code: status ?? 2, stdout, stderr };
}
