import { createHmac, timingSafeEqual } from "node:crypto";

/** What a signature covers. It names no method or path: the signer says who calls and until when, the routes say what. */
export interface SignedParameters {
  /** Sent as the header `X-Client-Id`. */
  readonly clientId: string;
  /** The stage variable `signingAudience`, so that a signature for one stage is worth nothing at another. */
  readonly audience: string;
  /** Sent as the query parameter `expires`: seconds since the epoch. */
  readonly expires: number;
}

/**
 * The key one client signs with: text, to be handed to that client alone. It is derived, so the secret that all keys
 * come from never leaves Secrets Manager and one client's key tells nothing about another's.
 */
export function clientKey(secret: string, clientId: string): string {
  return createHmac("sha256", secret).update(clientId).digest("base64url");
}

/** The query parameter `signature`: base64url of HMAC-SHA256, keyed with the text of the client's key. */
export function signParameters(key: string, { clientId, audience, expires }: SignedParameters): string {
  const canonical = ["SIGNED-PARAMETERS-V1", clientId, audience, String(expires)].join("\n");
  return createHmac("sha256", key).update(canonical).digest("base64url");
}

/** Whether one of `secrets` gives this signature, in a time that does not tell which or how nearly. */
export function signatureMatches(secrets: readonly string[], parameters: SignedParameters, signature: string): boolean {
  const given = Buffer.from(signature);
  let matches = false;
  for (const secret of secrets) {
    const expected = Buffer.from(signParameters(clientKey(secret, parameters.clientId), parameters));
    if (expected.length === given.length && timingSafeEqual(expected, given)) matches = true;
  }
  return matches;
}
