import { createPublicKey, generateKeyPairSync, sign as signBytes, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSigned } from "./certificate";

/** An HTTPS server with one document a path, whose certificate a child process can be told to trust. */
export interface HttpsServer {
  readonly url: string;
  /** For NODE_EXTRA_CA_CERTS. */
  readonly certificateFile: string;
  /** Paths asked for, in order. */
  readonly requests: string[];
  readonly documents: Map<string, string>;
  /** While true, every answer is a 503. */
  down: boolean;
  stop(): void;
}

export async function startHttps(): Promise<HttpsServer> {
  const { privateKeyPem, certificatePem } = selfSigned("localhost");
  const folder = mkdtempSync(join(tmpdir(), "issuer-"));
  const certificateFile = join(folder, "certificate.pem");
  writeFileSync(certificateFile, certificatePem);
  const server = createServer({ key: privateKeyPem, cert: certificatePem }, (request, response) => {
    self.requests.push(request.url ?? "");
    const document = self.documents.get(request.url ?? "");
    response.writeHead(self.down ? 503 : document === undefined ? 404 : 200, { Connection: "close" });
    response.end(self.down ? "" : document);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const self: HttpsServer = {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    certificateFile,
    requests: [],
    documents: new Map(),
    down: false,
    stop: () => {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return self;
}

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: Readonly<Record<string, unknown>>;
}

export function signingKey(kid: string, type: "RSA" | "EC" = "RSA"): SigningKey {
  const { privateKey } =
    type === "RSA"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = { ...createPublicKey(privateKey).export({ format: "jwk" }), kid, use: "sig" };
  return { kid, privateKey, jwk };
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A signed JWT; `header` adds to or replaces members of the header. */
export function jwt(key: SigningKey, claims: unknown, header: Readonly<Record<string, unknown>> = {}): string {
  const alg = key.privateKey.asymmetricKeyType === "rsa" ? "RS256" : "ES256";
  const input = `${part({ alg, typ: "JWT", kid: key.kid, ...header })}.${part(claims)}`;
  const signature = signBytes("sha256", Buffer.from(input), { key: key.privateKey, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}

export const unsignedJwt = (header: unknown, claims: unknown, signature: string): string =>
  `${part(header)}.${part(claims)}.${signature}`;
