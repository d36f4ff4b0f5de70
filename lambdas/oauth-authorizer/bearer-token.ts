import { BadCredentials } from "../shared/authorizer";

/** The signature algorithms a key set with public keys can serve: never `none`, never a shared secret. */
const ALGORITHMS = new Set(["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA"]);
/** An Authorization header may be larger, but no token of an identity provider is; parsing costs. */
const MAXIMUM_CHARACTERS = 8192;

/**
 * The signed JWT of an `Authorization: Bearer …` header, its form checked but not yet its signature.
 *
 * aws-jwt-verify 5.2.1 accepts an unknown `crit` and `b64: false` (RFC 7515, section 4.1.11 and RFC 7797 forbid both
 * for a verifier that does not understand them) and `=` at a part's end, so these are refused here.
 *
 * @throws BadCredentials
 */
export function bearerToken(authorization: string): string {
  if (authorization.length > MAXIMUM_CHARACTERS) throw new BadCredentials("token is too long");
  const [, token, header] = /^Bearer (([\w-]+)\.[\w-]+\.[\w-]+)$/.exec(authorization) ?? [];
  if (token === undefined || header === undefined) throw new BadCredentials("header is not Bearer and a signed JWT");
  const { alg, crit, b64 } = parse(header);
  if (typeof alg !== "string" || !ALGORITHMS.has(alg)) throw new BadCredentials("algorithm is not admitted");
  if (crit !== undefined || b64 !== undefined) throw new BadCredentials("header has crit or b64");
  return token;
}

function parse(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below, without the parser's message: it would quote the token.
  }
  throw new BadCredentials("header of the token is not a JSON object");
}
