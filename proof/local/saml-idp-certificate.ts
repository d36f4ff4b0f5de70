import { createPublicKey, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

/**
 * A self-signed X.509 certificate in PEM: a key in the form that SAML metadata carries it. Node reads certificates
 * and makes none, and what is needed here is one fixed shape (RFC 5280, 4.1; DER as in X.690).
 *
 * @param commonName of subject and issuer
 * @param from milliseconds since the epoch; it is good for ten years
 */
export function selfSignedCertificate(privateKey: KeyObject, commonName: string, from: number): string {
  const name = sequence(tlv(0x31, sequence(COMMON_NAME, tlv(0x0c, Buffer.from(commonName)))));
  const until = new Date(from);
  until.setUTCFullYear(until.getUTCFullYear() + 10);
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, Buffer.concat([Buffer.of(1), randomBytes(15)])),
    SHA256_WITH_RSA,
    name,
    sequence(time(new Date(from)), time(until)),
    name,
    createPublicKey(privateKey).export({ type: "spki", format: "der" }),
  );
  const signature = tlv(0x03, Buffer.concat([Buffer.of(0), sign("RSA-SHA256", body, privateKey)]));
  const lines =
    sequence(body, SHA256_WITH_RSA, signature)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** 2.5.4.3 */
const COMMON_NAME = Buffer.from("0603550403", "hex");
/** 1.2.840.113549.1.1.11 with no parameters */
const SHA256_WITH_RSA = Buffer.from("300d06092a864886f70d01010b0500", "hex");

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function tlv(tag: number, value: Buffer): Buffer {
  if (value.length < 0x80) return Buffer.concat([Buffer.of(tag, value.length), value]);
  const hex = value.length.toString(16);
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, value]);
}

/** Two-digit years until 2049, four-digit ones after (RFC 5280, 4.1.2.5). */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  return date.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(digits.slice(2))) : tlv(0x18, Buffer.from(digits));
}
