import type { Resource } from "../terraform/resource";
import { functionArnOf } from "./function-uri";
import type { Reading } from "./reading";
import type { Authorizer } from "./types";

/** Terraform's defaults: `aws_api_gateway_authorizer`, argument reference. */
const defaults = { type: "TOKEN", identitySource: "method.request.header.Authorization", ttlSeconds: 300 };

/** Authorizers written as resources. One that cannot be resolved is left out, so that its routes are refused. */
export function buildAuthorizers(reading: Reading, resources: readonly Resource[]): Authorizer[] {
  return resources.flatMap((resource) => buildAuthorizer(reading, resource) ?? []);
}

function buildAuthorizer(reading: Reading, resource: Resource): Authorizer | undefined {
  const before = reading.problems.length;
  const type = reading.text(resource, "type") ?? defaults.type;
  const identitySource = reading.text(resource, "identity_source") ?? defaults.identitySource;
  const expression = reading.text(resource, "identity_validation_expression");
  const common = {
    address: reading.address(resource),
    id: reading.text(resource, "id") ?? "",
    name: reading.text(resource, "name") ?? resource.name,
    ...(expression === undefined || expression === "" ? {} : { identityValidationExpression: expression }),
    source: reading.source(resource),
  };
  if (type === "COGNITO_USER_POOLS") {
    const providerArns = reading.texts(resource, "provider_arns") ?? [];
    if (reading.problems.length > before) return undefined;
    if (providerArns.length === 0) {
      reading.report(`${resource.address} names no user pool`, reading.source(resource, "provider_arns"));
      return undefined;
    }
    return { ...common, type, providerArns, identitySource };
  }
  if (type !== "TOKEN" && type !== "REQUEST") {
    reading.report(
      `authorizer type "${type}" is not TOKEN, REQUEST or COGNITO_USER_POOLS`,
      reading.source(resource, "type"),
    );
    return undefined;
  }
  const uri = reading.text(resource, "authorizer_uri");
  const credentials = reading.text(resource, "authorizer_credentials");
  const ttl = reading.number(resource, "authorizer_result_ttl_in_seconds") ?? defaults.ttlSeconds;
  if (reading.problems.length > before) return undefined;
  const functionArn = uri === undefined ? undefined : functionArnOf(uri);
  if (functionArn === undefined) {
    reading.report(
      `authorizer_uri ${uri === undefined ? "is missing" : `"${uri}" names no Lambda function`}`,
      reading.source(resource, "authorizer_uri"),
    );
    return undefined;
  }
  return {
    ...common,
    type,
    functionArn,
    ...(credentials === undefined || credentials === "" ? {} : { credentialsArn: credentials }),
    identitySources: splitSources(identitySource),
    resultTtlSeconds: ttl,
  };
}

/** `method.request.header.A, context.identity.sourceIp` in the order written. */
export function splitSources(text: string): string[] {
  return text
    .split(",")
    .map((source) => source.trim())
    .filter((source) => source !== "");
}
