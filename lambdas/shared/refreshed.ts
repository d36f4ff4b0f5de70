export interface Freshness {
  /** How long a value is trusted without asking for it again. */
  readonly maximumAgeMs: number;
  /** The least time between two fetches that a value's failing caused, so that a stranger cannot cause one at will. */
  readonly afterMismatchMs: number;
  /** Milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** The value; with `afterMismatch`, fetched anew where the last fetch is long enough ago. Rejects when a fetch does. */
export type Refreshed<T> = (options?: { readonly afterMismatch: boolean }) => Promise<T>;

/**
 * Keeps what `fetch` gives in memory: secrets and keys that are rotated somewhere else. A fetch that fails after a
 * mismatch leaves the value of before in place for its time; one that fails for age leaves none.
 */
export function refreshed<T>(fetch: () => Promise<T>, freshness: Freshness): Refreshed<T> {
  const now = freshness.now ?? Date.now;
  let held: { readonly value: T; readonly since: number } | undefined;
  let asked = -Infinity;
  let underWay: Promise<T> | undefined;
  return async ({ afterMismatch } = { afterMismatch: false }) => {
    const fresh = held !== undefined && now() - held.since <= freshness.maximumAgeMs;
    const again = afterMismatch && now() - asked > freshness.afterMismatchMs;
    if (held !== undefined && fresh && !again) return held.value;
    asked = now();
    underWay ??= fetch().finally(() => (underWay = undefined));
    held = { value: await underWay, since: now() };
    return held.value;
  };
}
