import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { invokePolicy, promisedToOwnAccount } from "../../constructs/partner/promised-routes";
import type { RouteTable } from "../../constructs/routes/route-table";
import type { Environment } from "../../environments/schema";

export interface OwnAccountCaller {
  /** For `serve --callers`, relative to the root. */
  readonly callersFile: string;
  /** A curl configuration that signs as the caller, relative to the root. */
  readonly curlConfig: string;
}

/**
 * A caller of the API's own account for the local gateway. The stacks make none, since people attach the policy of the
 * output `own-account-policy-arn` to roles of their own; this one holds what that policy holds. Its key is made anew at
 * each start and is worth nothing outside this machine.
 *
 * @param root Folder that holds `.portcullis`, which Git does not see.
 * @returns Nothing where no route is open to the API's own account.
 */
export function ownAccountCaller(
  root: string,
  { accountId, region, name }: Environment,
  table: RouteTable,
): OwnAccountCaller | undefined {
  const executionArn = `arn:aws:execute-api:${region}:${accountId}:*`;
  const resources = promisedToOwnAccount({ executionArn, stage: name, table });
  if (resources.length === 0) return undefined;
  const folder = join(root, ".portcullis", "start");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (file: string, text: string): string => {
    const path = join(folder, file);
    writeFileSync(path, text, { mode: 0o600 });
    return relative(root, path);
  };
  const accessKeyId = `AKIA${randomBytes(8).toString("hex").toUpperCase()}`;
  const secretAccessKey = randomBytes(30).toString("base64url");
  const caller = {
    accessKeyId,
    secretAccessKey,
    arn: `arn:aws:iam::${accountId}:user/own-account`,
    policies: [JSON.parse(invokePolicy(resources)) as unknown],
  };
  return {
    callersFile: write(`${name}-callers.json`, `${JSON.stringify({ callers: [caller] }, undefined, 2)}\n`),
    curlConfig: write(
      `${name}-own-account.curl`,
      `aws-sigv4 = "aws:amz:${region}:execute-api"\nuser = "${accessKeyId}:${secretAccessKey}"\n`,
    ),
  };
}
