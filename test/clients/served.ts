import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const bin = join(__dirname, "..", "..", "bin", "portcullis.js");

/** The line that `serve --json` prints once it is ready. */
interface Ready {
  readonly url: string;
  readonly apis: readonly {
    readonly name: string;
    readonly id: string;
    readonly stage: string;
    readonly url: string;
  }[];
}

/** `portcullis serve` in a process of its own, as a person has it. */
export class Served {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly apis: Ready["apis"];
  readonly #child: ChildProcess;
  readonly directory: string;
  readonly #log: { text: string };

  private constructor(directory: string, child: ChildProcess, ready: Ready, log: { text: string }) {
    this.directory = directory;
    this.#child = child;
    this.#log = log;
    this.url = ready.url;
    this.apis = ready.apis;
  }

  static async start(directory: string, ...options: string[]): Promise<Served> {
    const child = spawn(process.execPath, [bin, "serve", directory, "--port", "0", "--json", ...options]);
    const log = { text: "" };
    child.stderr.on("data", (chunk) => (log.text += String(chunk)));
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`serve ended with ${code}: ${log.text}`)));
    });
    return new Served(directory, child, JSON.parse(line) as Ready, log);
  }

  /** What it told a person so far: refusals with their reason, warnings, functions' lines. */
  get log(): string {
    return this.#log.text;
  }

  /** Until it told a person something like this. */
  async says(what: RegExp): Promise<void> {
    for (const end = Date.now() + 10_000; !what.test(this.log); await sleep(20)) {
      if (Date.now() > end) throw new Error(`serve did not say ${String(what)}, but: ${this.log}`);
    }
  }

  /** Runs a command of the project on the directory that is served. */
  command(...args: string[]): string {
    return execFileSync(process.execPath, [bin, ...args, "--dir", this.directory], { encoding: "utf8" }).trim();
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
  }
}

/**
 * Whether a client that these tests drive is there. Where it is not, one loud line says what did not run and what to
 * install, and the test says so in its name.
 */
export function hasClient(
  name: string,
  probe: readonly [command: string, ...args: string[]],
  install: string,
): boolean {
  const [command, ...args] = probe;
  const there = spawnSync(command, args, { stdio: "ignore" }).status === 0;
  if (!there) process.stderr.write(`\nNOT RUN: ${name} is not installed here. ${install}\n`);
  return there;
}

/** `it` where the client is there; where it is not, a test that is reported as skipped, with the reason in its name. */
export function itWith(there: boolean, what: string): (name: string, test: () => Promise<void>, ms?: number) => void {
  return (name, test, ms = 60_000) => {
    if (there) it(name, test, ms);
    // eslint-disable-next-line no-restricted-properties -- Its name says why it cannot run; a loud line says what to install.
    else it.skip(`${name} (not run: ${what})`, test);
  };
}
