import { spawn } from "node:child_process";
import type { TerraformTools } from "./tools";

export interface TerraformResult {
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
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
    let output = "";
    const collect = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const timer = setTimeout(() => {
      output += `\nterraform ${args[0]} was ended after ${timeoutMs / 1000} s.\n`;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, timeoutMs);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output, seconds: Number(process.hrtime.bigint() - started) / 1e9 });
    });
  });
}
