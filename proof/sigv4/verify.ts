import { createHmac, timingSafeEqual } from "node:crypto";
import { canonicalRequest, headerValue, normalizePath, payloadHash, stringToSign } from "./canonical";
import {
  expiredToken,
  incompleteSignature,
  invalidSignature,
  invalidToken,
  Refusal,
  signatureMismatch,
} from "./errors";
import { basicTimestamp, parseClaim, parseRequest } from "./parse";
import { signingKey } from "./signing-key";
import type {
  LocalCredential,
  ParsedRequest,
  SignableRequest,
  SignatureClaim,
  SignatureResult,
  VerifyOptions,
} from "./types";

const FIVE_MINUTES_MS = 300_000;

/**
 * Verifies the AWS Signature Version 4 of a request from its bytes, in the header form or the query form, and answers
 * a refusal as API Gateway words it. Never throws for anything a request can hold.
 *
 * Order, after AWS: is anything there; is it whole; is the key known and the token its own; is the session over; scope;
 * clock (five minutes either way, or `X-Amz-Expires`); are Host and every `x-amz-*` header signed; the signature.
 */
export function verifySignature(request: SignableRequest, options: VerifyOptions): SignatureResult {
  try {
    const parsed = parseRequest(request);
    const claim = parseClaim(parsed);
    const credential = findCredential(claim, options);
    checkScope(claim, options);
    checkClock(claim, options.now);
    checkSignature(parsed, claim, credential, options);
    const normalizedPath = normalizePath(request.rawPath);
    const { form, signedAt, scope } = claim;
    return { outcome: "signed", credential, form, signedAt, region: scope.region, normalizedPath };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { outcome: "refused", denial: error.denial, because: error.because };
  }
}

function findCredential(claim: SignatureClaim, options: VerifyOptions): LocalCredential {
  const credential = options.findCredential(claim.accessKeyId, claim.sessionToken);
  if (credential === undefined) {
    throw invalidToken(
      `The access key id '${claim.accessKeyId}' ${claim.sessionToken === undefined ? "is" : "with its session token is"} not known here. Make credentials with 'portcullis credentials', or list the caller in the callers file.`,
    );
  }
  if (credential.sessionToken === undefined && claim.sessionToken !== undefined) {
    throw invalidToken(`The request holds a session token, but '${claim.accessKeyId}' has none.`);
  }
  if (credential.sessionToken !== undefined && !sameBytes(credential.sessionToken, claim.sessionToken ?? "")) {
    throw invalidToken(
      claim.sessionToken === undefined
        ? `'${claim.accessKeyId}' is a temporary key and the request holds no X-Amz-Security-Token.`
        : `The session token of the request is not that of '${claim.accessKeyId}'.`,
    );
  }
  if (credential.expiresAt !== undefined && credential.expiresAt <= options.now) {
    throw expiredToken(
      `The session of '${claim.accessKeyId}' ended at ${new Date(credential.expiresAt).toISOString()}. Ask for new credentials.`,
    );
  }
  return credential;
}

/** The region's text is recorded; the others are of the same family, as AWS's other front ends word them. */
function checkScope(claim: SignatureClaim, { region, service }: VerifyOptions): void {
  const { scope, timestamp } = claim;
  const day = timestamp.slice(0, 8);
  const wrong = [
    region === "*" || scope.region === region
      ? ""
      : `Credential should be scoped to a valid region, not '${scope.region}'. `,
    scope.service === service ? "" : `Credential should be scoped to correct service: '${service}'. `,
    scope.terminator === "aws4_request"
      ? ""
      : `Credential should be scoped with a valid terminator: 'aws4_request', not '${scope.terminator}'. `,
    scope.date === day
      ? ""
      : `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${day}', from '${timestamp}'. `,
  ].join("");
  if (wrong === "") return;
  throw invalidSignature(
    wrong,
    `The credential scope is ${scope.date}/${scope.region}/${scope.service}/${scope.terminator}; it must be ${day}/${region}/${service}/aws4_request.`,
  );
}

