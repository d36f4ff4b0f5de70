import { createHash, randomBytes, randomUUID } from "node:crypto";
import { InputError } from "../errors";
import type { Model, Secret } from "../model/types";
import type { StateFolder } from "./state";

export interface SecretVersion {
  /** A UUID, as AWS gives it. */
  readonly versionId: string;
  /** `AWSCURRENT`, `AWSPREVIOUS`, … */
  readonly stages: readonly string[];
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/**
 * The local values of the configuration's secrets, in the state folder so that every process sees the same ones and
 * sees a rotation at once. A secret whose configuration holds its value has that one until it is rotated here; one
 * without (most: the value is set outside of Terraform) gets 32 random bytes.
 */
export class SecretStore {
  constructor(
    private readonly model: Pick<Model, "secrets">,
    private readonly state: StateFolder,
    private readonly now: () => number = Date.now,
  ) {}

  /** Of one name in several accounts or regions, `accepts` picks. An ARN may lack its six random characters at the end. */
  find(id: string, accepts: (secret: Secret) => boolean = () => true): Secret | undefined {
    const { secrets } = this.model;
    return (
      secrets.find((secret) => secret.arn === id) ??
      secrets.find(
        (secret) => (secret.name === id || secret.arn.replace(/-[A-Za-z0-9]{6}$/, "") === id) && accepts(secret),
      )
    );
  }

  versions(secret: Secret): readonly SecretVersion[] {
    const stored = this.state.read(fileOf(secret)) as { versions: readonly SecretVersion[] } | undefined;
    if (stored !== undefined) return stored.versions;
    const configured = configuredVersions(secret);
    if (configured !== undefined) return configured;
    const made = this.state.readOrCreate(fileOf(secret), () => ({ arn: secret.arn, versions: this.#made(secret) }));
    return (made as { versions: readonly SecretVersion[] }).versions;
  }

  /**
   * Gives a secret a new current value, as a rotation function does: what was current becomes `AWSPREVIOUS`, and what was
   * previous loses its stage.
   *
   * @param value 32 random bytes in base64url if left out.
   * @returns The id of the new version.
   * @throws InputError if the configuration holds no such secret.
   */
  rotateSecret(id: string, value = randomValue()): string {
    const secret = this.find(id);
    if (secret === undefined) {
      throw new InputError({
        what: `There is no secret '${id}'.`,
        next: `Known: ${this.model.secrets.map(({ name, arn }) => `${name} (${arn})`).join(", ") || "none"}`,
      });
    }
    const versionId = randomUUID();
    const kept = this.versions(secret)
      .map((version) => ({ ...version, stages: rotated(version.stages) }))
      .filter(({ stages }) => stages.length > 0);
    const current = { versionId, stages: ["AWSCURRENT"], value, createdAt: this.now() };
    this.state.write(fileOf(secret), { arn: secret.arn, versions: [current, ...kept] });
    return versionId;
  }

  #made(secret: Secret): readonly SecretVersion[] {
    const versions = secret.versions.some(({ stages }) => stages.includes("AWSCURRENT"))
      ? secret.versions
      : [{ stages: ["AWSCURRENT"] }, ...secret.versions];
    return versions.map((version) => ({
      versionId: randomUUID(),
      stages: version.stages,
      value: ("value" in version ? version.value : undefined) ?? randomValue(),
      createdAt: this.now(),
    }));
  }
}

/** All versions where the configuration holds every value, current one included; nothing is stored of these. */
function configuredVersions(secret: Secret): readonly SecretVersion[] | undefined {
  if (!secret.versions.some(({ stages }) => stages.includes("AWSCURRENT"))) return undefined;
  const versions = secret.versions.flatMap(({ stages, value }) =>
    value === undefined ? [] : [{ versionId: uuidOf(`${secret.arn}\n${value}`), stages, value, createdAt: 0 }],
  );
  return versions.length === secret.versions.length ? versions : undefined;
}

function rotated(stages: readonly string[]): readonly string[] {
  const others = stages.filter((stage) => stage !== "AWSCURRENT" && stage !== "AWSPREVIOUS");
  return stages.includes("AWSCURRENT") ? ["AWSPREVIOUS", ...others] : others;
}

function randomValue(): string {
  return randomBytes(32).toString("base64url");
}

/** The same text has the same UUID in every run. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

function fileOf(secret: Secret): string {
  return `secret-${createHash("sha256").update(secret.arn).digest("hex").slice(0, 16)}.json`;
}
