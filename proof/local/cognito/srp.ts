import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * The server's side of the Secure Remote Password protocol as Cognito speaks it: RFC 5054's 3072-bit group with
 * SHA-256, hex padded to a positive number, and a key drawn with HKDF under the label below. There is no published
 * specification; the reference is what AWS's own clients compute.
 */
const N = BigInt(
  `0xFFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF`,
);
const G = 2n;
const K = number(sha256(padded(N), padded(G)));
const LABEL = "Caldera Derived Key\u0001";

export interface SrpVerifier {
  readonly salt: string;
  readonly verifier: string;
}

/** What an exchange under way keeps on the server. */
export interface SrpExchange {
  readonly clientA: bigint;
  readonly b: bigint;
  readonly serverB: bigint;
  readonly verifier: bigint;
  readonly secretBlock: Buffer;
}

/** @param poolName the part of the pool's id after the underscore */
export function srpVerifier(poolName: string, username: string, password: string): SrpVerifier {
  const salt = number(randomBytes(16));
  const identity = createHash("sha256").update(`${poolName}${username}:${password}`).digest();
  const x = number(sha256(padded(salt), identity));
  return { salt: salt.toString(16), verifier: modPow(G, x).toString(16) };
}

/** The server's answer to the client's public value; undefined where that value is none (it would fix the key). */
export function startSrp(srpA: string, stored: SrpVerifier): SrpExchange | undefined {
  if (!/^[0-9a-fA-F]{1,1024}$/.test(srpA)) return undefined;
  const clientA = BigInt(`0x${srpA}`);
  if (clientA % N === 0n) return undefined;
  const verifier = BigInt(`0x${stored.verifier}`);
  const b = number(randomBytes(32));
  return { clientA, b, serverB: (K * verifier + modPow(G, b)) % N, verifier, secretBlock: randomBytes(512) };
}

/** Whether the client's signature shows that it knows the password. */
export function provesPassword(
  exchange: SrpExchange,
  poolName: string,
  username: string,
  timestamp: string,
  signature: string,
): boolean {
  const { clientA, serverB, verifier, b, secretBlock } = exchange;
  const u = number(sha256(padded(clientA), padded(serverB)));
  if (u === 0n) return false;
  const shared = modPow(clientA * modPow(verifier, u), b);
  const extracted = createHmac("sha256", padded(u)).update(padded(shared)).digest();
  const key = createHmac("sha256", extracted).update(LABEL).digest().subarray(0, 16);
  const right = createHmac("sha256", key)
    .update(poolName)
    .update(username)
    .update(secretBlock)
    .update(timestamp)
    .digest();
  const given = Buffer.from(signature, "base64");
  return given.length === right.length && timingSafeEqual(given, right);
}

/** Even length, and a leading zero byte where the first bit is set, as Java writes a positive BigInteger. */
function padded(value: bigint): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 1 ? `0${hex}` : hex;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, "hex");
}

function modPow(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % N;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return digest.digest();
}

function number(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString("hex")}`);
}
