import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import { verifyUserPoolToken } from "../../proof/tokens/verify";
import { hiding, PASSWORD, refuse, start, withPassword } from "./cognito-api";
import { decode, native, pool } from "./issuer-fixture";

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
