import { createHash } from "node:crypto";
import { same } from "./form";

/** What a client that asks for a code must send of PKCE (RFC 7636): S256 only, as `plain` protects nothing. */
export function challengeOf(
  given: Readonly<Record<string, string>>,
  required: boolean,
  fail: (code: string, description: string) => Error,
): { readonly codeChallenge?: string } {
  const challenge = given["code_challenge"];
  if (challenge === undefined) {
    if (required) throw fail("invalid_request", "code_challenge is missing: a public client must use PKCE");
    return {};
  }
  if (given["code_challenge_method"] !== "S256") throw fail("invalid_request", "code_challenge_method must be S256");
  if (!/^[\w-]{43}$/.test(challenge)) throw fail("invalid_request", "code_challenge is not the hash of a verifier");
  return { codeChallenge: challenge };
}

/** Whether the verifier, 43 to 128 unreserved characters, is the one behind the challenge; none where there was none. */
export function proves(verifier: string | undefined, challenge: string | undefined): boolean {
  if (challenge === undefined) return verifier === undefined;
  if (verifier === undefined || !/^[\w.~-]{43,128}$/.test(verifier)) return false;
  return same(createHash("sha256").update(verifier).digest("base64url"), challenge);
}
