import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetSecretValueCommand, ResourceNotFoundException } from "@aws-sdk/client-secrets-manager";

/** How long secrets are trusted without asking again. */
const MAXIMUM_AGE_MS = 5 * 60 * 1000;
/** A wrong signature may mean that the secret was rotated; it must not let a stranger call Secrets Manager at will. */
const REFETCH_INTERVAL_MS = 30 * 1000;
/** Fewer characters than this can be guessed offline from one signature. */
const MINIMUM_CHARACTERS = 32;

/** The versions of a secret that are valid at present, the current one first. */
export type ValidSecrets = (options?: { readonly afterMismatch: boolean }) => Promise<readonly string[]>;

/**
 * Reads the versions AWSCURRENT and AWSPREVIOUS, so that a rotation shuts nobody out before the next one.
 *
 * @param id Name or ARN of the secret; its value is plain text.
 * @returns A function that throws where the current version cannot be had: nobody is admitted by a guess.
 */
export function validSecrets(id: string, client: SecretsManagerClient, now: () => number = Date.now): ValidSecrets {
  let held: { readonly values: readonly string[]; readonly since: number } | undefined;
  let asked = -Infinity;
  let underWay: Promise<readonly string[]> | undefined;
  return async ({ afterMismatch } = { afterMismatch: false }) => {
    const fresh = held !== undefined && now() - held.since <= MAXIMUM_AGE_MS;
    const again = afterMismatch && now() - asked > REFETCH_INTERVAL_MS;
    if (held !== undefined && fresh && !again) return held.values;
    asked = now();
    underWay ??= fetchVersions(client, id).finally(() => (underWay = undefined));
    held = { values: await underWay, since: now() };
    return held.values;
  };
}

async function fetchVersions(client: SecretsManagerClient, id: string): Promise<readonly string[]> {
  const [current, previous] = await Promise.all([read(client, id, "AWSCURRENT"), read(client, id, "AWSPREVIOUS")]);
  if (current === undefined) throw new Error(`Secret ${id} has no current version.`);
  return previous === undefined ? [current] : [current, previous];
}

async function read(
  client: SecretsManagerClient,
  id: string,
  stage: "AWSCURRENT" | "AWSPREVIOUS",
): Promise<string | undefined> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id, VersionStage: stage }));
    if (SecretString === undefined || SecretString.length < MINIMUM_CHARACTERS) {
      throw new Error(`Secret ${id} (${stage}) is not text of at least ${MINIMUM_CHARACTERS} characters.`);
    }
    return SecretString;
  } catch (error) {
    // A secret that was never rotated has no previous version.
    if (error instanceof ResourceNotFoundException && stage === "AWSPREVIOUS") return undefined;
    throw error;
  }
}
