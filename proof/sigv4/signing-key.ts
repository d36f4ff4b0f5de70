import { createHmac } from "node:crypto";
import type { SignatureClaim } from "./types";

const MOST_KEYS = 1000;
const cache = new Map<string, Buffer>();

/**
 * The derived signing key, four HMACs of the five that a verification costs. Cached under the secret itself, so that
 * two credentials never share a key, and bounded: the oldest goes first.
 */
export function signingKey(secretAccessKey: string, scope: SignatureClaim["scope"]): Buffer {
  const id = JSON.stringify([secretAccessKey, scope.date, scope.region, scope.service]);
  const found = cache.get(id);
  if (found !== undefined) return found;
  const key = [scope.date, scope.region, scope.service, "aws4_request"].reduce<string | Buffer>(
    (previous, part) => createHmac("sha256", previous).update(part).digest(),
    `AWS4${secretAccessKey}`,
  ) as Buffer;
  if (cache.size >= MOST_KEYS) {
    const oldest = cache.keys().next().value;
    if (oldest !== undefined) cache.delete(oldest);
  }
  cache.set(id, key);
  return key;
}
