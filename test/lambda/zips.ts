import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { strToU8, zipSync } from "fflate";
import type { LambdaFunction } from "../../proof/model/types";

/** Writes a zip with these files and gives its path. */
export function zip(files: Readonly<Record<string, string>>, path?: string): string {
  const target = path ?? join(mkdtempSync(join(tmpdir(), "portcullis-test-")), "code.zip");
  mkdirSync(dirname(target), { recursive: true });
  const bytes = zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
  writeFileSync(`${target}.new`, bytes);
  renameSync(`${target}.new`, target);
  return target;
}

/** A function with the given handler source as `index.js`, and settings that a test may change. */
export function lambdaFunction(source: string, overrides: Partial<LambdaFunction> = {}): LambdaFunction {
  const name = overrides.name ?? "fn";
  return {
    address: `aws_lambda_function.${name}`,
    name,
    arn: `arn:aws:lambda:eu-west-1:111111111111:function:${name}`,
    accountId: "111111111111",
    region: "eu-west-1",
    qualifiers: [],
    runtime: "nodejs20.x",
    handler: "index.handler",
    zipFile: overrides.zipFile ?? zip({ "index.js": source }),
    environment: {},
    timeoutSeconds: 3,
    memoryMb: 128,
    permissions: [],
    source: { file: "cdk.tf.json", address: `aws_lambda_function.${name}` },
    ...overrides,
  };
}
