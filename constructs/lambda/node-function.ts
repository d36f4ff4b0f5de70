import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { logGroup, type LogSettings } from "../encryption/log-group";
import { refuse } from "../problems";
import { problemsOfEnvironment, problemsOfName } from "../quotas/quotas";
import { bundleFunction } from "./bundle";

/** The newest runtime AWS provider 5.100.0 accepts; it refuses nodejs24.x at validation. */
const RUNTIME = "nodejs22.x";

export interface NodeFunctionProps {
  readonly log: LogSettings;
  /** Name in AWS, `<project>-<environment>-<folder>`. */
  readonly name: string;
  /** Absolute path of a folder in `lambdas/`. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What the function may do beyond writing its own log. */
  readonly statements?: readonly Readonly<Record<string, unknown>>[];
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/** A function of `lambdas/`, bundled at synth, with a role that may write its own log and nothing else unless said. */
export class NodeFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { name } = props;
    refuse([...problemsOfName(name), ...problemsOfEnvironment(props.environment ?? {}, name)]);
    const { provider } = props.log;
    const log = logGroup(this, "log", `/aws/lambda/${name}`, props.log);
    const role = new IamRole(this, "role", {
      provider,
      name,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    const policy = new IamRolePolicy(this, "policy", {
      provider,
      name: "least-privilege",
      role: role.name,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${log.arn}:*` },
          ...(props.statements ?? []),
        ],
      }),
    });
    const bundle = bundleFunction(props.folder);
    const asset = new TerraformAsset(this, "code", {
      path: keep(bundle.zip, basename(props.folder)),
      type: AssetType.FILE,
      assetHash: Buffer.from(bundle.sha256Base64, "base64").toString("hex"),
    });
    this.function = new LambdaFunction(this, "function", {
      provider,
      functionName: name,
      role: role.arn,
      runtime: RUNTIME,
      architectures: ["arm64"],
      handler: bundle.handler,
      filename: asset.path,
      sourceCodeHash: bundle.sha256Base64,
      timeout: props.timeoutSeconds,
      memorySize: props.memoryMb,
      ...(props.environment ? { environment: { variables: { ...props.environment } } } : {}),
      dependsOn: [log, policy],
    });
  }
}

let folder: string | undefined;

/** `TerraformAsset` copies from a file, so the zip stands in a private folder until the process ends. */
function keep(zip: Buffer, name: string): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), "portcullis-functions-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  const file = join(folder, `${name}.zip`);
  writeFileSync(file, zip);
  return file;
}
