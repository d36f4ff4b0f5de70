import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { SignableRequest, VerifyOptions } from "../../proof/sigv4";
import type { LocalCredential } from "../../proof/sigv4";

export const HOST = "abcdefghij.execute-api.eu-central-1.amazonaws.com";
export const REGION = "eu-central-1";

function credential(accessKeyId: string, sessionToken?: string, expiresAt?: number): LocalCredential {
  const arn = `arn:aws:iam::111111111111:user/${accessKeyId}`;
  return {
    accessKeyId,
    secretAccessKey: `secret/of+${accessKeyId}`,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    caller: {
      principal: { kind: "aws", arn, accountId: "111111111111", principalArn: arn },
      accessKeyId,
      identityPolicies: [],
      sessionPolicies: [],
      serviceControlPolicies: [],
      tags: {},
      userId: "AIDAEXAMPLE",
    },
  };
}

export const LONG_TERM = credential("AKIALONGTERM");
export const TEMPORARY = credential("ASIATEMPORARY", "token/with+odd=characters&more==", Date.UTC(2100, 0, 1));
export const EXPIRED = credential("ASIAEXPIRED", "old", Date.UTC(2020, 0, 1));
const known = new Map([LONG_TERM, TEMPORARY, EXPIRED].map((found) => [found.accessKeyId, found]));

export function options(now: number, more: Partial<VerifyOptions> = {}): VerifyOptions {
  return { now, region: REGION, service: "execute-api", findCredential: (id) => known.get(id), ...more };
}

/** The hash interface that Smithy wants, over node:crypto. */
class Sha256 {
  readonly #hash;
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      key === undefined
        ? createHash("sha256")
        : createHmac("sha256", typeof key === "string" ? key : Buffer.from(key as Uint8Array));
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

export interface Unsigned {
  readonly method?: string;
  /** As on the wire. */
  readonly path?: string;
  /** Decoded; Smithy takes no raw query. */
  readonly query?: Readonly<Record<string, string | string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly credential?: LocalCredential;
  readonly signedAt?: number;
  readonly region?: string;
  readonly service?: string;
  readonly form?: "header" | "query";
  readonly expiresSeconds?: number;
}

/** The request as `@smithy/signature-v4`, the signer of AWS's SDK for JavaScript, puts it on the wire. */
export async function smithySigned(unsigned: Unsigned = {}): Promise<SignableRequest> {
  const { accessKeyId, secretAccessKey, sessionToken } = unsigned.credential ?? LONG_TERM;
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    region: unsigned.region ?? REGION,
    service: unsigned.service ?? "execute-api",
    sha256: Sha256,
  });
  const request = {
    method: unsigned.method ?? "GET",
    protocol: "https:",
    hostname: HOST,
    path: unsigned.path ?? "/dev/orders",
    query: { ...unsigned.query },
    headers: { host: HOST, ...unsigned.headers },
    ...(unsigned.body === undefined ? {} : { body: unsigned.body }),
  };
  const signingDate = new Date(unsigned.signedAt ?? Date.now());
  const signed =
    unsigned.form === "query"
      ? await signer.presign(request, { signingDate, expiresIn: unsigned.expiresSeconds ?? 900 })
      : await signer.sign(request, { signingDate });
  return {
    method: signed.method,
    rawPath: signed.path,
    rawQuery: Object.entries(signed.query ?? {})
      .flatMap(([name, values]) => [values ?? ""].flat().map((value) => `${escape(name)}=${escape(value)}`))
      .join("&"),
    headers: Object.entries(signed.headers),
    body: Buffer.from(unsigned.body ?? ""),
  };
}

function escape(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