/** The text for the past is recorded from API Gateway, that for the future from AWS's other front ends. */
function checkClock({ signedAt, timestamp, expiresSeconds }: SignatureClaim, now: number): void {
  const validMs = expiresSeconds === undefined ? FIVE_MINUTES_MS : expiresSeconds * 1000;
  if (signedAt < now - validMs) {
    const window = validMs % 60_000 === 0 ? `${validMs / 60_000} min.` : `${validMs / 1000} sec.`;
    const clock = basicTimestamp(now);
    throw invalidSignature(
      `Signature expired: ${timestamp} is now earlier than ${basicTimestamp(now - validMs)} (${clock} - ${window})`,
      `The request was signed at ${timestamp}, is valid for ${validMs / 1000} seconds, and it is ${clock} now. Sign it anew, or set the client's clock.`,
    );
  }
  if (signedAt > now + FIVE_MINUTES_MS) {
    const clock = basicTimestamp(now);
    throw invalidSignature(
      `Signature not yet current: ${timestamp} is still later than ${basicTimestamp(now + FIVE_MINUTES_MS)} (${clock} + 5 min.)`,
      `The request was signed at ${timestamp}, more than five minutes after the present time ${clock}. Set the client's clock.`,
    );
  }
}

function checkSignature(
  request: ParsedRequest,
  claim: SignatureClaim,
  credential: LocalCredential,
  options: VerifyOptions,
): void {
  const bodyHash = payloadHash(request.body);
  checkStatedPayload(request, bodyHash);
  const canonical = canonicalRequest(request, signedValues(request, claim, options.host), bodyHash);
  const key = signingKey(credential.secretAccessKey, claim.scope);
  const expected = createHmac("sha256", key).update(stringToSign(canonical, claim), "latin1").digest("hex");
  if (sameBytes(expected, claim.signature)) return;
  throw signatureMismatch(
    `The signature does not fit the request or the secret of '${claim.accessKeyId}'. Verified were: method ${request.method}, normalised path ${normalizePath(request.rawPath)}, the whole query, the headers ${claim.signedHeaders.join(", ")}, and a body of ${request.body.byteLength} bytes with SHA-256 ${bodyHash}. Sign exactly what is sent; the path is percent-encoded once more for signing.`,
  );
}

/** `UNSIGNED-PAYLOAD` and the streaming forms are rules of S3; nothing says that API Gateway takes them. */
function checkStatedPayload(request: ParsedRequest, bodyHash: string): void {
  const stated = headerValue(request, "x-amz-content-sha256");
  if (stated === undefined || stated === bodyHash) return;
  throw signatureMismatch(
    /^[0-9a-f]{64}$/.test(stated)
      ? `X-Amz-Content-Sha256 is ${stated}, but the body's SHA-256 is ${bodyHash}: the body was changed after signing.`
      : `X-Amz-Content-Sha256 is '${stated}'; the body must be signed with its SHA-256.`,
  );
}

function signedValues(
  request: ParsedRequest,
  claim: SignatureClaim,
  host: string | undefined,
): (readonly [name: string, value: string])[] {
  const listed = new Set(claim.signedHeaders);
  if (!listed.has("host")) {
    throw invalidSignature(
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
      "The host header is not signed, so the request could be replayed against another host.",
    );
  }
  const unsigned = [...request.byName.keys()].find((name) => name.startsWith("x-amz-") && !listed.has(name));
  if (unsigned !== undefined) {
    throw invalidSignature(
      `'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`,
      `The request holds the header ${unsigned}, which is not among its signed headers; every x-amz-* header must be signed.`,
    );
  }
  return claim.signedHeaders.map((name) => {
    if (name === "" || name !== name.toLowerCase()) {
      throw incompleteSignature(
        `SignedHeaders must be a list of lower-case header names separated by semicolons, got '${claim.signedHeaders.join(";")}'`,
        `SignedHeaders holds '${name}', which is not a header name in lower case.`,
      );
    }
    const value = headerValue(request, name) ?? (name === "host" ? host : undefined);
    if (value === undefined) throw signatureMismatch(`The header ${name} is signed but is not in the request.`);
    return [name, value] as const;
  });
}

/** Compares in a time that does not depend on where the two differ. */
function sameBytes(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected, "latin1"), Buffer.from(given, "latin1")];
  return a.length === b.length && timingSafeEqual(a, b);
}
