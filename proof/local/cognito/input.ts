import { createHmac, timingSafeEqual } from "node:crypto";
import type { UserPool, UserPoolClient } from "../../model/types";
import { invalidParameter, notAuthorized, notFound } from "./error";
import { clientSecret, findClient } from "./pool-data";
import type { CognitoContext } from "./pool-data";

/** The parsed JSON of one call of the `cognito-idp` API. */
export type Input = Readonly<Record<string, unknown>>;

/** One operation: its parsed input in, its output out; a `CognitoError` is Cognito's refusal. */
export type Operation = (context: CognitoContext, input: Input) => Promise<object>;

export function required(input: Input, name: string): string {
  const value = optional(input, name);
  if (value === undefined || value === "") {
    const member = name.charAt(0).toLowerCase() + name.slice(1);
    throw invalidParameter(
      `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}

export function optional(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalidParameter(`${name} is not a string.`);
  return value;
}

/** `AuthParameters` and `ChallengeResponses`: a map of strings. */
export function parameters(input: Input, name: string): Readonly<Record<string, string>> {
  const value = input[name] ?? {};
  if (typeof value !== "object" || Array.isArray(value)) throw invalidParameter(`${name} is not a map.`);
  const entries = Object.entries(value as Record<string, unknown>);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

export function authParameter(values: Readonly<Record<string, string>>, name: string): string {
  const value = values[name];
  if (value === undefined || value === "") throw invalidParameter(`Missing required parameter ${name}`);
  return value;
}

/** `[{"Name","Value"}]` */
export function attributes(input: Input, name: string): Record<string, string> {
  const value = input[name] ?? [];
  if (!Array.isArray(value)) throw invalidParameter(`${name} is not a list.`);
  return Object.fromEntries(
    value.map((item: unknown): [string, string] => {
      const { Name, Value } = (item ?? {}) as { Name?: unknown; Value?: unknown };
      if (typeof Name !== "string" || Name === "") throw invalidParameter(`${name} holds an attribute without a name.`);
      return [Name, typeof Value === "string" ? Value : ""];
    }),
  );
}

export function poolOf(context: CognitoContext, input: Input): UserPool {
  const id = required(input, "UserPoolId");
  const pool = context.model.userPools.find((candidate) => candidate.id === id);
  if (pool === undefined) throw notFound(`User pool ${id} does not exist.`);
  return pool;
}

export function clientOf(
  context: CognitoContext,
  input: Input,
): { readonly pool: UserPool; readonly client: UserPoolClient } {
  const id = required(input, "ClientId");
  const found = findClient(context.model, id);
  if (found === undefined) throw notFound(`User pool client ${id} does not exist.`);
  return found;
}

/**
 * Checks `SecretHash`: the HMAC of username and client id under the client's secret (developer guide, "Computing
 * secret hash values").
 *
 * @param names the names the client may have used for the user
 */
export function checkSecretHash(
  context: CognitoContext,
  client: UserPoolClient,
  names: readonly string[],
  given: string | undefined,
): void {
  const secret = clientSecret(context, client);
  if (secret === undefined) return;
  if (given === undefined) {
    throw notAuthorized(`Client ${client.clientId} is configured with secret but SECRET_HASH was not received`);
  }
  const right = names.some((name) => {
    const expected = createHmac("sha256", secret).update(name).update(client.clientId).digest();
    const bytes = Buffer.from(given, "base64");
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
  if (!right) throw notAuthorized(`Unable to verify secret hash for client ${client.clientId}`);
}
