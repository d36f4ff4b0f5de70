import { createHmac } from "node:crypto";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import { totp } from "../../proof/local/cognito/totp";
import { clientSecret } from "../../proof/local/cognito/pool-data";
import { create, PASSWORD, refuse, rotating, secretive, start, UserPoolId, withPassword } from "./cognito-api";
import { browser, client, decode, native } from "./issuer-fixture";

describe("what the pool's and the client's settings demand", () => {
  it("a second factor: set up at the first sign-in, asked for at the next, each code good once", async () => {
    const { aws, pass, context } = await start({
      mfa_configuration: "ON",
      software_token_mfa_configuration: [{ enabled: true }],
    });
    await create(aws, "alice");
    const first = await aws.send(withPassword("alice", PASSWORD));
    expect(first).toMatchObject({
      ChallengeName: "MFA_SETUP",
      ChallengeParameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' },
    });
    const associated = await aws.send(new sdk.AssociateSoftwareTokenCommand({ Session: first.Session }));
    const secret = associated.SecretCode ?? "";
    const code = () => totp(secret, Math.floor(context.now() / 30_000));
    const verified = await aws.send(
      new sdk.VerifySoftwareTokenCommand({ Session: associated.Session, UserCode: code() }),
    );
    expect(verified.Status).toBe("SUCCESS");
    const respond = (ChallengeName: "MFA_SETUP" | "SOFTWARE_TOKEN_MFA", Session: string | undefined, extra = {}) =>
      aws.send(
        new sdk.RespondToAuthChallengeCommand({
          ClientId: native.clientId,
          ChallengeName,
          Session,
          ChallengeResponses: { USERNAME: "alice", ...extra },
        }),
      );
    await expect(respond("MFA_SETUP", verified.Session)).resolves.toHaveProperty("AuthenticationResult.AccessToken");

    const second = await aws.send(withPassword("alice", PASSWORD));
    expect(second.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    const spent = respond("SOFTWARE_TOKEN_MFA", second.Session, { SOFTWARE_TOKEN_MFA_CODE: code() });
    await expect(spent).rejects.toEqual(refuse("CodeMismatchException", "Invalid code received for user"));
    pass(30_000);
    const third = await aws.send(withPassword("alice", PASSWORD));
    await expect(
      respond("SOFTWARE_TOKEN_MFA", third.Session, { SOFTWARE_TOKEN_MFA_CODE: code() }),
    ).resolves.toHaveProperty("AuthenticationResult.AccessToken");
    const guessed = await aws.send(withPassword("alice", PASSWORD));
    const guess = () => respond("SOFTWARE_TOKEN_MFA", guessed.Session, { SOFTWARE_TOKEN_MFA_CODE: "no code" });
    for (const type of ["CodeMismatchException", "CodeMismatchException", "CodeMismatchException"]) {
      await expect(guess()).rejects.toMatchObject({ name: type });
    }
    await expect(guess()).rejects.toMatchObject({ name: "NotAuthorizedException" });
    const fourth = await aws.send(withPassword("alice", PASSWORD));
    await expect(respond("MFA_SETUP", fourth.Session)).rejects.toThrow("Invalid session for the user");
  });

  it("a session that waits longer than three minutes is over", async () => {
    const { aws, pass } = await start();
    await aws.send(new sdk.AdminCreateUserCommand({ UserPoolId, Username: "dave", TemporaryPassword: "Temporary-1" }));
    const { Session } = await aws.send(withPassword("dave", "Temporary-1"));
    pass(181_000);
    const late = new sdk.RespondToAuthChallengeCommand({
      ClientId: native.clientId,
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      Session,
      ChallengeResponses: { USERNAME: "dave", NEW_PASSWORD: PASSWORD },
    });
    await expect(aws.send(late)).rejects.toThrow("Invalid session for the user");
  });

  it("rotation: a refresh token is good once, or again within its grace, and reuse ends the sign-in", async () => {
    const { aws, pass } = await start();
    await create(aws, "alice");
    const { AuthenticationResult: tokens } = await aws.send(withPassword("alice", PASSWORD, rotating));
    const renew = async (RefreshToken = "") =>
      (await aws.send(new sdk.GetTokensFromRefreshTokenCommand({ ClientId: rotating.clientId, RefreshToken })))
        .AuthenticationResult?.RefreshToken;
    const second = await renew(tokens?.RefreshToken);
    expect(second).not.toBe(tokens?.RefreshToken);
    pass(9_000);
    const third = await renew(tokens?.RefreshToken);
    pass(2_000);
    await expect(renew(tokens?.RefreshToken)).rejects.toMatchObject({ name: "RefreshTokenReuseException" });
    for (const token of [second, third]) await expect(renew(token)).rejects.toThrow("Refresh Token has been revoked");
    const old = new sdk.InitiateAuthCommand({
      ClientId: rotating.clientId,
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN: third ?? "" },
    });
    await expect(aws.send(old)).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("a refresh token that is revoked or past its validity renews nothing", async () => {
    const { aws, pass } = await start();
    await create(aws, "alice");
    const ClientId = native.clientId;
    const signIn = async () => (await aws.send(withPassword("alice", PASSWORD))).AuthenticationResult;
    const renew = (RefreshToken = "") => aws.send(new sdk.GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }));
    const [revoked, kept] = [await signIn(), await signIn()];
    await aws.send(new sdk.RevokeTokenCommand({ ClientId, Token: revoked?.RefreshToken }));
    await expect(renew(revoked?.RefreshToken)).rejects.toThrow("Refresh Token has been revoked");
    await expect(aws.send(new sdk.GetUserCommand({ AccessToken: revoked?.AccessToken }))).rejects.toThrow("revoked");
    await expect(renew(kept?.RefreshToken)).resolves.toHaveProperty("AuthenticationResult.AccessToken");
    pass(native.refreshTokenSeconds * 1000);
    await expect(renew(kept?.RefreshToken)).rejects.toThrow("Refresh Token has expired");
  });

  it("a client secret: the hash of it, or no sign-in", async () => {
    const { aws, context } = await start();
    await create(aws, "alice");
    const described = await aws.send(
      new sdk.DescribeUserPoolClientCommand({ UserPoolId, ClientId: secretive.clientId }),
    );
    const secret = described.UserPoolClient?.ClientSecret ?? "";
    expect(secret).toBe(clientSecret(context, secretive));
    const attempt = (SECRET_HASH?: string) =>
      aws.send(
        new sdk.InitiateAuthCommand({
          ClientId: secretive.clientId,
          AuthFlow: "USER_PASSWORD_AUTH",
          AuthParameters: { USERNAME: "alice", PASSWORD, ...(SECRET_HASH === undefined ? {} : { SECRET_HASH }) },
        }),
      );
    const right = createHmac("sha256", secret).update(`alice${secretive.clientId}`).digest("base64");
    await expect(attempt(right)).resolves.toHaveProperty("AuthenticationResult.IdToken");
    await expect(attempt("d3Jvbmc=")).rejects.toThrow(`Unable to verify secret hash for client ${secretive.clientId}`);
    await expect(attempt()).rejects.toThrow("is configured with secret but SECRET_HASH was not received");
  });

  it("sign-in with an e-mail address: the name must be one, and tokens carry the sub", async () => {
    const { aws } = await start({ username_attributes: ["email"] });
    const up = (Username: string) =>
      aws.send(new sdk.SignUpCommand({ ClientId: native.clientId, Username, Password: PASSWORD }));
    await expect(up("alice")).rejects.toEqual(refuse("InvalidParameterException", "Username should be an email."));
    const { UserSub } = await up("alice@example.com");
    await aws.send(new sdk.AdminConfirmSignUpCommand({ UserPoolId, Username: "alice@example.com" }));
    const { AuthenticationResult } = await aws.send(withPassword("alice@example.com", PASSWORD));
    expect(decode(AuthenticationResult?.AccessToken ?? "").claims["username"]).toBe(UserSub);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ["length", { minimum_length: 12 }, "Short-1", "Password not long enough"],
    ["capitals", { require_uppercase: true }, "password-1", "Password must have uppercase characters"],
    ["small letters", { require_lowercase: true }, "PASSWORD-1", "Password must have lowercase characters"],
    ["digits", { require_numbers: true }, "Password-", "Password must have numeric characters"],
    ["symbols", { require_symbols: true }, "Password1", "Password must have symbol characters"],
  ])("a password policy with %s", async (_what, policy, Password, words) => {
    const { aws } = await start({ password_policy: [policy] });
    const command = new sdk.SignUpCommand({ ClientId: native.clientId, Username: "a", Password });
    await expect(aws.send(command)).rejects.toEqual(
      refuse("InvalidPasswordException", `Password did not conform with policy: ${words}`),
    );
  });

  it("sign-up by administrators only, and only the flows that the client has", async () => {
    const { aws } = await start({ admin_create_user_config: [{ allow_admin_create_user_only: true }] });
    const up = new sdk.SignUpCommand({ ClientId: native.clientId, Username: "a", Password: PASSWORD });
    await expect(aws.send(up)).rejects.toEqual(
      refuse("NotAuthorizedException", "SignUp is not permitted for this user pool"),
    );
    await expect(aws.send(withPassword("a", PASSWORD, browser))).rejects.toEqual(
      refuse("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"),
    );
    await expect(aws.send(withPassword("a", PASSWORD, client({ name: "unknown" })))).rejects.toEqual(
      refuse("ResourceNotFoundException", /^User pool client unknown\d+ does not exist\.$/),
    );
  });

  it("a trigger before tokens are made: its claims are in the tokens, and its failure fails the sign-in", async () => {
    const settings = {
      lambda_config: [{ pre_token_generation_config: [{ lambda_arn: "arn:trigger", lambda_version: "V2_0" }] }],
    };
    const events: unknown[] = [];
    const invoke = async (_arn: string, event: unknown): Promise<unknown> => {
      events.push(event);
      const added = { claimsToAddOrOverride: { tenant: "acme", sub: "forged" } };
      const response = { claimsAndScopeOverrideDetails: { idTokenGeneration: added, accessTokenGeneration: added } };
      return { ...(event as object), response };
    };
    const { aws } = await start(settings, { invoke });
    await create(aws, "alice");
    const { AuthenticationResult } = await aws.send(withPassword("alice", PASSWORD));
    for (const token of [AuthenticationResult?.IdToken, AuthenticationResult?.AccessToken]) {
      expect(decode(token ?? "").claims).toMatchObject({ tenant: "acme", sub: expect.not.stringMatching("forged") });
    }
    expect(events).toMatchObject([
      {
        version: "2",
        triggerSource: "TokenGeneration_Authentication",
        userName: "alice",
        userPoolId: UserPoolId,
        request: { userAttributes: { email: "alice@example.com" }, groupConfiguration: { groupsToOverride: [] } },
      },
    ]);
    const failing = await start(settings, { invoke: () => Promise.reject(new Error("no tenant")) });
    await create(failing.aws, "alice");
    await expect(failing.aws.send(withPassword("alice", PASSWORD))).rejects.toEqual(
      refuse("UserLambdaValidationException", "PreTokenGeneration failed with error no tenant."),
    );
  });

  it("an operation that is not here is refused by name", async () => {
    const { aws } = await start();
    await expect(aws.send(new sdk.ListDevicesCommand({ AccessToken: "x" }))).rejects.toMatchObject({
      name: "UnknownOperationException",
      message: "ListDevices is not supported by the local user pools.",
    });
  });
});
