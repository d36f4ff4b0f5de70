import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InputError } from "../errors";
import type { Watch } from "./watch";
import { watch } from "./watch";

/** The CDKTF project that writes a directory. */
export interface CdktfApp {
  /** Folder of its `cdktf.json`. */
  readonly root: string;
  /** What `cdktf synth` runs. */
  readonly command: string;
  readonly context: unknown;
}

/**
 * The CDKTF project beside a directory whose output the directory is; undefined where there is none.
 * @throws InputError where its `cdktf.json` is no JSON
 */
export function cdktfAppOf(directory: string): CdktfApp | undefined {
  const root = dirname(directory);
  const file = join(root, "cdktf.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  let settings: { app?: unknown; output?: unknown; context?: unknown };
  try {
    settings = JSON.parse(text) as typeof settings;
  } catch (error) {
    throw new InputError({ what: `It is not JSON: ${(error as Error).message}.`, where: file });
  }
  const output = typeof settings.output === "string" ? settings.output : "cdktf.out";
  if (typeof settings.app !== "string" || resolve(root, output) !== directory) return undefined;
  return { root, command: settings.app, context: settings.context ?? {} };
}

/** Runs the project's `app` as `cdktf synth` does, whenever one of its source files changes. */
export function resynthesizeOnChange(app: CdktfApp, directory: string, tell: (line: string) => void): Watch {
  let running = false;
  let again = false;
  const run = () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    synthesize(app, directory, tell, () => {
      running = false;
      if (again) {
        again = false;
        run();
      }
    });
  };
  const includes = (name: string) => /\.(ts|tsx|js|mjs|cjs|json|ya?ml)$/.test(name);
  return watch({ directory: app.root, includes, excludes: [directory, join(app.root, "test")] }, run);
}

function synthesize(app: CdktfApp, directory: string, tell: (line: string) => void, done: () => void): void {
  tell("Synthesizing.");
  let said = "";
  const child = spawn(app.command, {
    cwd: app.root,
    shell: true,
    env: { ...process.env, CDKTF_OUTDIR: directory, CDKTF_CONTEXT_JSON: JSON.stringify(app.context) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  child.once("error", (error) => (said += error.message));
  child.once("close", (code) => {
    if (code !== 0) tell(`'${app.command}' failed; what was served goes on.\n${said.trimEnd()}`);
    done();
  });
}
