import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { InputError } from "../errors";
import type { StateFolder } from "./state";

const FILE = "credentials.json";
const PREFIX = "portcullis.";

/** What a session token says of its session. It is authenticated, not hidden: its holder may read it. */
export interface SessionClaims {
  readonly accessKeyId: string;
  /** ARN of the role or user that the session acts as. */
  readonly arn: string;
  /** Role session name; absent for a user's session. */
  readonly session?: string;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Session policies, as documents. */
  readonly policies: readonly unknown[];
  /** Session tags. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Makes session credentials that any process with the same state folder can verify. The token carries the session and
 * an HMAC over it, the secret is derived from the access key id: the one thing stored is the master key.
 */
export class SessionMint {
  readonly #masterKey: Buffer;

  constructor(state: StateFolder) {
    const stored = state.readOrCreate(FILE, () => ({ masterKey: randomBytes(32).toString("base64url") }));
    const text = (stored as { masterKey?: unknown } | null)?.masterKey;
    const key = Buffer.from(typeof text === "string" ? text : "", "base64url");
    if (key.length !== 32) {
      throw new InputError({
        what: "This file of local state holds no usable master key.",
        where: `${state.path}/${FILE}`,
        next: "Delete it; a new key is made at the next start, and credentials made before stop working.",
      });
    }
    this.#masterKey = key;
  }

  /** An access key id that is not in use: 80 random bits in AWS's alphabet. */
  newAccessKeyId(): string {
    return `ASIA${base32(randomBytes(10))}`;
  }

  secretOf(accessKeyId: string): string {
    return this.#hmac("secret", accessKeyId).subarray(0, 30).toString("base64");
  }

  tokenOf(claims: SessionClaims): string {
    const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
    return `${PREFIX}${payload}.${this.#hmac("token", payload).toString("base64url")}`;
  }

  /** The claims of a token made with this master key, expired or not; undefined for any other text. */
  read(token: string): SessionClaims | undefined {
    if (!token.startsWith(PREFIX)) return undefined;
    const [payload, mac, ...rest] = token.slice(PREFIX.length).split(".");
    if (payload === undefined || mac === undefined || rest.length > 0) return undefined;
    const [expected, given] = [Buffer.from(this.#hmac("token", payload).toString("base64url")), Buffer.from(mac)];
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
    return JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as SessionClaims;
  }

  /** The purpose keeps a token's HMAC from ever being some key's secret. */
  #hmac(purpose: "secret" | "token", text: string): Buffer {
    return createHmac("sha256", this.#masterKey).update(`${purpose}\n${text}`).digest();
  }
}

/** The alphabet of AWS's unique ids: capitals and 2 to 7, five bits each. */
export function base32(bytes: Uint8Array): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet.charAt(parseInt(five, 2))).join("");
}
