import { headersByName, parseQuery } from "./canonical";
import { incompleteSignature, missingEqualSign, missingToken } from "./errors";
import type { ParsedRequest, SignableRequest, SignatureClaim } from "./types";

const ALGORITHM = "AWS4-HMAC-SHA256";
/** A week, the longest a query signature may be valid (AWS SigV4 authentication in the query string). */
const LONGEST_EXPIRY_SECONDS = 604_800;
const QUERY_MEMBERS = [
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Signature",
  "X-Amz-SignedHeaders",
  "X-Amz-Date",
] as const;
const CREDENTIALS_IN_QUERY: ReadonlySet<string> = new Set(["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"]);
/** Two of one of these leave it open which one was meant. */
const ONCE = ["host", "x-amz-date", "date", "x-amz-security-token", "x-amz-content-sha256"];

/** Throws a `Refusal` for what cannot have been on the wire. */
export function parseRequest(request: SignableRequest): ParsedRequest {
  refuseWideCharacters(request);
  const { method, rawPath, rawQuery, headers, body } = request;
  return { method, rawPath, rawQuery, headers, body, byName: headersByName(headers), query: parseQuery(rawQuery) };
}

/**
 * Takes the signature out of the Authorization header or out of the query. Throws a `Refusal` where there is none,
 * where it is not whole, or where the request carries more than one.
 */
export function parseClaim(request: ParsedRequest): SignatureClaim {
  const authorization = valuesOf(request, "authorization").filter((value) => value.trim() !== "");
  const inQuery = request.query.some(([name]) => CREDENTIALS_IN_QUERY.has(name));

  const [header, second] = authorization;
  if (header === undefined && !inQuery) {
    throw missingToken(
      "The request holds no Authorization header and no X-Amz-Signature in its query: it is not signed. Sign it with AWS Signature Version 4.",
    );
  }
  // How AWS words the two refusals below is not established.
  if (second !== undefined) {
    throw incompleteSignature(
      "The request must contain exactly one Authorization header.",
      `The request holds ${authorization.length} Authorization headers; only one can be the signature.`,
    );
  }
  if (header !== undefined && inQuery) {
    throw incompleteSignature(
      "Only one authentication mechanism is allowed: the Authorization header or the X-Amz-Signature query parameter.",
      "The request holds an Authorization header and X-Amz-* credentials in its query; only one of them can be the signature.",
    );
  }
  for (const name of ONCE) {
    if (valuesOf(request, name).length > 1) {
      throw incompleteSignature(
        `The request must contain at most one '${name}' header.`,
        `The header ${name} is there more than once, so what was signed is ambiguous.`,
      );
    }
  }
  return header === undefined ? fromQuery(request) : fromHeader(request, header);
}

