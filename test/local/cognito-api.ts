import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import { cognitoApi } from "../../proof/local/cognito/api";
import type { CognitoContext } from "../../proof/local/cognito/pool-data";
import type { UserPool } from "../../proof/model/types";
import { ADMIN, serve } from "./cognito-server";
import type { Served } from "./cognito-server";
import { browser, client, model, native, pool } from "./issuer-fixture";

export const PASSWORD = "Correct-horse-7";
export const UserPoolId = pool().id;
const flows = { explicitAuthFlows: native.explicitAuthFlows };
export const secretive = client({
  name: "secretive",
  generateSecret: true,
  explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
  settings: { prevent_user_existence_errors: "ENABLED" },
});
export const hiding = client({ ...flows, name: "hiding", settings: { prevent_user_existence_errors: "ENABLED" } });
export const rotating = client({
  ...flows,
  name: "rotating",
  settings: { refresh_token_rotation: [{ feature: "ENABLED", retry_grace_period_seconds: 10 }] },
});

export interface ServedApi extends Served {
  /** Signs as an administrator. */
  readonly aws: sdk.CognitoIdentityProviderClient;
}

/** The `cognito-idp` API of one pool over HTTP, with the AWS SDK in front of it. */
export async function start(
  settings: UserPool["settings"] = {},
  over: Partial<CognitoContext> = {},
): Promise<ServedApi> {
  const clients = [native, secretive, hiding, rotating, browser];
  const of = model({ userPools: [pool({ clients, settings: { auto_verified_attributes: ["email"], ...settings } })] });
  const served = await serve(of, (context) => [cognitoApi(context)], over);
  return { ...served, aws: sdkOf(served.origin, ADMIN) };
}

export function sdkOf(
  endpoint: string,
  credentials: typeof ADMIN,
  region = "eu-west-1",
): sdk.CognitoIdentityProviderClient {
  // A copy, because the client writes into it.
  return new sdk.CognitoIdentityProviderClient({ endpoint, region, credentials: { ...credentials }, maxAttempts: 1 });
}

export const refuse = (type: string, message: string | RegExp) =>
  expect.objectContaining({
    name: type,
    message: typeof message === "string" ? message : expect.stringMatching(message),
  });

export function withPassword(Username: string, Password: string, of = native): sdk.InitiateAuthCommand {
  return new sdk.InitiateAuthCommand({
    ClientId: of.clientId,
    AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME: Username, PASSWORD: Password },
  });
}

/** Makes a confirmed user with the test's password. */
export async function create(aws: sdk.CognitoIdentityProviderClient, Username: string): Promise<void> {
  const UserAttributes = [
    { Name: "email", Value: `${Username}@example.com` },
    { Name: "email_verified", Value: "true" },
  ];
  await aws.send(new sdk.AdminCreateUserCommand({ UserPoolId, Username, UserAttributes, MessageAction: "SUPPRESS" }));
  await aws.send(new sdk.AdminSetUserPasswordCommand({ UserPoolId, Username, Password: PASSWORD, Permanent: true }));
}
