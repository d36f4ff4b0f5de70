import { LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import type { Environment } from "../environments/schema";

/** Name of the bucket that holds an environment's state. */
export function stateBucketName({ project, name, accountId }: Environment): string {
  return `${project}-${name}-state-${accountId}`;
}

/** Name of the alias of the key that encrypts the state, without `alias/`. */
export function stateKeyAlias({ project, name }: Environment): string {
  return `${project}-${name}-state`;
}

/**
 * Puts a stack's state where the environment says.
 *
 * A local state gets a relative path, counted from cdktf.out/stacks/<id>: it stands beside cdktf.out and survives its
 * removal. CDKTF's default is absolute and would differ between machines.
 */
export function addBackend(
  stack: TerraformStack,
  environment: Environment,
  partition: string,
  kind: "local" | "s3",
): void {
  const id = stack.node.id;
  if (kind === "local") {
    new LocalBackend(stack, { path: `../../../terraform.${id}.tfstate` });
    return;
  }
  const { region, accountId } = environment;
  new S3Backend(stack, {
    bucket: stateBucketName(environment),
    key: `${id}.tfstate`,
    region,
    encrypt: true,
    // Named, because "encrypt" alone asks for AES256 and goes over the bucket's own key.
    kmsKeyId: `arn:${partition}:kms:${region}:${accountId}:alias/${stateKeyAlias(environment)}`,
    allowedAccountIds: [accountId],
  });
  // cdktf 0.21 has no field for it (https://github.com/hashicorp/terraform-cdk/issues/3933).
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}
