import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Io } from "../../proof/cli/command";
import { credentialsCommand } from "../../proof/cli/commands/credentials";
import { createCredentialRegistry } from "../../proof/local/credentials";
import { StateFolder } from "../../proof/local/state";
import { model, role, trust } from "./sts-roles";

const account = { AWS: "arn:aws:iam::333333333333:root" };
const oidc = { Federated: "arn:aws:iam::222222222222:oidc-provider/token.actions.githubusercontent.com" };
const roles = [
  role("open", trust(account)),
  role("partner", trust(account, { StringEquals: { "sts:ExternalId": "orders-2026" } })),
  role("twin", trust(account), { address: "one/aws_iam_role.twin" }),
  role("twin", trust(account), { address: "two/aws_iam_role.twin", accountId: "444444444444" }),
  role("function", trust({ Service: "lambda.amazonaws.com" })),
  role("ci-only", trust(account, { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::333333333333:role/ci-*" } })),
  role(
    "github",
    trust(
      oidc,
      { StringEquals: { "token.actions.githubusercontent.com:sub": "repo:a/b" } },
      "sts:AssumeRoleWithWebIdentity",
    ),
  ),
  role("team", trust(account, { StringNotEquals: { "aws:PrincipalTag/team": "guests" } })),
  role("named", trust({ AWS: "arn:aws:iam::333333333333:role/teams/ci" })),
  role("closed", { Version: "2012-10-17", Statement: [{ Effect: "Deny", Principal: "*", Action: "sts:AssumeRole" }] }),
  role("broken", {
    Version: "2012-10-17",
    Statement: [{ Effect: "Perhaps", Principal: "*", Action: "sts:AssumeRole" }],
  }),
  role("short", trust(account), { maxSessionSeconds: 1800 }),
];
const loaded = model(roles);

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "credentials-command-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

async function run(...args: string[]): Promise<string> {
  const command = credentialsCommand(async () => loaded);
  const { values, positionals } = parseArgs({ args, options: command.options, allowPositionals: true });
  let out = "";
  const io: Io = { cwd, env: {}, out: (text) => void (out += text), err: () => undefined, stdin: async () => "" };
  await command.run(io, values, positionals);
  return out;
}
const registry = () => createCredentialRegistry({ model: loaded, state: new StateFolder(join(cwd, "cdktf.out")) });

describe("portcullis credentials", () => {
  it("prints exactly the JSON of credential_process, good for a process that shares the state folder", async () => {
    const before = Date.now();
    const out = await run("open", "--session-name", "me", "--duration", "900");
    expect(out.endsWith("\n")).toBe(true);
    const printed = JSON.parse(out) as Record<string, string>;
    expect(Object.keys(printed)).toEqual(["Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"]);
    expect(printed.Version).toBe(1);
    expect(printed.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    const expiry = Date.parse(printed.Expiration ?? "");
    expect(expiry).toBeGreaterThanOrEqual(before + 900_000);
    expect(expiry).toBeLessThan(before + 960_000);
    const found = registry().find(printed.AccessKeyId ?? "", printed.SessionToken);
    expect(found?.secretAccessKey).toBe(printed.SecretAccessKey);
    expect(found?.caller.principal.arn).toBe("arn:aws:sts::222222222222:assumed-role/open/me");
  });

  it.each(["open", "arn:aws:iam::222222222222:role/open", "partner-access/aws_iam_role.open", "aws_iam_role.open"])(
    "finds the role by %s",
    async (name) => {
      const printed = JSON.parse(await run(name)) as Record<string, string>;
      const found = registry().find(printed.AccessKeyId ?? "", printed.SessionToken);
      expect(found?.caller.principal.principalArn).toBe("arn:aws:iam::222222222222:role/open");
    },
  );

  it("answers an unknown role with the known ones", async () => {
    await expect(run("nobody")).rejects.toThrow(/There is no role 'nobody'\.\n.*Known: open \(arn:.*named.*short/);
  });

  it("answers a name that several roles have with their ARNs", async () => {
    await expect(run("twin")).rejects.toThrow(
      /'twin' is the name of 2 roles\.\n.*222222222222:role\/twin.*444444444444:role\/twin/,
    );
  });

  it("lasts no longer than the role's longest session where no duration is given", async () => {
    const printed = JSON.parse(await run("short")) as Record<string, string>;
    expect(Date.parse(printed.Expiration ?? "")).toBeLessThanOrEqual(Date.now() + 1_800_000);
  });

  it.each([
    ["the right external id", ["partner", "--external-id", "orders-2026"]],
    ["a service that the trust policy names", ["function"]],
    ["the role that the trust policy names", ["named"]],
    ["who it is said to be assumed by", ["ci-only", "--as", "arn:aws:iam::333333333333:role/ci-main"]],
  ])("gives credentials for %s", async (_, args) => {
    expect(JSON.parse(await run(...args))).toHaveProperty("SecretAccessKey");
  });

  it.each([
    ["no external id", ["partner"], /StringEquals sts:ExternalId: the request has no sts:ExternalId/],
    ["a wrong external id", ["partner", "--external-id", "orders-2025"], /sts:ExternalId: orders-2025/],
    [
      "a condition that the account alone does not meet",
      ["ci-only"],
      /ArnLike aws:PrincipalArn: arn:aws:iam::333333333333:root/,
    ],
    [
      "somebody it does not name",
      ["named", "--as", "arn:aws:iam::333333333333:user/eve"],
      /does not allow sts:AssumeRole to arn:aws:iam::333333333333:user\/eve/,
    ],
    ["claims that only the identity provider can give", ["github"], /token\.actions\.githubusercontent\.com:sub/],
    [
      "whose tags nobody tells",
      ["team", "--as", "arn:aws:iam::333333333333:user/eve"],
      /cannot be told whether statement 0 of .* applies: nothing says what aws:PrincipalTag\/team holds/,
    ],
    ["the root user", ["open", "--as", "arn:aws:iam::333333333333:root"], /Roles may not be assumed by root accounts/],
    ["anybody at all", ["closed"], /names nobody in an Allow/],
  ])("refuses %s, with the reason and the place of the trust policy", async (_, args, reason) => {
    const refusal = await run(...args).catch((error: Error) => error.message);
    expect(refusal).toMatch(reason);
    expect(refusal).toContain(`partner-access/aws_iam_role.${args[0]}.assume_role_policy`);
  });

  it("refuses a trust policy that is not valid", async () => {
    await expect(run("broken")).rejects.toThrow(/Perhaps/);
  });

  it("names every bad option at once", async () => {
    const args = ["open", "--duration", "7201", "--session-name", "a b", "--external-id", "?", "--as", "nobody"];
    const message = await run(...args).catch((error: Error) => error.message);
    expect(message).toMatch(/--session-name: 'a b'/);
    expect(message).toMatch(/--duration: 7201 is not a whole number of seconds from 900 to 7200/);
    expect(message).toMatch(/--external-id: /);
    expect(message).toMatch(/--as: 'nobody' is not the ARN/);
  });

  it("leaves no state behind when it refuses", async () => {
    await expect(run("partner")).rejects.toThrow();
    expect(new StateFolder(join(cwd, "cdktf.out")).read("credentials.json")).toBeUndefined();
  });
});
