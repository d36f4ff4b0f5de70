import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const STEP_MS = 30_000;

/** A secret as authenticator apps take it: 32 bytes in base32 (RFC 4648) without padding. */
export function newTotpSecret(): string {
  let bits = "";
  for (const byte of randomBytes(32)) bits += byte.toString(2).padStart(8, "0");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET.charAt(parseInt(five.padEnd(5, "0"), 2))).join("");
}

/** The six digits for one step of 30 seconds: HMAC-SHA-1 with dynamic truncation (RFC 6238, RFC 4226 5.3). */
export function totp(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = (digest[19] ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/**
 * The step that the code belongs to, one to either side of now for clocks that differ; undefined where it is wrong or
 * not newer than the last one taken.
 *
 * @param now milliseconds since the epoch
 */
export function acceptTotp(secret: string, code: string, now: number, last: number | undefined): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const present = Math.floor(now / STEP_MS);
  return [present, present - 1, present + 1].find(
    (step) => step > (last ?? -1) && timingSafeEqual(Buffer.from(totp(secret, step)), Buffer.from(code)),
  );
}

function fromBase32(text: string): Buffer {
  let bits = "";
  for (const character of text) bits += ALPHABET.indexOf(character).toString(2).padStart(5, "0");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
