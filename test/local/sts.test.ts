import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import type { CredentialRegistry, LocalCredential } from "../../proof/local/credentials";
import { createCredentialRegistry } from "../../proof/local/credentials";
import { StateFolder } from "../../proof/local/state";
import { stsEndpoint } from "../../proof/local/sts";
import { allow, model, role, trust, user } from "./sts-roles";
import type { EndpointServer } from "./sts-server";
import { serveEndpoints } from "./sts-server";

const ROBOT = "arn:aws:iam::222222222222:user/robot";
const ACCOUNT_3 = { AWS: "arn:aws:iam::333333333333:root" };
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
const callers = [
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

let folder: string;
let registry: CredentialRegistry;
let server: EndpointServer;
let now = 0;
const refusals: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sts-"));
  const callersFile = join(folder, "callers.json");
  writeFileSync(callersFile, JSON.stringify({ callers }));
  const state = new StateFolder(join(folder, "cdktf.out"));
  const clock = () => now || Date.now();
  registry = createCredentialRegistry({ model: loaded, state, callersFile, now: clock });
  const endpoint = stsEndpoint(registry, loaded, { now: clock, onRefusal: (because) => refusals.push(because) });
  server = await serveEndpoints(() => [endpoint]);
});
beforeEach(() => {
  now = 0;
  refusals.length = 0;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

type Keys = Pick<LocalCredential, "accessKeyId" | "secretAccessKey" | "sessionToken">;
const keys = (accessKeyId: string): Keys => ({ accessKeyId, secretAccessKey: `secret-${accessKeyId}` });
function client(credentials: Keys, region = "eu-central-1"): STSClient {
  return new STSClient({ endpoint: server.url, region, credentials: credentials as never, maxAttempts: 1 });
}
const ROLE = "arn:aws:iam::222222222222:role";
async function assume(key: string | Keys, input: Partial<AssumeRoleCommandInput>) {
  const credentials = typeof key === "string" ? keys(key) : key;
  return client(credentials).send(new AssumeRoleCommand({ RoleArn: undefined, RoleSessionName: "me", ...input }));
}
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "admitted",
    (error: Error & { $metadata?: { httpStatusCode?: number } }) => [
      error.$metadata?.httpStatusCode,
      error.name,
      error.message,
    ],
  );
async function keysOf(answer: ReturnType<typeof assume>): Promise<Keys> {
  const { AccessKeyId, SecretAccessKey, SessionToken } = (await answer).Credentials ?? {};
  return { accessKeyId: AccessKeyId ?? "", secretAccessKey: SecretAccessKey ?? "", sessionToken: SessionToken ?? "" };
}

describe("AssumeRole", () => {
  it("gives credentials that sign as the role's session, by the AWS SDK", async () => {
    const before = Date.now();
    const answer = await assume("AKIAROBOT", { RoleArn: `${ROLE}/named` });
    const arn = "arn:aws:sts::222222222222:assumed-role/named/me";
    expect(answer.AssumedRoleUser).toEqual({ Arn: arn, AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:me$/) });
    const expiry = answer.Credentials?.Expiration?.getTime() ?? 0;
    expect(expiry).toBeGreaterThanOrEqual(before + 3_600_000);
    expect(expiry).toBeLessThan(before + 3_660_000);
    const session = await keysOf(assume("AKIAROBOT", { RoleArn: `${ROLE}/named` }));
    const who = await client(session).send(new GetCallerIdentityCommand());
    expect(who).toMatchObject({ Arn: arn, Account: "222222222222", UserId: answer.AssumedRoleUser?.AssumedRoleId });
  });

  it.each([
    ["its own account's delegation and the caller's policy", "AKIADELEGATE", { RoleArn: `${ROLE}/delegated` }],
    [
      "another account's trust, its policy and the external id",
      "AKIAPARTNER",
      { RoleArn: `${ROLE}/partner`, ExternalId: "orders-2026" },
    ],
    [
      "a tag that the trust policy asks for",
      "AKIAROBOT",
      { RoleArn: `${ROLE}/team-only`, Tags: [{ Key: "team", Value: "orders" }] },
    ],
  ])("is open to %s", async (_, key, input) => {
    expect((await assume(key, input)).Credentials?.SessionToken).toMatch(/^portcullis\./);
  });

  it.each([
    [
      "a wrong external id",
      "AKIAPARTNER",
      { RoleArn: `${ROLE}/partner`, ExternalId: "orders-2025" },
      /sts:ExternalId: orders-2025 is/,
    ],
    ["no external id", "AKIAPARTNER", { RoleArn: `${ROLE}/partner` }, /the request has no sts:ExternalId/],
    [
      "another account's caller without a policy of its own",
      "AKIANOPOLICY",
      { RoleArn: `${ROLE}/partner`, ExternalId: "orders-2026" },
      /no identity policy of arn:aws:iam::333333333333:user\/nobody/,
    ],
    [
      "a delegated account's caller without a policy of its own",
      "AKIAROBOT",
      { RoleArn: `${ROLE}/delegated` },
      /no identity policy of .*robot/,
    ],
    [
      "somebody else than the one trusted",
      "AKIADELEGATE",
      { RoleArn: `${ROLE}/named` },
      /does not allow sts:AssumeRole/,
    ],
    [
      "a Deny in the trust policy",
      "AKIAROBOT",
      { RoleArn: `${ROLE}/denying` },
      /denied by .*denying\.assume_role_policy statement 1/,
    ],
    [
      "tags where sts:TagSession is not allowed",
      "AKIAROBOT",
      { RoleArn: `${ROLE}/named`, Tags: [{ Key: "team", Value: "x" }] },
      /sts:TagSession/,
    ],
    [
      "another tag than the trust policy asks for",
      "AKIAROBOT",
      { RoleArn: `${ROLE}/team-only`, Tags: [{ Key: "team", Value: "x" }] },
      /aws:RequestTag\/team/,
    ],
    ["a role that wants MFA", "AKIAROBOT", { RoleArn: `${ROLE}/mfa` }, /aws:MultiFactorAuthPresent/],
    ["a role that does not exist", "AKIAROBOT", { RoleArn: `${ROLE}/absent` }, /There is no role/],
  ])("is refused for %s in AWS's words, and locally with the reason", async (_, key, input, reason) => {
    const arn = callers.find(({ accessKeyId }) => accessKeyId === key)?.arn;
    expect(await refusal(assume(key, input))).toEqual([
      403,
      "AccessDenied",
      `User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`,
    ]);
    expect(refusals.join("\n")).toMatch(reason);
  });

  it("is refused to the root user of an account, trusted or not", async () => {
    const input = { RoleArn: `${ROLE}/partner`, ExternalId: "orders-2026" };
    const words = "Roles may not be assumed by root accounts.";
    expect(await refusal(assume("AKIAROOT", input))).toEqual([403, "AccessDenied", words]);
  });

  it("is refused where the trust policy is not valid", async () => {
    expect(await refusal(assume("AKIAROBOT", { RoleArn: `${ROLE}/broken` }))).toEqual([
      403,
      "AccessDenied",
      "A policy of the role or of the caller is not valid.",
    ]);
    expect(refusals.join("\n")).toMatch(/broken.*Maybe/);
  });

  it("narrows the session by the session policy and marks it with the tags", async () => {
    const policy = allow("execute-api:Invoke", "arn:aws:execute-api:*:*:*/dev/GET/orders");
    const Tags = [{ Key: "job", Value: "7" }];
    const input = { RoleArn: `${ROLE}/tagged`, Policy: JSON.stringify(policy), Tags };
    const { accessKeyId, sessionToken } = await keysOf(assume("AKIAROBOT", input));
    const found = registry.find(accessKeyId, sessionToken)?.caller;
    expect(found?.sessionPolicies.map(({ document }) => document)).toEqual([policy]);
    expect(found?.tags).toEqual({ team: "orders", job: "7" });
  });

  it.each([
    ["a tag with a character that is not allowed", [{ Key: "team", Value: "a;b" }], "ValidationError"],
    [
      "two tags that differ in case alone",
      [
        { Key: "team", Value: "a" },
        { Key: "Team", Value: "b" },
      ],
      "InvalidParameterValue",
    ],
    ["more than fifty tags", Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: "v" })), "ValidationError"],
  ])("refuses %s", async (_, Tags, code) => {
    expect(await refusal(assume("AKIAROBOT", { RoleArn: `${ROLE}/tagged`, Tags }))).toEqual([
      400,
      code,
      expect.any(String),
    ]);
  });

  it("lets a session assume a further role for at most one hour", async () => {
    const session = await keysOf(assume("AKIAROBOT", { RoleArn: `${ROLE}/named` }));
    expect((await assume(session, { RoleArn: `${ROLE}/chain` })).AssumedRoleUser?.Arn).toContain(
      "assumed-role/chain/me",
    );
    expect(await refusal(assume(session, { RoleArn: `${ROLE}/chain`, DurationSeconds: 3601 }))).toEqual([
      400,
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    ]);
  });

  it.each([
    [
      "a longer session than the role's",
      { RoleArn: `${ROLE}/named`, DurationSeconds: 3601 },
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    ],
    [
      "a short session",
      { RoleArn: `${ROLE}/named`, DurationSeconds: 899 },
      "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
    [
      "several members that are wrong",
      { RoleArn: undefined, RoleSessionName: "a b", DurationSeconds: 43_201 },
      "3 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\\w+=,.@-]{2,64}$; Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
    ],
    [
      "what is not supported here",
      {
        RoleArn: `${ROLE}/named`,
        PolicyArns: [{ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
        SourceIdentity: "me",
      },
      "The local STS does not support PolicyArns, SourceIdentity.",
    ],
  ])("answers %s with a ValidationError", async (_, input, message) => {
    expect(await refusal(assume("AKIAROBOT", input))).toEqual([400, "ValidationError", message]);
  });

  it.each(["{", '{"Version":"2012-10-17"}', '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*"}]}'])(
    "answers the session policy %s with MalformedPolicyDocument",
    async (Policy) => {
      expect(await refusal(assume("AKIAROBOT", { RoleArn: `${ROLE}/named`, Policy }))).toEqual([
        400,
        "MalformedPolicyDocumentException",
        "The policy is not in the valid JSON format.",
      ]);
    },
  );
});

describe("GetSessionToken", () => {
  it("gives a user temporary credentials with the user's own identity", async () => {
    const answer = await client(keys("AKIADELEGATE")).send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = answer.Credentials ?? {};
    const session = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    const who = await client(session).send(new GetCallerIdentityCommand());
    expect(who.Arn).toBe("arn:aws:iam::222222222222:user/delegate");
    expect((await assume(session, { RoleArn: `${ROLE}/delegated` })).AssumedRoleUser?.Arn).toContain("/delegated/me");
    expect(await refusal(client(session).send(new GetSessionTokenCommand()))).toEqual([
      403,
      "AccessDenied",
      "Cannot call GetSessionToken with session credentials",
    ]);
  });

  it("gives the root user an hour at most", async () => {
    const root = client(keys("AKIAROOT"));
    const answer = await root.send(new GetSessionTokenCommand());
    const left = (answer.Credentials?.Expiration?.getTime() ?? 0) - Date.now();
    expect(left).toBeLessThanOrEqual(3_600_000);
    expect(left).toBeGreaterThan(3_500_000);
    expect(await refusal(root.send(new GetSessionTokenCommand({ DurationSeconds: 3601 })))).toEqual([
      400,
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit of the account root user.",
    ]);
  });

  it("refuses MFA, which is not supported here", async () => {
    const input = { SerialNumber: "arn:aws:iam::222222222222:mfa/robot", TokenCode: "123456" };
    expect(await refusal(client(keys("AKIAROBOT")).send(new GetSessionTokenCommand(input)))).toEqual([
      400,
      "ValidationError",
      "The local STS does not support SerialNumber, TokenCode.",
    ]);
  });

  it("refuses durations out of range", async () => {
    expect(
      await refusal(client(keys("AKIAROBOT")).send(new GetSessionTokenCommand({ DurationSeconds: 129_601 }))),
    ).toEqual([400, "ValidationError", expect.stringMatching(/129601.*less than or equal to 129600/)]);
  });
});

describe("whoever is not who they say", () => {
  const identify = (credentials: Keys) => refusal(client(credentials).send(new GetCallerIdentityCommand()));

  it("is refused with the wrong secret, an unknown key or an unknown token", async () => {
    expect(await identify({ ...keys("AKIAROBOT"), secretAccessKey: "guess" })).toEqual([
      403,
      "SignatureDoesNotMatch",
      expect.stringMatching(/^The request signature we calculated/),
    ]);
    const invalid = [403, "InvalidClientTokenId", "The security token included in the request is invalid."];
    expect(await identify(keys("AKIANOBODY"))).toEqual(invalid);
    expect(await identify({ ...keys("AKIAROBOT"), sessionToken: "portcullis.x.y" })).toEqual(invalid);
  });

  it("is refused once the session is over", async () => {
    const session = await keysOf(assume("AKIAROBOT", { RoleArn: `${ROLE}/named`, DurationSeconds: 900 }));
    const shortly = registry.find(session.accessKeyId, session.sessionToken)?.expiresAt ?? 0;
    now = shortly;
    expect(await identify(session)).toEqual([
      403,
      "ExpiredToken",
      "The security token included in the request is expired",
    ]);
  });

  it("is refused without a signature", async () => {
    const body = "Action=GetCallerIdentity&Version=2011-06-15";
    const answer = await fetch(server.url, { method: "POST", body: new URLSearchParams(body) });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("content-type")).toBe("text/xml");
    const id = answer.headers.get("x-amzn-requestid");
    expect(await answer.text()).toBe(
      `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message></Error><RequestId>${id}</RequestId></ErrorResponse>`,
    );
  });
});

