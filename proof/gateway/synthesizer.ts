import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import type { CdktfApp } from "./cdktf-app";

export interface Synthesis {
  readonly ok: boolean;
  /** What the app wrote to its outputs. */
  readonly said: string;
}

/** What `standing-process.js` writes of the process that synthesized. */
interface Started {
  readonly execPath: string;
  readonly execArgv: readonly string[];
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly path?: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

const hook = join(__dirname, "standing-process.js");
/** Exit code of a standing process whose packages changed after it had loaded them. */
const stale = 75;

/** A command that runs a file with Node.js and nothing else: no step before it, no other program, no shell syntax. */
const runsNode = /^(?:(?:npx|yarn|pnpm)(?: exec| --?[a-z-]+)* )?(?:node|tsx|ts-node)(?: [\w@.,:=/+-]+)+$/;

/**
 * Runs a project's `app` as `cdktf synth` does. Where that is one Node.js process, a run tells how it was started, and
 * from then on the same process stands ready with the packages of CDKTF loaded, which take longer than a project's own
 * code: it only has to run the main file, as it is by then. A standing process whose packages changed is not used.
 */
export class Synthesizer {
  readonly #app: CdktfApp;
  readonly #directory: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #folder = mkdtempSync(join(tmpdir(), "portcullis-app-"));
  readonly #record = join(this.#folder, "started.json");
  readonly #running = new Set<ChildProcess>();
  #standing: Running | undefined;
  #stopped = false;

  /**
   * @param directory where the app writes to
   * @param environment variables for the app, beside those of this process
   */
  constructor(app: CdktfApp, directory: string, environment: NodeJS.ProcessEnv = {}) {
    this.#app = app;
    this.#directory = directory;
    this.#environment = { ...process.env, CDKTF_CONTEXT_JSON: JSON.stringify(app.context), ...environment };
  }

  /** Has a process stand ready before the first change, by a run whose output is thrown away. Never rejects. */
  async warmUp(): Promise<void> {
    if (!runsNode.test(this.#app.command)) return;
    const output = join(this.#folder, "output");
    await this.#plain(output).ended;
    rmSync(output, { recursive: true, force: true });
    this.#stand();
  }

  /** Never rejects. */
  async run(): Promise<Synthesis> {
    const standing = this.#standing;
    this.#standing = undefined;
    (standing?.child.stdio[3] as Writable | undefined)?.end("\n");
    const stood = await standing?.ended;
    const { code, said } =
      stood === undefined || stood.code === stale ? await this.#plain(this.#directory).ended : stood;
    this.#stand();
    return { ok: code === 0, said };
  }

  /** Ends what runs and what stands ready. */
  stop(): void {
    this.#stopped = true;
    for (const child of this.#running) child.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #plain(directory: string): Running {
    const { command, root } = this.#app;
    const learning = {
      NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --require ${JSON.stringify(hook)}`,
      PORTCULLIS_STANDING: this.#record,
    };
    const env = { ...this.#environment, CDKTF_OUTDIR: directory, ...(runsNode.test(command) ? learning : {}) };
    return this.#watched(spawn(command, { cwd: root, shell: true, env, stdio: ["ignore", "pipe", "pipe"] }));
  }

  /** The process of the last run once more, with the hook behind its own --import or --require, up to its main file. */
  #stand(): void {
    const started = this.#started();
    if (started === undefined || this.#stopped || this.#standing !== undefined) return;
    const { execPath, execArgv, argv, cwd, path } = started;
    // An --import changes how Node.js loads the main file, so it is given only where the app has one.
    const imports = execArgv.some((option) => /^--(?:import|(?:experimental-)?loader)\b/.test(option));
    const first = imports ? ["--import", pathToFileURL(hook).href] : ["--require", hook];
    const child = spawn(execPath, [...execArgv, ...first, ...argv], {
      cwd,
      env: {
        ...this.#environment,
        CDKTF_OUTDIR: this.#directory,
        PATH: path,
        PORTCULLIS_STANDING: this.#record,
        PORTCULLIS_GATE: "3",
      },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    child.stdio[3]?.on("error", () => undefined);
    const standing = this.#watched(child);
    this.#standing = standing;
    child.once("exit", () => {
      if (this.#standing === standing) this.#standing = undefined;
    });
  }

  #started(): Started | undefined {
    try {
      return JSON.parse(readFileSync(this.#record, "utf8")) as Started;
    } catch {
      return undefined;
    }
  }

  #watched(child: ChildProcess): Running {
    let said = "";
    this.#running.add(child);
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (said += String(chunk)));
    const ended = new Promise<{ code: number | null; said: string }>((resolve) => {
      child.once("error", (error) => resolve({ code: null, said: error.message }));
      // What the app started may hold its outputs open a little longer; only a failure has to be told whole.
      child.once("exit", (code) => code === 0 && resolve({ code, said }));
      child.once("close", (code) => resolve({ code, said }));
    }).finally(() => this.#running.delete(child));
    return { child, ended };
  }
}
