import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PROVIDER_VERSION, type TerraformTools } from "./tools";

/** A provider that is running. */
export interface ProviderProcess {
  /** By which Terraform finds it; empty where none is running. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Starts the AWS provider once for many Terraform commands, one after the other: starting it, and checking the sum of its
 * 700 MB, takes most of what a command takes. Each command configures it anew, so commands at the same time need one
 * each. Where its file is not in a mirror, Terraform starts it as always.
 *
 * @param folder against which it reads relative paths: the stack's, where one has files
 * @param credentials and endpoints: the provider looks for them in its own environment, not in Terraform's
 * @see https://developer.hashicorp.com/terraform/plugin/debugging#starting-a-provider-in-debug-mode
 */
export async function startProvider(
  { mirror, env }: TerraformTools,
  folder: string,
  credentials: Readonly<Record<string, string>> = {},
): Promise<ProviderProcess> {
  const file = mirror === undefined ? undefined : providerIn(mirror);
  if (file === undefined) return { env: {}, close: () => Promise.resolve() };
  const child = spawn(file, ["-debug"], {
    cwd: folder,
    // It keeps its HTTP client from one configuration to the next, and fails to give it a CA bundle twice.
    env: { ...env, ...credentials, AWS_CA_BUNDLE: "" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const attach = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
      const found = /TF_REATTACH_PROVIDERS='(\{.*\})'/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once("error", reject);
    void ended.then(() => reject(new Error(`${file} ended before it was ready:\n${output}`)));
  });
  return {
    env: { TF_REATTACH_PROVIDERS: attach },
    close: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

function providerIn(mirror: string): string | undefined {
  const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
  const folder = join(mirror, "registry.terraform.io", "hashicorp", "aws", PROVIDER_VERSION, platform);
  const name = existsSync(folder)
    ? readdirSync(folder).find((one) => one.startsWith("terraform-provider-aws"))
    : undefined;
  return name === undefined ? undefined : join(folder, name);
}
