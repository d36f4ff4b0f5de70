import { createHmac } from "node:crypto";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import { cognitoApi } from "../../proof/local/cognito/api";
import { totp } from "../../proof/local/cognito/totp";
import { clientSecret } from "../../proof/local/cognito/pool-data";
import type { Model } from "../../proof/model/types";
import { verifyUserPoolToken } from "../../proof/tokens/verify";
import { browser, client, decode, model, native, pool } from "./issuer-fixture";
import { serve } from "./cognito-server";
import type { Served } from "./cognito-server";

const PASSWORD = "Correct-horse-7";
const flows = { explicitAuthFlows: native.explicitAuthFlows };
const secretive = client({
  name: "secretive",
  generateSecret: true,
  explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
  settings: { prevent_user_existence_errors: "ENABLED" },
});
const hiding = client({ ...flows, name: "hiding", settings: { prevent_user_existence_errors: "ENABLED" } });
const rotating = client({
  ...flows,
  name: "rotating",
  settings: { refresh_token_rotation: [{ feature: "ENABLED", retry_grace_period_seconds: 10 }] },
});
const clients = [native, secretive, hiding, rotating, browser];

async function start(
  settings: Record<string, unknown> = {},
  over = {},
): Promise<Served & { aws: sdk.CognitoIdentityProviderClient }> {
  const of: Model = model({
    userPools: [pool({ clients, settings: { auto_verified_attributes: ["email"], ...settings } })],
  });
  const served = await serve(of, (context) => [cognitoApi(context)], over);
  const aws = new sdk.CognitoIdentityProviderClient({
    endpoint: served.origin,
    region: "eu-west-1",
    credentials: { accessKeyId: "AKIALOCAL", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  return { ...served, aws };
}

const UserPoolId = pool().id;
const refuse = (type: string, message: string | RegExp) =>
  expect.objectContaining({
    name: type,
    message: typeof message === "string" ? message : expect.stringMatching(message),
  });

function withPassword(Username: string, Password: string, of = native): sdk.InitiateAuthCommand {
  return new sdk.InitiateAuthCommand({
    ClientId: of.clientId,
    AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME: Username, PASSWORD: Password },
  });
}

/** A confirmed user with that password. */
async function create(aws: sdk.CognitoIdentityProviderClient, Username: string): Promise<void> {
  const UserAttributes = [
    { Name: "email", Value: `${Username}@example.com` },
    { Name: "email_verified", Value: "true" },
  ];
  await aws.send(new sdk.AdminCreateUserCommand({ UserPoolId, Username, UserAttributes, MessageAction: "SUPPRESS" }));
  await aws.send(new sdk.AdminSetUserPasswordCommand({ UserPoolId, Username, Password: PASSWORD, Permanent: true }));
}

describe("the life of a user over the API, with the AWS SDK", () => {
  let served: Awaited<ReturnType<typeof start>>;
  const send: sdk.CognitoIdentityProviderClient["send"] = ((command: never) => served.aws.send(command)) as never;
  beforeAll(async () => {
    served = await start();
  });

  it("signs up, is refused until confirmed, confirms with the code that was sent, and signs in", async () => {
    const ClientId = native.clientId;
    const UserAttributes = [{ Name: "email", Value: "alice@example.com" }];
    const up = await send(new sdk.SignUpCommand({ ClientId, Username: "alice", Password: PASSWORD, UserAttributes }));
    expect(up).toMatchObject({
      UserConfirmed: false,
      CodeDeliveryDetails: { Destination: "a***@e***", DeliveryMedium: "EMAIL", AttributeName: "email" },
    });
    await expect(send(withPassword("alice", PASSWORD))).rejects.toEqual(
      refuse("UserNotConfirmedException", "User is not confirmed."),
    );
    const [{ code = "" } = {}] = served.messages;
    const wrong = code === "000000" ? "000001" : "000000";
    await expect(
      send(new sdk.ConfirmSignUpCommand({ ClientId, Username: "alice", ConfirmationCode: wrong })),
    ).rejects.toEqual(refuse("CodeMismatchException", "Invalid verification code provided, please try again."));
    await send(new sdk.ConfirmSignUpCommand({ ClientId, Username: "alice", ConfirmationCode: code }));
    const { AuthenticationResult: tokens } = await send(withPassword("alice", PASSWORD));
    expect(tokens).toMatchObject({ ExpiresIn: 3600, TokenType: "Bearer" });
    expect(decode(tokens?.IdToken ?? "").claims).toMatchObject({
      sub: up.UserSub,
      "cognito:username": "alice",
      email: "alice@example.com",
      email_verified: true,
      aud: ClientId,
    });
    expect(
      verifyUserPoolToken(tokens?.IdToken ?? "", {
        issuers: [pool().issuer],
        keyOf: served.context.issuers.keyOf,
        now: Date.now(),
        scopes: [],
      }).outcome,
    ).toBe("accepted");
    const user = await send(new sdk.GetUserCommand({ AccessToken: tokens?.AccessToken }));
    expect(user.Username).toBe("alice");
    expect(user.UserAttributes).toContainEqual({ Name: "email_verified", Value: "true" });
  });

  it("signs in again with the password only, and says the same to a wrong one as Cognito", async () => {
    await expect(send(withPassword("alice", "wrong"))).rejects.toEqual(
      refuse("NotAuthorizedException", "Incorrect username or password."),
    );
    await expect(send(withPassword("nobody", "wrong"))).rejects.toEqual(
      refuse("UserNotFoundException", "User does not exist."),
    );
    await expect(send(withPassword("nobody", "wrong", hiding))).rejects.toEqual(
      refuse("NotAuthorizedException", "Incorrect username or password."),
    );
  });

  it("cannot sign up under a name that is taken, nor verify itself", async () => {
    const command = (Username: string, UserAttributes: sdk.AttributeType[] = []) =>
      new sdk.SignUpCommand({ ClientId: native.clientId, Username, Password: PASSWORD, UserAttributes });
    await expect(send(command("alice"))).rejects.toEqual(refuse("UsernameExistsException", "User already exists"));
    await expect(send(command("mallory", [{ Name: "email_verified", Value: "true" }]))).rejects.toEqual(
      refuse("NotAuthorizedException", "A client attempted to write unauthorized attribute"),
    );
  });

  it("refreshes where the client does not rotate, until it signs out everywhere", async () => {
    const { AuthenticationResult: first } = await send(withPassword("alice", PASSWORD));
    const again = (REFRESH_TOKEN = first?.RefreshToken ?? "") =>
      send(
        new sdk.InitiateAuthCommand({
          ClientId: native.clientId,
          AuthFlow: "REFRESH_TOKEN_AUTH",
          AuthParameters: { REFRESH_TOKEN },
        }),
      );
    const { AuthenticationResult: second } = await again();
    expect(second?.RefreshToken).toBeUndefined();
    const [before, after] = [first, second].map((tokens) => decode(tokens?.AccessToken ?? "").claims);
    expect(after?.["origin_jti"]).toBe(before?.["origin_jti"]);
    expect(after?.["jti"]).not.toBe(before?.["jti"]);
    await expect(again("made-up")).rejects.toEqual(refuse("NotAuthorizedException", "Invalid Refresh Token"));
    await send(new sdk.GlobalSignOutCommand({ AccessToken: second?.AccessToken }));
    await expect(again()).rejects.toEqual(refuse("NotAuthorizedException", "Refresh Token has been revoked"));
    for (const tokens of [first, second]) {
      await expect(send(new sdk.GetUserCommand({ AccessToken: tokens?.AccessToken }))).rejects.toEqual(
        refuse("NotAuthorizedException", "Access Token has been revoked"),
      );
    }
  });

  it("sets a new password with a code sent to the verified address", async () => {
    const ClientId = native.clientId;
    await send(new sdk.ForgotPasswordCommand({ ClientId, Username: "alice" }));
    const ConfirmationCode = served.messages[0]?.code;
    const confirm = (Password: string) =>
      send(new sdk.ConfirmForgotPasswordCommand({ ClientId, Username: "alice", ConfirmationCode, Password }));
    await expect(confirm("short")).rejects.toEqual(
      refuse("InvalidPasswordException", "Password did not conform with policy: Password not long enough"),
    );
    await confirm("Another-horse-8");
    await expect(confirm("Another-horse-9")).rejects.toEqual(
      refuse("ExpiredCodeException", "Invalid code provided, please request a code again."),
    );
    await expect(send(withPassword("alice", PASSWORD))).rejects.toThrow("Incorrect username or password.");
    await expect(send(withPassword("alice", "Another-horse-8"))).resolves.toHaveProperty("AuthenticationResult");
  });

  it("says nothing about who exists where the client hides it", async () => {
    const ClientId = hiding.clientId;
    const forgot = await send(new sdk.ForgotPasswordCommand({ ClientId, Username: "nobody@example.com" }));
    expect(forgot.CodeDeliveryDetails).toEqual({
      Destination: "n***@e***",
      DeliveryMedium: "EMAIL",
      AttributeName: "email",
    });
    await expect(
      send(new sdk.ConfirmSignUpCommand({ ClientId, Username: "nobody", ConfirmationCode: "123456" })),
    ).rejects.toEqual(refuse("ExpiredCodeException", "Invalid code provided, please request a code again."));
  });

  it("stores no password, code or token in clear", async () => {
    const { readdirSync, readFileSync } = await import("node:fs");
    const { path } = served.context.state;
    const stored = readdirSync(path)
      .map((name) => readFileSync(`${path}/${name}`, "utf8"))
      .join();
    const { AuthenticationResult } = await send(withPassword("alice", "Another-horse-8"));
    for (const secret of [PASSWORD, "Another-horse-8", AuthenticationResult?.RefreshToken ?? ""]) {
      expect(stored).not.toContain(secret);
    }
    expect(stored).toContain('"username": "alice"');
  });
});

describe("an administrator, with the AWS SDK", () => {
  let served: Awaited<ReturnType<typeof start>>;
  const send: sdk.CognitoIdentityProviderClient["send"] = ((command: never) => served.aws.send(command)) as never;
  beforeAll(async () => {
    served = await start();
    await create(served.aws, "carol");
  });

  it("creates a user who must choose a password at the first sign-in", async () => {
    const Username = "dave";
    await send(new sdk.AdminCreateUserCommand({ UserPoolId, Username, TemporaryPassword: "Temporary-1" }));
    const first = await send(withPassword(Username, "Temporary-1"));
    expect(first).toMatchObject({
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      ChallengeParameters: { requiredAttributes: "[]" },
    });
    expect(first.AuthenticationResult).toBeUndefined();
    const respond = (NEW_PASSWORD: string, Session = first.Session) =>
      send(
        new sdk.RespondToAuthChallengeCommand({
          ClientId: native.clientId,
          ChallengeName: "NEW_PASSWORD_REQUIRED",
          Session,
          ChallengeResponses: { USERNAME: Username, NEW_PASSWORD },
        }),
      );
    await expect(respond("weak")).rejects.toMatchObject({ name: "InvalidPasswordException" });
    await expect(respond(PASSWORD)).resolves.toHaveProperty("AuthenticationResult.IdToken");
    await expect(respond(PASSWORD)).rejects.toEqual(refuse("NotAuthorizedException", /Invalid session for the user/));
  });

  it("lets a temporary password run out", async () => {
    const late = await start({ password_policy: [{ minimum_length: 8, temporary_password_validity_days: 1 }] });
    await late.aws.send(
      new sdk.AdminCreateUserCommand({ UserPoolId, Username: "eve", TemporaryPassword: "Temporary-1" }),
    );
    late.pass(86_400_001);
    await expect(late.aws.send(withPassword("eve", "Temporary-1"))).rejects.toEqual(
      refuse("NotAuthorizedException", "Temporary password has expired and must be reset by an administrator."),
    );
  });

  it("puts users into groups, and the tokens say so", async () => {
    const add = (GroupName: string) =>
      send(new sdk.AdminAddUserToGroupCommand({ UserPoolId, Username: "carol", GroupName }));
    await add("readers");
    await expect(add("nonsense")).rejects.toEqual(refuse("ResourceNotFoundException", "Group not found."));
    await send(new sdk.CreateGroupCommand({ UserPoolId, GroupName: "tenant:acme" }));
    await add("tenant:acme");
    const { AuthenticationResult: tokens } = await send(
      new sdk.AdminInitiateAuthCommand({
        UserPoolId,
        ClientId: native.clientId,
        AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: "carol", PASSWORD },
      }),
    );
    for (const token of [tokens?.IdToken, tokens?.AccessToken]) {
      expect(decode(token ?? "").claims["cognito:groups"]).toEqual(["readers", "tenant:acme"]);
    }
  });

  it("finds users by filter", async () => {
    const found = async (Filter: string) =>
      (await send(new sdk.ListUsersCommand({ UserPoolId, Filter }))).Users?.map(({ Username }) => Username);
    expect(await found('email = "carol@example.com"')).toEqual(["carol"]);
    expect(await found('username ^= "ca"')).toEqual(["carol"]);
    expect(await found('username = "ca"')).toEqual([]);
    await expect(found("username like carol")).rejects.toEqual(refuse("InvalidParameterException", /given to filter/));
  });

  it("disables a user, whose password then no longer helps", async () => {
    await create(served.aws, "frank");
    await send(new sdk.AdminDisableUserCommand({ UserPoolId, Username: "frank" }));
    await expect(send(withPassword("frank", PASSWORD))).rejects.toEqual(
      refuse("NotAuthorizedException", "User is disabled."),
    );
    await expect(send(withPassword("frank", "wrong"))).rejects.toThrow("Incorrect username or password.");
  });

  it("is nobody without a signature, and never a web page", async () => {
    const post = (headers: Record<string, string>) =>
      fetch(served.origin, {
        method: "POST",
        headers: { "x-amz-target": "AWSCognitoIdentityProviderService.ListUsers", ...headers },
        body: JSON.stringify({ UserPoolId }),
      });
    const authorization = "AWS4-HMAC-SHA256 Credential=AKIALOCAL/20260101/eu-west-1/cognito-idp/aws4_request";
    expect((await post({ authorization })).status).toBe(200);
    for (const headers of [{}, { authorization: "Bearer x" }, { authorization, origin: "https://evil.example" }]) {
      const answer = await post(headers as Record<string, string>);
      expect([answer.status, ((await answer.json()) as { __type: string }).__type]).toEqual([
        400,
        "MissingAuthenticationTokenException",
      ]);
    }
  });
});

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
