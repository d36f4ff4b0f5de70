import { createHash } from "node:crypto";
import type { AuthorizerResult } from "./authorizer-output";

interface Entry {
  readonly result: AuthorizerResult;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * What Lambda authorizers answered, kept for their TTL. An entry is the policy with its context, never a verdict: it
 * is evaluated again for every request, because one entry serves every method and path of the authorizer (Use API
 * Gateway Lambda authorizers). Only answers that fulfil the output contract are kept; errors and 401s never are.
 * Bounded: the entry that was not used for longest goes first.
 */
export class AuthorizerCache {
  readonly #entries = new Map<string, Entry>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** @param now milliseconds since the epoch */
  get(key: string, now: number): AuthorizerResult | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (now >= entry.expiresAt) return undefined;
    this.#entries.set(key, entry);
    return entry.result;
  }

  set(key: string, result: AuthorizerResult, expiresAt: number): void {
    this.#entries.delete(key);
    if (this.#most <= 0) return;
    if (this.#entries.size >= this.#most) {
      const oldest = this.#entries.keys().next();
      if (oldest.done !== true) this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, { result, expiresAt });
  }

  /** What `FlushStageAuthorizersCache` and a redeployment do. */
  clear(): void {
    this.#entries.clear();
  }
}

/**
 * The key of one API, stage, authorizer and the identity values in the order of its identity sources. Each part is
 * preceded by its length, so that `["a","bc"]` and `["ab","c"]` differ, and all are hashed, so that no token stays in
 * memory longer than its request.
 */
export function cacheKey(scope: readonly string[], identity: readonly (readonly string[])[]): string {
  const hash = createHash("sha256");
  for (const values of [scope, ...identity]) {
    hash.update(`${values.length}#`);
    for (const value of values) hash.update(`${Buffer.byteLength(value)}:${value}`);
  }
  return hash.digest("base64");
}