function fromHeader(request: ParsedRequest, raw: string): SignatureClaim {
  const authorization = raw.trim();
  const space = authorization.search(/[ \t]/);
  const algorithm = space < 0 ? authorization : authorization.slice(0, space);
  const members = new Map<string, string>();
  const pairs = space < 0 ? [] : authorization.slice(space).split(",");
  for (const pair of pairs.map((text) => text.trim())) {
    const equals = pair.indexOf("=");
    if (equals < 0) throw missingEqualSign(authorization);
    const name = pair.slice(0, equals);
    if (members.has(name)) {
      throw incompleteSignature(
        `Authorization header must contain '${name}' exactly once.`,
        `The Authorization header holds '${name}' twice.`,
      );
    }
    members.set(name, pair.slice(equals + 1));
  }

  const [credential, signature, signedHeaders] = ["Credential", "Signature", "SignedHeaders"].map((name) =>
    members.get(name),
  );
  const date = valuesOf(request, "x-amz-date")[0] ?? valuesOf(request, "date")[0];
  if (!credential || !signature || !signedHeaders || !date) {
    const missing = [
      credential ? "" : "Authorization header requires 'Credential' parameter. ",
      signature ? "" : "Authorization header requires 'Signature' parameter. ",
      signedHeaders ? "" : "Authorization header requires 'SignedHeaders' parameter. ",
      date ? "" : "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
    ].join("");
    throw incompleteSignature(
      `${missing}Authorization=${authorization}`,
      `The Authorization header is not a whole AWS signature: ${missing.trim()}`,
    );
  }
  requireAlgorithm(algorithm);
  const sessionToken = valuesOf(request, "x-amz-security-token")[0];
  return {
    form: "header",
    ...parseCredential(credential),
    signedHeaders: signedHeaders.split(";"),
    signature,
    ...parseTimestamp(date.trim()),
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}

function fromQuery(request: ParsedRequest): SignatureClaim {
  const query = new Map<string, string[]>();
  for (const [name, value] of request.query) query.set(name, [...(query.get(name) ?? []), value]);
  for (const name of [...QUERY_MEMBERS, "X-Amz-Expires", "X-Amz-Security-Token"]) {
    if ((query.get(name)?.length ?? 0) > 1) {
      throw incompleteSignature(
        `AWS query-string parameters must include '${name}' at most once. Re-examine the query-string parameters.`,
        `The query holds ${name} more than once.`,
      );
    }
  }
  const [algorithm, credential, signature, signedHeaders, date] = QUERY_MEMBERS.map((name) => query.get(name)?.[0]);
  if (!algorithm || !credential || !signature || !signedHeaders || !date) {
    const missing = QUERY_MEMBERS.filter((name) => !query.get(name)?.[0]);
    throw incompleteSignature(
      `${missing.map((name) => `AWS query-string parameters must include '${name}'. `).join("")}Re-examine the query-string parameters.`,
      `The query holds AWS credentials but lacks ${missing.join(", ")}.`,
    );
  }
  requireAlgorithm(algorithm);
  const tokens = [...valuesOf(request, "x-amz-security-token"), ...(query.get("X-Amz-Security-Token") ?? [])];
  if (tokens.length > 1) {
    throw incompleteSignature(
      "The request must contain at most one X-Amz-Security-Token.",
      "X-Amz-Security-Token is in the query and in a header.",
    );
  }
  return {
    form: "query",
    ...parseCredential(credential),
    signedHeaders: signedHeaders.split(";"),
    signature,
    ...parseTimestamp(date),
    ...parseExpiry(query.get("X-Amz-Expires")?.[0]),
    ...(tokens[0] === undefined ? {} : { sessionToken: tokens[0] }),
  };
}

/** SigV4a (`AWS4-ECDSA-P256-SHA256`) ends here: AWS accepts it, this verifier does not, and unknown means refused. */
function requireAlgorithm(algorithm: string): void {
  if (algorithm === ALGORITHM) return;
  throw incompleteSignature(
    `Unsupported AWS 'algorithm': '${algorithm}'.`,
    algorithm === "AWS4-ECDSA-P256-SHA256"
      ? `The request is signed with SigV4a, which is not supported here although AWS supports it; sign with ${ALGORITHM}.`
      : `The signing algorithm is '${algorithm}'; sign with ${ALGORITHM}.`,
  );
}

function parseCredential(credential: string): Pick<SignatureClaim, "accessKeyId" | "scope"> {
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split("/");
  if (!accessKeyId || !date || !region || !service || !terminator || rest.length > 0) {
    throw incompleteSignature(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
      "The Credential of the signature is not of the form access-key-id/date/region/service/aws4_request.",
    );
  }
  return { accessKeyId, scope: { date, region, service, terminator } };
}

const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** ISO 8601 basic; a `Date` header may also hold an HTTP date. Days that do not exist are refused. */
function parseTimestamp(text: string): Pick<SignatureClaim, "timestamp" | "signedAt"> {
  const signedAt = HTTP_DATE.test(text)
    ? Date.parse(text)
    : BASIC.test(text)
      ? Date.parse(text.replace(BASIC, "$1-$2-$3T$4:$5:$6Z"))
      : NaN;
  if (Number.isNaN(signedAt) || (BASIC.test(text) && basicTimestamp(signedAt) !== text)) {
    throw incompleteSignature(
      `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`,
      `The date of the signature is '${text}', not of the form 20260131T235959Z.`,
    );
  }
  return { timestamp: basicTimestamp(signedAt), signedAt };
}

/** `20260131T235959Z`, from milliseconds since the epoch. */
export function basicTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

function parseExpiry(text: string | undefined): Pick<SignatureClaim, "expiresSeconds"> {
  if (text === undefined) return {};
  const seconds = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > LONGEST_EXPIRY_SECONDS) {
    throw incompleteSignature(
      `X-Amz-Expires must be between 1 and ${LONGEST_EXPIRY_SECONDS} seconds, got '${text}'.`,
      `X-Amz-Expires is '${text}'; it is a number of seconds, at most ${LONGEST_EXPIRY_SECONDS} (a week).`,
    );
  }
  return { expiresSeconds: seconds };
}

function valuesOf({ byName }: ParsedRequest, lowerCaseName: string): readonly string[] {
  return byName.get(lowerCaseName) ?? [];
}

/** A character above 0xFF is no byte; hashing it would drop its upper bits and let two requests share a signature. */
function refuseWideCharacters({ method, rawPath, rawQuery, headers }: SignableRequest): void {
  const wide = /[^\0-\xff]/;
  const inHeader = headers.some(([name, value]) => wide.test(name) || wide.test(value));
  if (!inHeader && !wide.test(method) && !wide.test(rawPath) && !wide.test(rawQuery)) return;
  throw incompleteSignature(
    "The request contains characters that cannot be sent over HTTP.",
    "The method, path, query or a header holds a character above U+00FF; percent-encode it, or give its UTF-8 bytes one per character.",
  );
}
