import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(__dirname, "..", "..");
const bin = join(root, "bin", "portcullis.js");

export interface Answer {
  readonly status: number;
  readonly errorType: string | undefined;
  readonly body: unknown;
}

/** The project as a person has it after `npm start`: synthesized by main.ts, served by the command. */
export class ServedProject {
  readonly directory: string;
  /** Everything the gateway wrote to stderr: functions' lines and refusals. */
  log = "";
  #child: ChildProcess | undefined;
  #port = 0;

  constructor() {
    this.directory = join(realpathSync(mkdtempSync(join(tmpdir(), "portcullis-line-"))), "cdktf.out");
  }

  async start(): Promise<void> {
    execFileSync(process.execPath, ["--import", "tsx", "main.ts"], {
      cwd: root,
      env: { ...process.env, PORTCULLIS_ENV: "dev", CDKTF_OUTDIR: this.directory },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const child = spawn(
      process.execPath,
      [bin, "serve", this.directory, "--port", "0", "--simulate-network", "--json"],
      {
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.#child = child;
    child.stderr.on("data", (chunk: Buffer) => (this.log += chunk.toString("utf8")));
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`serve ended with ${code}: ${this.log}`)));
    });
    this.#port = Number(new URL((JSON.parse(line) as { url: string }).url).port);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child?.once("exit", resolve));
    this.#child?.kill("SIGTERM");
    await ended;
    rmSync(join(this.directory, ".."), { recursive: true, force: true });
  }

  /** Where clients think they call: the host is part of what is signed. */
  url(path: string): string {
    return `http://portcullis-dev-public-api.localhost:${this.#port}/dev${path}`;
  }

  /** Runs a command of the project on the served directory. */
  command(...args: string[]): string {
    return execFileSync(process.execPath, [bin, ...args, "--dir", this.directory], { encoding: "utf8" }).trim();
  }

  /** How often a function has been called so far, by its own log lines. */
  calls(functionName: string): number {
    return this.log.split("\n").filter((line) => line.startsWith(`portcullis-dev-public-api-${functionName} `)).length;
  }

  call(method: string, path: string, headers: Readonly<Record<string, string>> = {}, body?: string): Promise<Answer> {
    const url = new URL(this.url(path));
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: "127.0.0.1",
          port: url.port,
          method,
          path: url.pathname + url.search,
          headers: { Host: url.host, ...headers },
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.on("end", () => {
            const errorType = response.headers["x-amzn-errortype"] as string | undefined;
            resolve({
              status: response.statusCode ?? 0,
              errorType,
              body: text === "" ? undefined : (JSON.parse(text) as unknown),
            });
          });
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }
}
