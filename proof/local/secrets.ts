import { randomUUID } from "node:crypto";
import type { Caller } from "../decision/types";
import { InputError } from "../errors";
import { oneLine, verifySignature } from "../sigv4";
import type { CredentialRegistry } from "./credentials";
import type { ApiCall } from "./credentials-access";
import { decideCall, denialOf } from "./credentials-access";
import type { HttpAnswer, HttpRequest, LocalEndpoint } from "./http";
import type { SecretStore, SecretVersion } from "./secrets-store";
import type { AwsEndpointOptions } from "./sts";

const TARGET = "secretsmanager.";

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
        const refusal = error instanceof InputError ? invalidPolicy(error) : error;
        if (!(refusal instanceof SecretsError)) throw error;
        onRefusal(oneLine(`secretsmanager: ${refusal.because}`));
        return json(400, { __type: refusal.type, message: refusal.message }, requestId);
      }
    },
  };

  function getSecretValue(request: HttpRequest, operation: string): object {
    const at = now();
    const signature = verifySignature(request, {
      now: at,
      region: "*",
      service: "secretsmanager",
      host: request.host,
      findCredential: (accessKeyId, sessionToken) => registry.find(accessKeyId, sessionToken),
    });
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
    authorize(
      caller,
      resource,
      {
        "secretsmanager:SecretId": id,
        ...(stage === undefined ? {} : { "secretsmanager:VersionStage": stage }),
      },
      at,
    );
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

/** Asked before existence, as AWS does: who may not read a secret does not learn whether there is one. */
function authorize(caller: Caller, resource: string, keys: Readonly<Record<string, string>>, now: number): void {
  const owner = resource.split(":")[4] ?? "";
  const call: ApiCall = { action: "secretsmanager:GetSecretValue", resource, resourceOwner: owner, now, keys };
  const access = decideCall(caller, call);
  if (access.decision === "allowed") return;
  const suffix =
    access.decision === "explicitDeny"
      ? "with an explicit deny in an identity-based policy"
      : "because no identity-based policy allows the secretsmanager:GetSecretValue action";
  throw new SecretsError(
    "AccessDeniedException",
    `User: ${caller.principal.arn} is not authorized to perform: ${call.action} on resource: ${resource} ${suffix}`,
    denialOf(access, caller, call),
  );
}

/** AWS would not have saved such a policy, so it has no words for this. */
function invalidPolicy(error: InputError): SecretsError {
  return new SecretsError("AccessDeniedException", "A policy of the caller is not valid.", error.message);
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
