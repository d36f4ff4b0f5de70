/** `node --import tsx bench/sigv4.ts`: what verifying a signature costs, beside the bare hashes it cannot do without. */

import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCredentialRegistry } from "../proof/local/credentials";
import { StateFolder } from "../proof/local/state";
import type { Role } from "../proof/model/types";
import type { LocalCredential, SignableRequest } from "../proof/sigv4";
import { verifySignature } from "../proof/sigv4";
import { canonicalRequest } from "../proof/sigv4/canonical";
import { parseRequest } from "../proof/sigv4/parse";
import { signingKey } from "../proof/sigv4/signing-key";

const now = Date.UTC(2026, 0, 31, 12);
const timestamp = "20260131T120000Z";
const scope = { date: "20260131", region: "eu-central-1", service: "execute-api", terminator: "aws4_request" };
const hash = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");

/** The header form with four signed headers, as the AWS SDKs send it. */
function signed(credential: LocalCredential, body: Uint8Array): SignableRequest {
  const bodyHash = hash(body);
  const headers = [
    ["content-type", "application/json"],
    ["host", "abcdefghij.execute-api.eu-central-1.amazonaws.com"],
    ["x-amz-content-sha256", bodyHash],
    ["x-amz-date", timestamp],
    ...(credential.sessionToken === undefined ? [] : [["x-amz-security-token", credential.sessionToken] as const]),
  ] as [string, string][];
  const request = {
    method: "POST",
    rawPath: "/dev/orders/caf%C3%A9",
    rawQuery: "b=2&a=1%2B1&list=2&list=1",
    headers,
    body,
  };
  const id = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${timestamp}\n${id}\n${hash(canonicalRequest(parseRequest(request), headers, bodyHash))}`;
  const signature = createHmac("sha256", signingKey(credential.secretAccessKey, scope)).update(text).digest("hex");
  const names = headers.map(([name]) => name).join(";");
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential.accessKeyId}/${id}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...request, headers: [...headers, ["user-agent", "bench"], ["authorization", authorization]] };
}

/** Per second of this process's own CPU time, so that other work on the machine does not count. */
function rate(name: string, work: () => unknown, microseconds = 1_500_000): void {
  const run = (limit: number): number => {
    const start = process.cpuUsage();
    let count = 0;
    let used = 0;
    for (; used < limit; count += 200) {
      for (let i = 0; i < 200; i += 1) work();
      const { user, system } = process.cpuUsage(start);
      used = user + system;
    }
    return (count / used) * 1e6;
  };
  run(microseconds / 5);
  const perSecond = run(microseconds);
  const each = `${(1e6 / perSecond).toFixed(1)} µs`;
  console.log(`${name.padEnd(50)} ${Math.round(perSecond).toLocaleString("en").padStart(10)} /s ${each.padStart(9)}`);
}

const folder = mkdtempSync(join(tmpdir(), "bench-"));
try {
  const source = { file: "bench", address: "aws_iam_role.caller" };
  const role: Role = {
    address: source.address,
    name: "caller",
    arn: "arn:aws:iam::111111111111:role/caller",
    accountId: "111111111111",
    trustPolicy: { document: {}, source },
    identityPolicies: [],
    tags: {},
    maxSessionSeconds: 3600,
    source,
  };
  const options = { model: { roles: [role], users: [] }, state: new StateFolder(join(folder, "out")), now: () => now };
  const registry = createCredentialRegistry(options);
  const session = registry.mintRoleSession({ role, sessionName: "bench" });
  const { sessionToken: _, ...longTerm } = session;

  const empty = new Uint8Array();
  const large = Buffer.alloc(100_000, "x");
  const verify = (credential: LocalCredential, body: Uint8Array) => {
    const request = signed(credential, body);
    const check = { now, region: scope.region, service: scope.service, findCredential: () => credential };
    if (verifySignature(request, check).outcome !== "signed") throw new Error("The bench's own signature is refused.");
    return () => verifySignature(request, check);
  };

  const parts = [scope.date, scope.region, scope.service, "aws4_request"];
  const derive = () =>
    parts.reduce<string | Buffer>(
      (key, part) => createHmac("sha256", key).update(part).digest(),
      `AWS4${longTerm.secretAccessKey}`,
    );
  const key = derive();
  const canonical = "x".repeat(400);
  rate("bare: 2 hashes + 1 HMAC (derived key kept)", () => [
    hash(empty),
    createHmac("sha256", key).update(hash(canonical)).digest("hex"),
  ]);
  rate("bare: 2 hashes + 5 HMACs (key derived each time)", () => [
    hash(empty),
    createHmac("sha256", derive()).update(hash(canonical)).digest("hex"),
  ]);
  rate("verifySignature, empty body", verify(longTerm, empty));
  rate("verifySignature, session token, empty body", verify(session, empty));
  rate("bare: SHA-256 of 100 kB", () => hash(large));
  rate("verifySignature, 100 kB body", verify(longTerm, large));
  const unsigned: SignableRequest = {
    method: "GET",
    rawPath: "/dev/x",
    rawQuery: "",
    headers: [["host", "x"]],
    body: empty,
  };
  const check = { now, region: scope.region, service: scope.service, findCredential: () => undefined };
  rate("verifySignature, not signed at all", () => verifySignature(unsigned, check));
  rate("registry.find, session known", () => registry.find(session.accessKeyId, session.sessionToken));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
