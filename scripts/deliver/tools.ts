import { spawnSync } from "node:child_process";
import { InputError } from "../../proof/errors";
import { binaryName, findTerraform, type TerraformTools } from "../terraform/tools";

/** Since 1.10 Terraform and OpenTofu lock a state in S3 by a file beside it (`use_lockfile`). */
const OLDEST = [1, 10] as const;

/**
 * Terraform, or OpenTofu through `TERRAFORM_BINARY_NAME`, the variable the CDKTF CLI reads as well.
 *
 * @throws InputError where there is none, or one that is too old
 */
export function requireTerraform(env: NodeJS.ProcessEnv): TerraformTools {
  const tools = findTerraform(env);
  if (tools === undefined) {
    throw new InputError({
      what: `There is no program '${binaryName(env)}' in the PATH.`,
      next: "Install Terraform 1.10 or newer, or OpenTofu 1.10 or newer and set TERRAFORM_BINARY_NAME=tofu.",
    });
  }
  const { stdout, status } = spawnSync(tools.binary, ["version", "-json"], { env: tools.env, encoding: "utf8" });
  const version = status === 0 ? versionIn(stdout) : undefined;
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  if (version === undefined || major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new InputError({
      what: `${tools.binary} ${version === undefined ? "does not say which version it is" : `is version ${version}`}.`,
      next: `Version ${OLDEST.join(".")} or newer is needed: older ones cannot lock a state in S3.`,
    });
  }
  return tools;
}

function versionIn(json: string): string | undefined {
  try {
    return (JSON.parse(json) as { terraform_version?: string }).terraform_version;
  } catch {
    return undefined;
  }
}