describe("the endpoint", () => {
  it("stands for every region", async () => {
    const who = await client(keys("AKIAROBOT"), "ap-northeast-1").send(new GetCallerIdentityCommand());
    expect(who.Arn).toBe(ROBOT);
  });

  it("answers an operation it does not have with InvalidAction", async () => {
    expect(await refusal(client(keys("AKIAROBOT")).send(new GetFederationTokenCommand({ Name: "me" })))).toEqual([
      400,
      "InvalidAction",
      "Could not find operation GetFederationToken for version 2011-06-15",
    ]);
  });

  it("leaves other requests to others", async () => {
    expect((await fetch(`${server.url}/dev/orders`)).status).toBe(404);
    expect((await fetch(server.url, { method: "POST", body: "Action=Other" })).status).toBe(404);
  });
});

describe("the aws CLI", () => {
  async function aws(env: Record<string, string>, ...args: string[]): Promise<Record<string, unknown>> {
    const environment = {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_DEFAULT_REGION: "eu-central-1",
      AWS_MAX_ATTEMPTS: "1",
      ...env,
    };
    const all = ["sts", "--endpoint-url", server.url, ...args, "--output", "json"];
    const { stdout } = await promisify(execFile)("aws", all, { env: environment });
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  it("assumes a role and says who it then is", async () => {
    const robot = { AWS_ACCESS_KEY_ID: "AKIAROBOT", AWS_SECRET_ACCESS_KEY: "secret-AKIAROBOT" };
    const answer = await aws(robot, "assume-role", "--role-arn", `${ROLE}/named`, "--role-session-name", "cli");
    const found = answer.Credentials as Record<string, string>;
    const session = {
      AWS_ACCESS_KEY_ID: found.AccessKeyId ?? "",
      AWS_SECRET_ACCESS_KEY: found.SecretAccessKey ?? "",
      AWS_SESSION_TOKEN: found.SessionToken ?? "",
    };
    expect(await aws(session, "get-caller-identity")).toMatchObject({
      Arn: "arn:aws:sts::222222222222:assumed-role/named/cli",
    });
  });

  it("is told why in AWS's form", async () => {
    const robot = { AWS_ACCESS_KEY_ID: "AKIAROBOT", AWS_SECRET_ACCESS_KEY: "secret-AKIAROBOT" };
    await expect(aws(robot, "assume-role", "--role-arn", `${ROLE}/mfa`, "--role-session-name", "cli")).rejects.toThrow(
      /An error occurred \(AccessDenied\) when calling the AssumeRole operation: User: .*robot is not authorized/,
    );
  });

  it("takes the credentials of a profile from `portcullis credentials`", async () => {
    const directory = join(folder, "profile", "terraform");
    mkdirSync(directory, { recursive: true });
    const configuration = {
      provider: { aws: [{ region: "eu-central-1", allowed_account_ids: ["222222222222"] }] },
      resource: {
        aws_api_gateway_rest_api: { api: { name: "orders" } },
        aws_iam_role: {
          partner: {
            name: "partner",
            assume_role_policy: JSON.stringify(trust(ACCOUNT_3, { StringEquals: { "sts:ExternalId": "orders-2026" } })),
          },
        },
      },
    };
    writeFileSync(join(directory, "main.tf.json"), JSON.stringify(configuration));
    const process_ = `${process.execPath} ${resolve("bin/portcullis.js")} credentials partner --dir ${directory} --external-id orders-2026 --session-name cli`;
    const config = join(folder, "config");
    writeFileSync(config, `[profile partner]\nregion = eu-central-1\ncredential_process = ${process_}\n`);
    const state = new StateFolder(directory);
    const partner = role("partner", trust(ACCOUNT_3));
    const endpoint = stsEndpoint(createCredentialRegistry({ model: model([partner]), state }), model([partner]));
    const other = await serveEndpoints(() => [endpoint]);
    try {
      const who = await aws(
        { AWS_CONFIG_FILE: config, AWS_PROFILE: "partner" },
        "get-caller-identity",
        "--endpoint-url",
        other.url,
      );
      expect(who).toMatchObject({ Arn: "arn:aws:sts::222222222222:assumed-role/partner/cli", Account: "222222222222" });
    } finally {
      other.close();
    }
  });
});
