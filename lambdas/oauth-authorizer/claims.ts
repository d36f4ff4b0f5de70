import { BadCredentials } from "../shared/authorizer";
import type { Caller } from "../shared/authorizer-policy";
import type { Claims } from "./verifier";

/**
 * Who the verified claims are about and what they grant. Scopes come from `scope` (RFC 8693: one string) or `scp`
 * (a list with Okta, a string with Entra ID); the client from `client_id` (RFC 9068) or `azp`.
 *
 * @throws BadCredentials where the token never expires, names nobody, or says something in an unexpected type.
 */
export function callerOf(claims: Claims): Caller {
  const expires = claims["exp"];
  // The library checks `exp` only where there is one.
  if (typeof expires !== "number") throw new BadCredentials("token has no exp");
  const client = name(claims, "client_id") ?? name(claims, "azp");
  const subject = name(claims, "sub") ?? client;
  if (subject === undefined) throw new BadCredentials("token has neither sub nor client_id");
  const scopes = scopesOf(claims["scope"] ?? claims["scp"] ?? []);
  return {
    principalId: subject,
    expires,
    scopes,
    client,
    context: { subject, scopes: scopes.join(" "), issuer: name(claims, "iss"), tenant: name(claims, "tenant"), client },
  };
}

function name(claims: Claims, claim: string): string | undefined {
  const value = claims[claim];
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value === "") throw new BadCredentials(`${claim} is not a string`);
  return value;
}

function scopesOf(value: unknown): string[] {
  if (typeof value === "string") return value.split(" ").filter((scope) => scope !== "");
  if (Array.isArray(value) && value.every((item): item is string => typeof item === "string")) return value;
  throw new BadCredentials("scopes are neither a string nor a list of strings");
}
