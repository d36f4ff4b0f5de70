import { randomUUID } from "node:crypto";
import type { Caller } from "../decision/types";
import type { PolicyDocument } from "../model/types";
import { oneLine } from "../sigv4";
import type { CredentialRegistry } from "./credentials";
import type { ApiCall } from "./credentials-access";
import { tagKeys } from "./credentials-access";
import type { HttpAnswer, HttpRequest, LocalEndpoint } from "./http";
import { refusalOf, verifyCall } from "./service-call";
import type { SecretStore, SecretVersion } from "./secrets-store";
import type { AwsEndpointOptions } from "./sts";

const TARGET = "secretsmanager.";
const ACTION = "secretsmanager:GetSecretValue";

/** An answer of the JSON protocol other than success; Secrets Manager gives all of them the status 400. */
class SecretsError extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly because = message,
  ) {
    super(message);
  }
}

/**
 * AWS Secrets Manager: GetSecretValue over JSON 1.1, for every region at once. The request must be signed by a
 * credential of the registry, and the caller's policies must allow `secretsmanager:GetSecretValue` on the secret.
 */
export function secretsEndpoint(
  registry: CredentialRegistry,
  store: SecretStore,
  { now = Date.now, onRefusal = () => undefined }: AwsEndpointOptions = {},
): LocalEndpoint {
  return {
    name: "secretsmanager",
    async handle(request) {
      const target = request.headers.find(([name]) => name.toLowerCase() === "x-amz-target")?.[1] ?? "";
      if (request.method !== "POST" || request.rawPath !== "/" || !target.startsWith(TARGET)) return undefined;
      const requestId = randomUUID();
      try {
        return json(200, getSecretValue(request, target.slice(TARGET.length)), requestId);
      } catch (error) {
        if (!(error instanceof SecretsError)) throw error;
        onRefusal(oneLine(`secretsmanager: ${error.because}`));
        return json(400, { __type: error.type, message: error.message }, requestId);
      }
    },
  };

  function getSecretValue(request: HttpRequest, operation: string): object {
    const at = now();
    const signature = verifyCall(request, "secretsmanager", registry, at);
    if (signature.outcome === "refused") {
      const { denial, because } = signature;
      throw new SecretsError(denial.errorType, denial.message ?? "Access denied", because);
    }
    if (operation !== "GetSecretValue") {
      const message = `The local Secrets Manager does not support ${operation}; it supports GetSecretValue.`;
      throw new SecretsError("UnknownOperationException", message);
    }
    const { SecretId: id, VersionId: versionId, VersionStage: stage } = parametersOf(request);
    if (id === undefined || id === "") {
      throw new SecretsError(
        "ValidationException",
        "Value null at 'secretId' failed to satisfy constraint: Member must not be null",
      );
    }
    const { caller } = signature.credential;
    const { accountId } = caller.principal;
    const secret = store.find(id, ({ arn }) => {
      const [, , , region, owner] = arn.split(":");
      return region === signature.region && owner === accountId;
    });
    const resource =
      secret?.arn ??
      (id.startsWith("arn:") ? id : `arn:aws:secretsmanager:${signature.region}:${accountId}:secret:${id}`);
    const keys = {
      "secretsmanager:SecretId": id,
      ...(versionId === undefined ? {} : { "secretsmanager:VersionId": versionId }),
      ...(stage === undefined ? {} : { "secretsmanager:VersionStage": stage }),
      ...tagKeys("secretsmanager:ResourceTag", secret?.tags),
      ...tagKeys("aws:ResourceTag", secret?.tags),
    };
    authorize(caller, { action: ACTION, resource, now: at, sourceIp: request.sourceIp, keys }, secret?.policy);
    if (secret === undefined) {
      throw new SecretsError(
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret.",
        `There is no secret '${id}' in account ${accountId} and region ${signature.region}.`,
      );
    }
    const version = pick(store.versions(secret), versionId, stage);
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.versionId,
      SecretString: version.value,
      VersionStages: version.stages,
      CreatedDate: version.createdAt / 1000,
    };
  }
}

/**
 * Asked before existence, as AWS does: who may not read a secret does not learn whether there is one. Another account
 * needs the secret's KMS key as well, which is not modelled, so it is refused even where both policies allow.
 */
function authorize(caller: Caller, asked: Omit<ApiCall, "resourceOwner">, policy: PolicyDocument | undefined): void {
  const resourceOwner = asked.resource.split(":")[4] ?? "";
  const refusal = refusalOf(caller, { ...asked, resourceOwner }, policy);
  if (refusal !== undefined) throw new SecretsError("AccessDeniedException", refusal.message, refusal.because);
  if (caller.principal.accountId !== resourceOwner) {
    const because = `${asked.resource} is another account's: the policy of its KMS key is not known here`;
    throw new SecretsError("AccessDeniedException", "Access to KMS is not allowed", because);
  }
}

/** By version id and stage where both are given, else by either, else the current one. */
function pick(versions: readonly SecretVersion[], id: string | undefined, stage: string | undefined): SecretVersion {
  const wanted = stage ?? (id === undefined ? "AWSCURRENT" : undefined);
  const byId = id === undefined ? versions : versions.filter((version) => version.versionId === id);
  const found = byId.find(({ stages }) => wanted === undefined || stages.includes(wanted));
  if (found !== undefined) return found;
  if (id !== undefined && byId.length > 0) {
    throw new SecretsError(
      "InvalidRequestException",
      "You provided a VersionStage that is not associated to the provided VersionId.",
    );
  }
  const label = id === undefined ? `staging label: ${wanted}` : `VersionId: ${id}`;
  throw new SecretsError(
    "ResourceNotFoundException",
    `Secrets Manager can't find the specified secret value for ${label}`,
  );
}

function parametersOf(
  request: HttpRequest,
): Readonly<Record<"SecretId" | "VersionId" | "VersionStage", string | undefined>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(request.body).toString("utf8"));
  } catch {
    throw new SecretsError("SerializationException", "The request body is not JSON.");
  }
  const members = (typeof parsed === "object" && parsed !== null ? parsed : {}) as Readonly<Record<string, unknown>>;
  const text = (name: string): string | undefined => {
    const value = members[name];
    if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
    throw new SecretsError("SerializationException", `${name} must be a string.`);
  };
  return { SecretId: text("SecretId"), VersionId: text("VersionId"), VersionStage: text("VersionStage") };
}

function json(status: number, body: object, requestId: string): HttpAnswer {
  return {
    status,
    headers: [
      ["x-amzn-RequestId", requestId],
      ["Content-Type", "application/x-amz-json-1.1"],
    ],
    body: JSON.stringify(body),
  };
}
