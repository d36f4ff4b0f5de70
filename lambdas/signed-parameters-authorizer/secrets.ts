import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetSecretValueCommand, ResourceNotFoundException } from "@aws-sdk/client-secrets-manager";
import { refreshed, type Refreshed } from "../shared/refreshed";

const MAXIMUM_AGE_MS = 5 * 60 * 1000;
const AFTER_MISMATCH_MS = 30 * 1000;
/** Fewer characters than this can be guessed offline from one signature. */
const MINIMUM_CHARACTERS = 32;

/**
 * The valid versions of a secret: AWSCURRENT and AWSPREVIOUS, so that a rotation shuts nobody out before the next one.
 *
 * @param id Name or ARN of the secret; its value is plain text.
 * @returns A function that rejects where the current version cannot be had: nobody is admitted by a guess.
 */
export function validSecrets(
  id: string,
  client: SecretsManagerClient,
  now: () => number = Date.now,
): Refreshed<readonly string[]> {
  return refreshed(
    async () => {
      const [current, previous] = await Promise.all([read(client, id, "AWSCURRENT"), read(client, id, "AWSPREVIOUS")]);
      if (current === undefined) throw new Error(`Secret ${id} has no current version.`);
      return previous === undefined ? [current] : [current, previous];
    },
    { maximumAgeMs: MAXIMUM_AGE_MS, afterMismatchMs: AFTER_MISMATCH_MS, now },
  );
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
