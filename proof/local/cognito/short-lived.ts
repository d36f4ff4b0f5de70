import { randomBytes } from "node:crypto";

/** Values behind an unguessable handle for a while: codes, challenge sessions, browser sessions. Lost at a restart. */
export class ShortLived<T> {
  readonly #values = new Map<string, { readonly value: T; readonly expires: number }>();
  readonly #milliseconds: number;
  readonly #most: number;
  readonly #now: () => number;

  /** @param most how many are kept; the oldest goes first */
  constructor(milliseconds: number, now: () => number, most = 10_000) {
    this.#milliseconds = milliseconds;
    this.#now = now;
    this.#most = most;
  }

  /** @param handle one that was taken, to put a value back */
  put(value: T, handle = randomBytes(32).toString("base64url")): string {
    this.#values.set(handle, { value, expires: this.#now() + this.#milliseconds });
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#most) break;
      this.#values.delete(oldest);
    }
    return handle;
  }

  get(handle: string): T | undefined {
    const found = this.#values.get(handle);
    if (found !== undefined && found.expires > this.#now()) return found.value;
    this.#values.delete(handle);
    return undefined;
  }

  /** The value, once. */
  take(handle: string): T | undefined {
    const value = this.get(handle);
    this.#values.delete(handle);
    return value;
  }

  delete(handle: string): void {
    this.#values.delete(handle);
  }
}
