/**
 * The canonical request of Signature Version 4 for every service but S3.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

import { createHash } from "node:crypto";
import type { ParsedRequest, SignableRequest, SignatureClaim } from "./types";

/**
 * The path as a signature covers it: `.` and empty segments dropped, `..` taking its parent with it, a trailing slash
 * kept unless nothing is left before it. Percent-encoded bytes stay as they are: `%2e%2e` and `%2F` are ordinary text.
 *
 * `/dev/public/../admin` and `/dev/admin` therefore have one signature, so whoever routes by the raw path admits one
 * to the other. `botocore` and `@smithy/signature-v4` normalise alike.
 */
export function normalizePath(rawPath: string): string {
  const kept: string[] = [];
  for (const segment of rawPath.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(segment);
  }
  return `/${kept.join("/")}${kept.length > 0 && rawPath.endsWith("/") ? "/" : ""}`;
}

/** The normalised path, percent-encoded once more: `%40` becomes `%2540`, a raw `$` becomes `%24`. */
export function canonicalPath(rawPath: string): string {
  return normalizePath(rawPath).split("/").map(encode).join("/");
}

/**
 * Name and value decoded, in the order sent; a name without `=` has the empty value. A plus sign is a space, as the
 * integration reads it: were it a plus sign here, a request signed for `a%2Bb` could be delivered as `a b`. How AWS
 * reads it for a signature is UNCONFIRMED; signers write `%20`.
 */
export function parseQuery(rawQuery: string): (readonly [name: string, value: string])[] {
  if (rawQuery === "") return [];
  return rawQuery.split("&").map((pair) => {
    const equals = pair.indexOf("=");
    return equals < 0 ? [decode(pair), ""] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
  });
}

/** Sorted by encoded name, then by encoded value; duplicates kept; only the signature itself left out. */
export function canonicalQuery(query: ParsedRequest["query"]): string {
  return query
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([name1, value1], [name2, value2]) => compare(name1, name2) || compare(value1, value2))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

export function headersByName(headers: SignableRequest["headers"]): ParsedRequest["byName"] {
  const byName = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    const values = byName.get(lower);
    if (values === undefined) byName.set(lower, [value]);
    else values.push(value);
  }
  return byName;
}

/** All values of a header as the signature covers them, or undefined where the request does not hold it. */
export function headerValue({ byName }: ParsedRequest, lowerCaseName: string): string | undefined {
  return byName.get(lowerCaseName)?.map(trimmed).join(",");
}

export function payloadHash(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

/** `signed` pairs each signed header, in the order listed, with its value. */
export function canonicalRequest(
  request: ParsedRequest,
  signed: readonly (readonly [name: string, value: string])[],
  bodyHash: string,
): string {
  const headers = signed.map(([name, value]) => `${name}:${value}\n`).join("");
  const names = signed.map(([name]) => name).join(";");
  return `${request.method}\n${canonicalPath(request.rawPath)}\n${canonicalQuery(request.query)}\n${headers}\n${names}\n${bodyHash}`;
}

export function stringToSign(canonical: string, claim: SignatureClaim): string {
  const { date, region, service, terminator } = claim.scope;
  const hash = createHash("sha256").update(canonical, "latin1").digest("hex");
  return `AWS4-HMAC-SHA256\n${claim.timestamp}\n${date}/${region}/${service}/${terminator}\n${hash}`;
}

/** Spaces and tabs only: `\s` would also match 0xA0, which is half of a UTF-8 character here. */
function trimmed(value: string): string {
  return value.replace(/[ \t]+/g, " ").replace(/^ | $/g, "");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A percent sign that starts no byte is an ordinary character, and is encoded as one. */
function decode(text: string): string {
  const spaced = text.includes("+") ? text.replace(/\+/g, " ") : text;
  if (!spaced.includes("%")) return spaced;
  return spaced.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function encode(text: string): string {
  return text.replace(
    /[^A-Za-z0-9\-._~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
