import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A folder for the PATH in which `tofu` is found, and a `terraform` that must not be. */
export interface Tofu {
  readonly env: Readonly<Record<string, string>>;
  /** Whether anything called `terraform` by its name. */
  calledTerraform(): boolean;
}

/**
 * Stands in for OpenTofu: Terraform behind a program that is called `tofu`, says that it is OpenTofu, and writes OpenTofu
 * wherever Terraform writes its name for people.
 */
export function standInForOpenTofu(folder: string, terraform: string): Tofu {
  const bin = join(folder, "bin");
  const called = join(folder, "terraform-was-called");
  mkdirSync(bin, { recursive: true });
  const program = (name: string, text: string): void => {
    writeFileSync(join(bin, name), `#!/usr/bin/env node\n${text}`);
    chmodSync(join(bin, name), 0o755);
  };
  program("terraform", `require("node:fs").writeFileSync(${JSON.stringify(called)}, ""); process.exitCode = 1;`);
  program(
    "tofu",
    `const { spawn } = require("node:child_process");
const args = process.argv.slice(2);
if (args[0] === "version") {
  const json = { terraform_version: "1.10.0", platform: "linux_amd64", provider_selections: {} };
  process.stdout.write(args.includes("-json") ? JSON.stringify(json) : "OpenTofu v1.10.0\\non linux_amd64\\n");
} else {
  const forPeople = ["init", "plan", "apply"].includes(args[0]);
  const child = spawn(${JSON.stringify(terraform)}, args, { stdio: ["inherit", forPeople ? "pipe" : "inherit", "pipe"] });
  const pass = (from, to) => from?.on("data", (chunk) => to.write(chunk.toString("utf8").replaceAll("Terraform", "OpenTofu")));
  pass(child.stdout, process.stdout);
  pass(child.stderr, process.stderr);
  child.on("close", (code) => { process.exitCode = code ?? 1; });
}
`,
  );
  return {
    env: { PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`, TERRAFORM_BINARY_NAME: "tofu" },
    calledTerraform: () => existsSync(called),
  };
}
