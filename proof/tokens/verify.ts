import { createPublicKey, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { JwtBaseError, JwtExpiredError } from "aws-jwt-verify/error";
import { decomposeUnverifiedJwt } from "aws-jwt-verify/jwt";
import type { DecomposedJwt } from "aws-jwt-verify/jwt";

/** A public RSA key of an issuer (RFC 7517). */
export interface VerificationKey {
  readonly kty: string;
  readonly kid: string;
  readonly n: string;
  readonly e: string;
  readonly alg?: string;
  readonly use?: string;
}

export interface UserPoolTokenRules {
  /** Issuer URLs of the authorizer's user pools. A token of any other is refused. */
  readonly issuers: readonly string[];
  /** The key of that id, asked only for issuers in the list above. */
  readonly keyOf: (issuer: string, kid: string) => VerificationKey | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** `authorization_scopes` of the method. None asks for an ID token, one or more for an access token with one of them. */
  readonly scopes: readonly string[];
  /** The authorizer's `identity_validation_expression`: the `aud` claim must match. */
  readonly audienceRegex?: string;
}

export type Claims = Readonly<Record<string, unknown>>;

export type TokenVerdict =
  | { readonly outcome: "accepted"; readonly claims: Claims }
  /** `expired`: a genuine token of a listed pool that was good once; AWS words that refusal differently. */
  | { readonly outcome: "rejected"; readonly expired: boolean; readonly because: string };

/**
 * Whether a REST API's Cognito authorizer takes the value of its identity-source header. Revocation and global
 * sign-out are not looked at, as API Gateway does not: a signed token is good until it expires. The app client is
 * not looked at either, except through `audienceRegex`.
 *
 * Source: developer guide, "Control access to REST APIs using Amazon Cognito user pools as an authorizer", and the
 * API reference of `Authorizer` and `Method`.
 */
export function verifyUserPoolToken(header: string, rules: UserPoolTokenRules): TokenVerdict {
  const token = withoutBearer(header);
  try {
    const parts = decompose(token);
    const claims = verifySignature(token, parts, rules);
    checkTime(claims, rules.now);
    checkUse(claims, rules.scopes);
    checkAudience(claims, rules.audienceRegex);
    return { outcome: "accepted", claims };
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof JwtBaseError)) throw error;
    return { outcome: "rejected", expired: error instanceof JwtExpiredError, because: error.message };
  }
}

/** The issuer of a user pool from its ARN, also of a pool that the configuration does not hold. */
export function issuerOfUserPool(arn: string): string | undefined {
  const match = /^arn:(aws[a-z-]*):cognito-idp:([a-z0-9-]+):[^:]*:userpool\/([\w-]+)$/.exec(arn);
  if (match === null) return undefined;
  const suffix = match[1] === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return `https://cognito-idp.${match[2]}.${suffix}/${match[3]}`;
}

class Refusal extends Error {}

/**
 * Clients send both the bare token and `Bearer <token>`. How AWS takes other cases and more spaces is UNCONFIRMED
 * (AWS support pages say that stray spaces end in 401), so anything else is no token.
 */
function withoutBearer(header: string): string {
  return header.startsWith("Bearer ") ? header.slice("Bearer ".length) : header;
}

/** Beyond what aws-jwt-verify reads: it takes padding, any base64 spelling, unknown `crit`, `b64` and tokens without `exp`. */
function decompose(token: string): DecomposedJwt {
  const segments = token.split(".");
  if (segments.length !== 3) throw new Refusal(`A JWT has 3 parts divided by dots; this value has ${segments.length}.`);
  if (segments.some((part) => Buffer.from(part, "base64url").toString("base64url") !== part || part === "")) {
    throw new Refusal("A part of the token is not unpadded base64url in its only spelling.");
  }
  const parts = decomposeUnverifiedJwt(token);
  const { alg, kid, crit, b64, typ } = parts.header;
  if (alg !== "RS256") throw new Refusal(`The token's alg is ${shown(alg)}; user pools sign with RS256 only.`);
  if (kid === undefined) throw new Refusal("The token's header has no kid.");
  if (crit !== undefined)
    throw new Refusal(`The token's header demands extensions (crit ${shown(crit)}); none is known.`);
  if (b64 !== undefined) throw new Refusal("The token's header has b64 (RFC 7797), which is no part of a JWT.");
  if (typ !== undefined && typ !== "JWT")
    throw new Refusal(`The token's typ is ${shown(typ)}; user pools write JWT or nothing.`);
  return parts;
}

