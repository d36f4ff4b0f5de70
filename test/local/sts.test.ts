import { GetCallerIdentityCommand, GetFederationTokenCommand, GetSessionTokenCommand } from "@aws-sdk/client-sts";
import { assume, client, keys, keysOf, refusal, ROBOT, ROLE, sts } from "./sts-fixture";
import type { Keys } from "./sts-fixture";

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
    const shortly = sts.registry.find(session.accessKeyId, session.sessionToken)?.expiresAt ?? 0;
    sts.now = shortly;
    expect(await identify(session)).toEqual([
      403,
      "ExpiredToken",
      "The security token included in the request is expired",
    ]);
  });

  it("is refused without a signature", async () => {
    const body = "Action=GetCallerIdentity&Version=2011-06-15";
    const answer = await fetch(sts.server.url, { method: "POST", body: new URLSearchParams(body) });
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
    expect((await fetch(`${sts.server.url}/dev/orders`)).status).toBe(404);
    expect((await fetch(sts.server.url, { method: "POST", body: "Action=Other" })).status).toBe(404);
  });
});
