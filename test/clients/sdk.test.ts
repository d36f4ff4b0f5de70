import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { loadModel } from "../../proof/model/load";
import { BUYER, EXTERNAL_ID, PARTNER, project, REGION } from "./project";
import { Served } from "./served";

const PASSWORD = "Correct-horse-7";
const { directory, callersFile } = project();
const pool = loadModel(directory).userPools[0];
const app = { UserPoolId: pool?.id, ClientId: pool?.clients[0]?.clientId };

let served: Served;
beforeAll(async () => {
  served = await Served.start(directory, "--callers", callersFile);
}, 60_000);
afterAll(() => served.stop());

const call = async (path: string, token: string | undefined) => {
  const response = await fetch(`${served.url}/live${path}`, { headers: { Authorization: token ?? "" } });
  return { status: response.status, body: (await response.json()) as unknown };
};

describe("the AWS SDK for JavaScript", () => {
  it("assumes a role at STS and is that session there", async () => {
    const options = { region: REGION, endpoint: served.url };
    const { Credentials: given } = await new STSClient({ ...options, credentials: BUYER }).send(
      new AssumeRoleCommand({ RoleArn: PARTNER, RoleSessionName: "sdk", ExternalId: EXTERNAL_ID }),
    );
    const credentials = {
      accessKeyId: given?.AccessKeyId ?? "",
      secretAccessKey: given?.SecretAccessKey ?? "",
      sessionToken: given?.SessionToken ?? "",
    };
    expect(await new STSClient({ ...options, credentials }).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: "111111111111",
      Arn: "arn:aws:sts::111111111111:assumed-role/partner/sdk",
    });
  });

  it("creates a member at Cognito, signs them in, and their tokens open the routes that take them", async () => {
    const admin = new CognitoIdentityProviderClient({ region: REGION, endpoint: served.url, credentials: BUYER });
    const { UserPoolId, ClientId } = app;
    await admin.send(new AdminCreateUserCommand({ UserPoolId, Username: "ada", MessageAction: "SUPPRESS" }));
    await admin.send(
      new AdminSetUserPasswordCommand({ UserPoolId, Username: "ada", Password: PASSWORD, Permanent: true }),
    );
    const signIn = { ClientId, AuthFlow: "USER_PASSWORD_AUTH" as const };
    const { AuthenticationResult: tokens } = await admin.send(
      new InitiateAuthCommand({ ...signIn, AuthParameters: { USERNAME: "ada", PASSWORD } }),
    );

    expect(await call("/me", tokens?.IdToken)).toMatchObject({
      status: 200,
      body: { authorizer: { claims: { "cognito:username": "ada", token_use: "id" } } },
    });
    expect((await call("/me", tokens?.AccessToken)).status).toBe(401);
    // Signed in by the API, the access token has the API's own scope and not the route's.
    expect((await call("/profile", tokens?.AccessToken)).status).toBe(401);
    const AccessToken = tokens?.AccessToken;
    expect(await admin.send(new GetUserCommand({ AccessToken }))).toMatchObject({ Username: "ada" });
    await admin.send(new GlobalSignOutCommand({ AccessToken }));
    await expect(admin.send(new GetUserCommand({ AccessToken }))).rejects.toThrow("Access Token has been revoked");
    await expect(
      admin.send(new InitiateAuthCommand({ ...signIn, AuthParameters: { USERNAME: "ada", PASSWORD: "wrong" } })),
    ).rejects.toMatchObject({ name: "NotAuthorizedException", message: "Incorrect username or password." });
  });
});
