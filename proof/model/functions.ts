import { existsSync } from "node:fs";
import * as path from "node:path";
import { functionName } from "../terraform/computed/lambda";
import type { Resource } from "../terraform/resource";
import { describeUnknown, isObject, toText, Unknown } from "../terraform/value";
import { groupBy } from "./group-by";
import { ownerOf } from "./owner";
import type { Reading } from "./reading";
import type { LambdaFunction, LambdaPermission } from "./types";

/** Lambda's own defaults. */
const defaults = { timeoutSeconds: 3, memoryMb: 128 };

export function buildFunctions(reading: Reading): LambdaFunction[] {
  const aliases = byFunction(reading, "aws_lambda_alias");
  const permissions = byFunction(reading, "aws_lambda_permission");
  return reading.resources("aws_lambda_function").map((resource) => {
    const owner = ownerOf(resource);
    const name = reading.text(resource, "function_name") ?? resource.name;
    const key = keyOf(owner, name);
    const role = reading.text(resource, "role", "warning");
    const zip = zipFile(reading, resource);
    const version = reading.text(resource, "version", "warning");
    const qualifiers = [
      "$LATEST",
      version ?? "$LATEST",
      ...(aliases.get(key) ?? []).flatMap((alias) => reading.text(alias, "name") ?? []),
    ];
    return {
      address: reading.address(resource),
      name,
      arn: reading.text(resource, "arn") ?? "",
      accountId: owner.accountId,
      region: owner.region,
      qualifiers: [...new Set(qualifiers)],
      runtime: reading.text(resource, "runtime") ?? "",
      handler: reading.text(resource, "handler") ?? "",
      ...(zip === undefined ? {} : { zipFile: zip }),
      environment: environment(reading, resource),
      timeoutSeconds: reading.number(resource, "timeout") ?? defaults.timeoutSeconds,
      memoryMb: reading.number(resource, "memory_size") ?? defaults.memoryMb,
      permissions: (permissions.get(key) ?? []).flatMap((one) => buildPermission(reading, one) ?? []),
      ...(role === undefined ? {} : { roleArn: role }),
      source: reading.source(resource),
    };
  });
}

const keyOf = (owner: { readonly accountId: string; readonly region: string }, name: string): string =>
  `${owner.accountId} ${owner.region} ${name}`;

/** Aliases and permissions by the function that they name, be it by name or by ARN. */
function byFunction(reading: Reading, type: string): Map<string, Resource[]> {
  return groupBy(reading.resources(type), (resource) => {
    const given = reading.text(resource, "function_name");
    if (given === undefined) return undefined;
    const arn = given.split(":");
    const owner = given.startsWith("arn:") ? { region: arn[3] ?? "", accountId: arn[4] ?? "" } : ownerOf(resource);
    return keyOf(owner, String(functionName(given)));
  });
}

/** A permission that is not fully known grants nothing. */
function buildPermission(reading: Reading, resource: Resource): LambdaPermission | undefined {
  const before = reading.problems.length;
  const text = (name: string): string | undefined => reading.text(resource, name, "warning");
  const [principal, action, sourceArn, sourceAccount] = ["principal", "action", "source_arn", "source_account"].map(
    text,
  );
  const qualifier = text("qualifier") ?? qualifierOf(text("function_name") ?? "");
  if (reading.problems.length > before || principal === undefined || action === undefined) {
    reading.report(`${resource.address} is taken to grant nothing`, reading.source(resource), "warning");
    return undefined;
  }
  return {
    principal,
    action,
    ...(sourceArn === undefined ? {} : { sourceArn }),
    ...(sourceAccount === undefined ? {} : { sourceAccount }),
    ...(qualifier === undefined || qualifier === "" ? {} : { qualifier }),
    source: reading.source(resource),
  };
}

const qualifierOf = (given: string): string | undefined =>
  given.startsWith("arn:") ? given.split(":")[7] : given.split(":")[1];

function zipFile(reading: Reading, resource: Resource): string | undefined {
  const refuse = (attribute: string, reason: string): undefined => {
    reading.report(`${resource.address} cannot be run: ${reason}`, reading.source(resource, attribute), "warning");
    return undefined;
  };
  const filename = resource.configured("filename");
  if (filename instanceof Unknown) return refuse("filename", describeUnknown(filename));
  if (typeof filename === "string") {
    const file = path.resolve(resource.directory, filename);
    if (!existsSync(file)) refuse("filename", `${filename} does not exist yet`);
    return file;
  }
  if (resource.configured("image_uri") !== undefined) return refuse("image_uri", "its code is a container image");
  if (resource.configured("s3_bucket") !== undefined) return refuse("s3_bucket", "its code stands in S3");
  return refuse("filename", "it has no filename");
}

/**
 * A variable that is not known gets a text that says so. To leave it out could make a function check less than it
 * does in AWS.
 */
function environment(reading: Reading, resource: Resource): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const block of reading.blocks(resource, "environment")) {
    const found = reading.value(block, "variables");
    if (found === undefined || !isObject(found)) continue;
    for (const [name, value] of Object.entries(found)) {
      if (value instanceof Unknown) {
        reading.unknown(value, reading.source(block, `variables["${name}"]`), "warning");
        variables[name] = `unresolved:${value.address}`;
      } else variables[name] = toText(value) ?? "";
    }
  }
  return variables;
}
