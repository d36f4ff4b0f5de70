import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { splitQualifier } from "../lambda/arn";
import type { LambdaAuthorizer, LambdaFunction, Model } from "../model/types";

const digests = new Map<string, string>();

/** The function of an authorizer; undefined where the configuration does not hold it. */
export function functionOf({ functions }: Model, { functionArn }: LambdaAuthorizer): LambdaFunction | undefined {
  return functions.find(({ arn }) => arn === splitQualifier(functionArn).unqualified);
}

/** The handler and a digest of the zip: equal for equal code. Code that is elsewhere (S3, an image) is not compared. */
export function codeText({ handler, zipFile }: LambdaFunction): string {
  if (zipFile === undefined || !existsSync(zipFile)) return handler;
  let digest = digests.get(zipFile);
  if (digest === undefined) {
    digests.set(zipFile, (digest = createHash("sha256").update(readFileSync(zipFile)).digest("hex")));
  }
  return `${handler} ${digest}`;
}

/** Variables that differ. Their values may be secrets and are not told. */
export function differentVariables(was: LambdaFunction, is: LambdaFunction): readonly string[] {
  const names = new Set([...Object.keys(was.environment), ...Object.keys(is.environment)]);
  return [...names].filter((name) => was.environment[name] !== is.environment[name]).sort();
}