function verifySignature(
  token: string,
  { header, payload, signatureB64 }: DecomposedJwt,
  rules: UserPoolTokenRules,
): Claims {
  const issuer = payload.iss;
  if (issuer === undefined || !rules.issuers.includes(issuer)) {
    throw new Refusal(
      `The token's issuer ${shown(issuer)} is not a user pool of the authorizer (${rules.issuers.join(", ")}).`,
    );
  }
  const key = rules.keyOf(issuer, header.kid ?? "");
  if (key === undefined) throw new Refusal(`The token's kid ${shown(header.kid)} is not a key of ${issuer}.`);
  if (key.kty !== "RSA" || (key.alg ?? "RS256") !== "RS256" || (key.use ?? "sig") !== "sig") {
    throw new Refusal(`The key ${shown(key.kid)} of ${issuer} is not one for RS256 signatures.`);
  }
  const signed = Buffer.from(token.slice(0, token.lastIndexOf(".")), "latin1");
  if (!verify("RSA-SHA256", signed, keyObject(key), Buffer.from(signatureB64, "base64url"))) {
    throw new Refusal(`Invalid signature: it is not that of the key ${shown(key.kid)} of ${issuer} over this token.`);
  }
  return payload;
}

const MOST_KEYS = 100;
const keyObjects = new Map<string, KeyObject>();

/** A key read once, and known by what it is, not by its id or issuer. Bounded: the oldest goes first. */
function keyObject({ kty, n, e }: VerificationKey): KeyObject {
  const id = `${kty} ${e} ${n}`;
  const found = keyObjects.get(id);
  if (found !== undefined) return found;
  const object = createPublicKey({ key: { kty, n, e }, format: "jwk" });
  const [oldest] = keyObjects.keys();
  if (keyObjects.size >= MOST_KEYS && oldest !== undefined) keyObjects.delete(oldest);
  keyObjects.set(id, object);
  return object;
}

/** RFC 7519 4.1.4: refused on the second of `exp`. Whether AWS grants leeway is UNCONFIRMED; here it is none. */
function checkTime(claims: Claims, now: number): void {
  const { exp, nbf } = claims;
  if (typeof exp !== "number") throw new Refusal("The token has no exp claim: it would never expire.");
  if (exp * 1000 <= now) throw new JwtExpiredError(`The token expired at ${instant(exp)}.`, exp);
  if (typeof nbf === "number" && nbf * 1000 > now) throw new Refusal(`The token is not valid before ${instant(nbf)}.`);
}

function checkUse(claims: Claims, scopes: readonly string[]): void {
  const wanted = scopes.length === 0 ? "id" : "access";
  if (claims.token_use !== wanted) {
    const rule =
      wanted === "id"
        ? "a method without scopes takes ID tokens only"
        : "a method with scopes takes access tokens only";
    throw new Refusal(`The token's token_use is ${shown(claims.token_use)}; ${rule}.`);
  }
  if (wanted === "id") return;
  const granted = typeof claims.scope === "string" ? claims.scope.split(" ") : [];
  if (!scopes.some((scope) => granted.includes(scope))) {
    throw new Refusal(
      `The token's scopes (${granted.join(" ") || "none"}) hold none of the method's: ${scopes.join(" ")}.`,
    );
  }
}

/** Whole or partial match is UNCONFIRMED: the whole `aud` has to match. Access tokens carry none, and never match. */
function checkAudience({ aud }: Claims, regex: string | undefined): void {
  if (regex === undefined || regex === "") return;
  if (typeof aud !== "string")
    throw new Refusal(`The token has no aud to hold against ${regex}; access tokens carry none.`);
  if (!wholeMatch(regex, aud)) throw new Refusal(`The token's aud ${shown(aud)} does not match ${regex}.`);
}

/** Java's regular expressions where they mean the same in JavaScript; what means something else there is refused. */
function wholeMatch(regex: string, value: string): boolean {
  const unreadable = `The identity validation expression ${regex} cannot be read here, so no token matches it.`;
  if (/\\[AEGHNPQRXZhpz]|&&/.test(regex)) throw new Refusal(unreadable);
  try {
    return new RegExp(`^(?:${regex})$`).test(value);
  } catch {
    throw new Refusal(unreadable);
  }
}

function instant(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `second ${seconds}` : date.toISOString();
}

/** Quoted and cut, as it comes from whoever sent the request. */
function shown(value: unknown): string {
  const text = value === undefined ? "absent" : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
