import { createHash } from "node:crypto";

/** Only assertions of the identity provider's get in, each for its lifetime; this many at once is an accident. */
const MAXIMUM_IDS = 20_000;

/** Tells whether an assertion ID was seen with other text before. */
export interface SeenAssertions {
  /** @throws Error where too many are remembered: forgetting one would let it be replayed. */
  isReplay(id: string, text: string, expires: number, now: number): boolean;
}

/**
 * Binds each assertion ID to the text it first came in, until the assertion expires. A bearer assertion is presented
 * again and again by its holder, and API Gateway's cache may run out in between, so the same text is welcome; another
 * text under the same ID is a copy that was re-encoded or tampered with. The memory is this execution environment's
 * own: what bounds a stolen assertion is its lifetime.
 */
export function seenAssertions(): SeenAssertions {
  const seen = new Map<string, { readonly digest: string; readonly expires: number }>();
  return {
    isReplay(id, text, expires, now) {
      const digest = createHash("sha256").update(text).digest("base64");
      const first = seen.get(id);
      if (first !== undefined && first.expires > now) return first.digest !== digest;
      if (seen.size >= MAXIMUM_IDS) for (const [key, entry] of seen) if (entry.expires <= now) seen.delete(key);
      if (seen.size >= MAXIMUM_IDS) throw new Error(`More than ${MAXIMUM_IDS} assertions are valid at once.`);
      seen.set(id, { digest, expires });
      return false;
    },
  };
}
