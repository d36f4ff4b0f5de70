import { createHash } from "node:crypto";

/** Characters of the ids that AWS gives to API Gateway's objects. */
export const lowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789";
export const hexadecimal = "0123456789abcdef";
export const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * A stand-in for what AWS makes up at apply: the same for the same seed on every machine, in the shape of the real
 * thing. Never used where a secret is needed.
 */
export function standIn(seed: string, length: number, alphabet: string): string {
  let text = "";
  for (let round = 0; text.length < length; round += 1) {
    for (const byte of createHash("sha256")
      .update(`${String(round)}/${seed}`)
      .digest()) {
      text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text.slice(0, length);
}

/** In the form of a version 4 UUID. */
export function standInUuid(seed: string): string {
  const hex = standIn(seed, 32, hexadecimal);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join("-");
}
