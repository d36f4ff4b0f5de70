import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join, sep } from "node:path";

/** What is needed to run real Terraform, or what is missing and how to get it. */
export interface TerraformTools {
  readonly binary: string;
  /** Environment in which Terraform runs without questions, check-ups or colours. */
  readonly env: NodeJS.ProcessEnv;
  /** The folder of a provider mirror, where one was found; else Terraform fetches the provider itself. */
  readonly mirror?: string;
}

/** The AWS provider that `@cdktf/provider-aws` 20.1.0 was generated from. */
export const PROVIDER_VERSION = "5.100.0";

/**
 * Finds Terraform (or OpenTofu through `TERRAFORM_BINARY_NAME`, as the CDKTF CLI names it) and a local copy of the AWS
 * provider. Answers undefined where there is no such program.
 */
export function findTerraform(env: NodeJS.ProcessEnv = process.env): TerraformTools | undefined {
  const binary = findProgram(binaryName(env), env);
  if (binary === undefined) return undefined;
  const mirror = findMirror(env);
  const cliConfigFile = join(mkdtempSync(join(temporaryFolder(), "cli-")), "terraform.rc");
  writeFileSync(cliConfigFile, cliConfiguration(mirror));
  return {
    binary,
    ...(mirror === undefined ? {} : { mirror }),
    env: {
      ...env,
      TF_CLI_CONFIG_FILE: cliConfigFile,
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
      TF_INPUT: "0",
      TF_CLI_ARGS: "-no-color",
      // `providers lock` ignores the CLI configuration by design (hashicorp/terraform#35106).
      ...(mirror === undefined ? {} : { TF_CLI_ARGS_providers_lock: `-fs-mirror=${mirror}` }),
    },
  };
}

let folder: string | undefined;

/** A folder that goes with this process. */
function temporaryFolder(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), "portcullis-terraform-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  return (folder = made);
}

/** `terraform`, or what `TERRAFORM_BINARY_NAME` says: a name that is looked for in the PATH, or a path. */
export function binaryName(env: NodeJS.ProcessEnv): string {
  const { TERRAFORM_BINARY_NAME: chosen = "" } = env;
  return chosen === "" ? "terraform" : chosen;
}

export function findProgram(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (name.includes(sep)) return existsSync(name) ? name : undefined;
  return (env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** `hashicorp/aws` stands in the registry of whichever of the two runs: Terraform's, OpenTofu's. */
const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];

function cliConfiguration(mirror: string | undefined): string {
  if (mirror === undefined) return "disable_checkpoint = true\n";
  const mirrored = JSON.stringify(
    REGISTRIES.filter((host) => holdsProvider(mirror, host)).map((host) => `${host}/*/*`),
  );
  return `disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ${mirrored}
  }
  direct {
    exclude = ${mirrored}
  }
}
`;
}

/**
 * `PORTCULLIS_PROVIDER_MIRROR`, Terraform's own mirror folders, or wherever else the provider was put by hand. Set but
 * empty, it says that there is none: looking for one takes long on a machine with much software.
 */
function findMirror(env: NodeJS.ProcessEnv): string | undefined {
  if (env.PORTCULLIS_PROVIDER_MIRROR === "") return undefined;
  const usual = [
    env.PORTCULLIS_PROVIDER_MIRROR,
    join(homedir(), ".terraform.d", "plugins"),
    join(env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "terraform", "plugins"),
    join(sep, "usr", "local", "share", "terraform", "plugins"),
    join(sep, "usr", "share", "terraform", "plugins"),
  ];
  const named = usual.find((folder) => folder !== undefined && REGISTRIES.some((host) => holdsProvider(folder, host)));
  return named ?? searchMirror();
}

function holdsProvider(mirror: string, registry: string): boolean {
  return existsSync(join(mirror, registry, "hashicorp", "aws"));
}

/** Looks for the provider's file below the folders in which software is put by hand. */
function searchMirror(): string | undefined {
  const folders = ["opt", "srv", "usr/local", "usr/lib", "home"]
    .map((name) => join(sep, name))
    .filter((path) => existsSync(path));
  const inside = folders.filter((folder) => readdirSync(folder).length > 0);
  if (inside.length === 0 || findProgram("find") === undefined) return undefined;
  const pattern = join("*", "hashicorp", "aws", PROVIDER_VERSION, "*", "terraform-provider-aws*");
  let found = "";
  try {
    found = execFileSync("find", [...inside, "-maxdepth", "9", "-path", pattern, "-print", "-quit"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch (error) {
    // `find` ends with 1 where it may not read a folder; what it printed still counts.
    found = String((error as { stdout?: string }).stdout ?? "").trim();
  }
  if (found === "") return undefined;
  // <mirror>/<host>/hashicorp/aws/<version>/<platform>/<file>
  return [1, 2, 3, 4, 5, 6].reduce((path) => dirname(path), realpathSync(found));
}
