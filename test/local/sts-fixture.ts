import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { CredentialRegistry, LocalCredential } from "../../proof/local/credentials";
import { createCredentialRegistry } from "../../proof/local/credentials";
import { StateFolder } from "../../proof/local/state";
import { stsEndpoint } from "../../proof/local/sts";
import { allow, model, role, trust, user } from "./sts-roles";
import type { EndpointServer } from "./sts-server";
import { serveEndpoints } from "./sts-server";

export const ROBOT = "arn:aws:iam::222222222222:user/robot";
export const ACCOUNT_3 = { AWS: "arn:aws:iam::333333333333:root" };
const roles = [
  role("delegated", trust({ AWS: "222222222222" })),
  role("named", trust({ AWS: ROBOT }), { maxSessionSeconds: 3600 }),
  role("partner", trust(ACCOUNT_3, { StringEquals: { "sts:ExternalId": "orders-2026" } })),
  role("tagged", trust({ AWS: ROBOT }, undefined, ["sts:AssumeRole", "sts:TagSession"]), { tags: { team: "orders" } }),
  role(
    "team-only",
    trust({ AWS: ROBOT }, { StringEquals: { "aws:RequestTag/team": "orders" } }, ["sts:AssumeRole", "sts:TagSession"]),
  ),
  role("mfa", trust({ AWS: ROBOT }, { Bool: { "aws:MultiFactorAuthPresent": "true" } })),
  role("regional", trust({ AWS: ROBOT }, { StringNotEquals: { "aws:RequestedRegion": "us-east-1" } })),
  role("chain", trust({ AWS: "arn:aws:iam::222222222222:role/named" })),
  role("broken", { Version: "2012-10-17", Statement: [{ Effect: "Maybe" }] }),
  role("denying", {
    Version: "2012-10-17",
    Statement: [
      ...trust({ AWS: ROBOT }).Statement,
      { Effect: "Deny", Principal: { AWS: ROBOT }, Action: "sts:AssumeRole" },
    ],
  }),
];
const loaded = model(roles, [user("robot")]);
const caller = (accessKeyId: string, arn: string, ...policies: object[]) => ({
  accessKeyId,
  secretAccessKey: `secret-${accessKeyId}`,
  arn,
  policies,
});
export const callers = [
  caller("AKIAROBOT", ROBOT),
  caller(
    "AKIADELEGATE",
    "arn:aws:iam::222222222222:user/delegate",
    allow("sts:AssumeRole", "arn:aws:iam::222222222222:role/delegated"),
  ),
  caller("AKIAPARTNER", "arn:aws:iam::333333333333:user/partner", allow("sts:*")),
  caller("AKIANOPOLICY", "arn:aws:iam::333333333333:user/nobody"),
  caller("AKIAROOT", "arn:aws:iam::333333333333:root"),
];

/** The STS of one test file, made before its tests. */
export const sts = {
  folder: "",
  /** Milliseconds since the epoch; 0 for the present time. */
  now: 0,
  refusals: [] as string[],
  registry: undefined as unknown as CredentialRegistry,
  server: undefined as unknown as EndpointServer,
};
beforeAll(async () => {
  sts.folder = mkdtempSync(join(tmpdir(), "sts-"));
  const callersFile = join(sts.folder, "callers.json");
  writeFileSync(callersFile, JSON.stringify({ callers }));
  const state = new StateFolder(join(sts.folder, "cdktf.out"));
  const clock = () => sts.now || Date.now();
  sts.registry = createCredentialRegistry({ model: loaded, state, callersFile, now: clock });
  const endpoint = stsEndpoint(sts.registry, loaded, {
    now: clock,
    onRefusal: (because) => sts.refusals.push(because),
  });
  sts.server = await serveEndpoints(() => [endpoint]);
});
beforeEach(() => {
  sts.now = 0;
  sts.refusals.length = 0;
});
afterAll(() => {
  sts.server.close();
  rmSync(sts.folder, { recursive: true, force: true });
});

export type Keys = Pick<LocalCredential, "accessKeyId" | "secretAccessKey" | "sessionToken">;
export const keys = (accessKeyId: string): Keys => ({ accessKeyId, secretAccessKey: `secret-${accessKeyId}` });
export function client(credentials: Keys, region = "eu-central-1"): STSClient {
  return new STSClient({ endpoint: sts.server.url, region, credentials: credentials as never, maxAttempts: 1 });
}
export const ROLE = "arn:aws:iam::222222222222:role";
export async function assume(key: string | Keys, input: Partial<AssumeRoleCommandInput>) {
  const credentials = typeof key === "string" ? keys(key) : key;
  return client(credentials).send(new AssumeRoleCommand({ RoleArn: undefined, RoleSessionName: "me", ...input }));
}
export const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "admitted",
    (error: Error & { $metadata?: { httpStatusCode?: number } }) => [
      error.$metadata?.httpStatusCode,
      error.name,
      error.message,
    ],
  );
export async function keysOf(answer: ReturnType<typeof assume>): Promise<Keys> {
  const { AccessKeyId, SecretAccessKey, SessionToken } = (await answer).Credentials ?? {};
  return { accessKeyId: AccessKeyId ?? "", secretAccessKey: SecretAccessKey ?? "", sessionToken: SessionToken ?? "" };
}
