import { spawn } from "node:child_process";
import type { TerraformTools } from "./tools";

export interface TerraformResult {
  readonly code: number;
  readonly output: string;
  /** What it printed on standard output alone: one JSON document, for the commands that print one. */
  readonly stdout: string;
  readonly seconds: number;
}

export interface TerraformOptions {
  /** Each piece of output as it comes. */
  readonly onOutput?: (text: string) => void;
  /** Asks Terraform to stop at the next safe point: it writes its state and gives its lock back. */
  readonly interrupt?: AbortSignal;
}

/** Ten minutes: a provider that meets an answer it cannot read retries for much longer than that. */
const TIMEOUT_MS = 600_000;

/** Runs one Terraform command in a folder and resolves with its exit code and everything it printed. */
export function terraform(
  tools: TerraformTools,
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  timeoutMs = TIMEOUT_MS,
  { onOutput, interrupt }: TerraformOptions = {},
): Promise<TerraformResult> {
  const started = process.hrtime.bigint();
  return new Promise((resolve, reject) => {
    const child = spawn(tools.binary, [...args], {
      cwd: folder,
      env: { ...tools.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // Its own process group, so that a timeout also ends the provider's processes.
      detached: true,
    });
    let [output, stdout] = ["", ""];
    const collect = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
      onOutput?.(chunk.toString("utf8"));
    };
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
      collect(chunk);
    });
    child.stderr.on("data", collect);
    const stop = (): void => void child.kill("SIGINT");
    interrupt?.addEventListener("abort", stop, { once: true });
    const timer = setTimeout(() => {
      output += `\nterraform ${args[0]} was ended after ${timeoutMs / 1000} s.\n`;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, timeoutMs);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      interrupt?.removeEventListener("abort", stop);
      resolve({ code: code ?? 1, output, stdout, seconds: Number(process.hrtime.bigint() - started) / 1e9 });
    });
  });
}
