import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { assume, callers, client, keysOf, refusal, ROLE, sts } from "./sts-fixture";
import { allow } from "./sts-roles";

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
    [
      "a role for calls of some regions",
      "AKIAROBOT",
      { RoleArn: `${ROLE}/regional` },
      /cannot be told whether statement 0 of .*regional\.assume_role_policy applies: nothing says what aws:RequestedRegion/,
    ],
    ["a role that does not exist", "AKIAROBOT", { RoleArn: `${ROLE}/absent` }, /There is no role/],
  ])("is refused for %s in AWS's words, and locally with the reason", async (_, key, input, reason) => {
    const arn = callers.find(({ accessKeyId }) => accessKeyId === key)?.arn;
    expect(await refusal(assume(key, input))).toEqual([
      403,
      "AccessDenied",
      `User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`,
    ]);
    expect(sts.refusals.join("\n")).toMatch(reason);
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
    expect(sts.refusals.join("\n")).toMatch(/broken.*Maybe/);
  });

  it("narrows the session by the session policy and marks it with the tags", async () => {
    const policy = allow("execute-api:Invoke", "arn:aws:execute-api:*:*:*/dev/GET/orders");
    const Tags = [{ Key: "job", Value: "7" }];
    const input = { RoleArn: `${ROLE}/tagged`, Policy: JSON.stringify(policy), Tags };
    const { accessKeyId, sessionToken } = await keysOf(assume("AKIAROBOT", input));
    const found = sts.registry.find(accessKeyId, sessionToken)?.caller;
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
