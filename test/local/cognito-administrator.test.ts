import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import { cognitoApi } from "../../proof/local/cognito/api";
import { readPool } from "../../proof/local/cognito/pool-data";
import { create, PASSWORD, refuse, sdkOf, start, UserPoolId, withPassword } from "./cognito-api";
import { serve } from "./cognito-server";
import { decode, model, native, pool } from "./issuer-fixture";

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
});

describe("who may administer a pool", () => {
  const team = pool({ tags: { team: "orders" } });
  const secrets = { accessKeyId: "AKIACALLER", secretAccessKey: "caller" };
  const grant = (more: object = {}) => ({ Effect: "Allow", Action: "cognito-idp:*", Resource: "*", ...more });
  const servedTo = (caller: object) =>
    serve(model({ userPools: [team] }), (context) => [cognitoApi(context)], {}, [{ ...secrets, ...caller }]);
  const user = (policies: object[], account = "111111111111") => ({
    arn: `arn:aws:iam::${account}:user/caller`,
    policies: policies.map((statement) => ({ Version: "2012-10-17", Statement: [statement] })),
  });
  const list = new sdk.ListUsersCommand({ UserPoolId });
  const denied = (because: string, action = "ListUsers") =>
    `User: arn:aws:iam::111111111111:user/caller is not authorized to perform: cognito-idp:${action} on resource: ${team.arn} ${because}`;
  const silent = (action = "ListUsers") =>
    denied(`because no identity-based policy allows the cognito-idp:${action} action`, action);

  it.each<[string, object]>([
    ["every operation of every pool", grant()],
    ["this operation on this pool", grant({ Action: "cognito-idp:ListUsers", Resource: team.arn })],
    ["pools of this team", grant({ Condition: { StringEquals: { "aws:ResourceTag/team": "orders" } } })],
    ["callers of this machine", grant({ Condition: { IpAddress: { "aws:SourceIp": "127.0.0.0/8" } } })],
  ])("is whom a policy allows %s", async (_what, statement) => {
    const { origin } = await servedTo(user([statement]));
    await expect(sdkOf(origin, secrets).send(list)).resolves.toHaveProperty("Users", []);
  });

  it.each<[string, object, string]>([
    ["nothing", user([]), silent()],
    ["another operation", user([grant({ Action: "cognito-idp:AdminGetUser" })]), silent()],
    ["another pool", user([grant({ Resource: `${team.arn}x` })]), silent()],
    ["another service", user([grant({ Action: "execute-api:Invoke" })]), silent()],
    [
      "pools of another team",
      user([grant({ Condition: { StringEquals: { "aws:ResourceTag/team": "x" } } })]),
      silent(),
    ],
    [
      "and denies it",
      user([grant(), grant({ Effect: "Deny" })]),
      denied("with an explicit deny in an identity-based policy"),
    ],
    [
      "beyond the boundary",
      { ...user([grant()]), boundary: { Version: "2012-10-17", Statement: [grant({ Action: "s3:*" })] } },
      denied("because no permissions boundary allows the cognito-idp:ListUsers action"),
    ],
  ])("is not whom a policy allows %s", async (_what, caller, message) => {
    const { origin, context } = await servedTo(caller);
    await expect(sdkOf(origin, secrets).send(list)).rejects.toEqual(refuse("AccessDeniedException", message));
    const create = new sdk.CreateGroupCommand({ UserPoolId, GroupName: "mine" });
    await expect(sdkOf(origin, secrets).send(create)).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(readPool(context, team).groups).toEqual([]);
  });

  it("is nobody of another account or region, where the pool does not exist", async () => {
    const foreign = await servedTo(user([grant()], "222222222222"));
    const own = await servedTo(user([grant()]));
    const absent = refuse("ResourceNotFoundException", `User pool ${UserPoolId} does not exist.`);
    await expect(sdkOf(foreign.origin, secrets).send(list)).rejects.toEqual(absent);
    await expect(sdkOf(own.origin, secrets, "us-east-1").send(list)).rejects.toEqual(absent);
  });

  it("also holds for signing in on behalf of a user", async () => {
    const { origin } = await servedTo(user([]));
    const AuthFlow = "ADMIN_USER_PASSWORD_AUTH";
    const AuthParameters = { USERNAME: "a", PASSWORD: "b" };
    const command = new sdk.AdminInitiateAuthCommand({
      UserPoolId,
      ClientId: native.clientId,
      AuthFlow,
      AuthParameters,
    });
    const message = silent("AdminInitiateAuth");
    await expect(sdkOf(origin, secrets).send(command)).rejects.toEqual(refuse("AccessDeniedException", message));
  });

  it.each<[string, typeof secrets, string]>([
    ["an unknown key", { accessKeyId: "AKIANOBODY", secretAccessKey: "caller" }, "UnrecognizedClientException"],
    ["a wrong secret", { ...secrets, secretAccessKey: "other" }, "InvalidSignatureException"],
  ])("is not %s", async (_what, credentials, name) => {
    const { origin } = await servedTo(user([grant()]));
    await expect(sdkOf(origin, credentials).send(list)).rejects.toMatchObject({ name });
  });

  it("is nobody without a signature, and never a web page", async () => {
    const { origin } = await servedTo(user([grant()]));
    const authorization = "AWS4-HMAC-SHA256 Credential=AKIACALLER/20260101/eu-west-1/cognito-idp/aws4_request";
    for (const headers of [{}, { authorization, origin: "https://evil.example" }]) {
      const answer = await fetch(origin, {
        method: "POST",
        headers: { "x-amz-target": "AWSCognitoIdentityProviderService.ListUsers", ...headers } as Record<
          string,
          string
        >,
        body: JSON.stringify({ UserPoolId }),
      });
      expect([answer.status, ((await answer.json()) as { __type: string }).__type]).toEqual([
        400,
        "MissingAuthenticationTokenException",
      ]);
    }
  });
});
