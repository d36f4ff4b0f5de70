import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StateFolder } from "../../proof/local/state";
import type { LambdaFunction, Model, OidcIssuer, Source, UserPool, UserPoolClient } from "../../proof/model/types";

const source: Source = { file: "identity/cdk.tf.json", address: "aws_cognito_user_pool.pool" };

export function client(over: Partial<UserPoolClient> & { name: string }): UserPoolClient {
  return {
    address: `identity/aws_cognito_user_pool_client.${over.name}`,
    clientId: `${over.name}0000000000000000000000`.slice(0, 26),
    generateSecret: false,
    allowedOAuthFlows: [],
    allowedOAuthScopes: [],
    callbackUrls: [],
    explicitAuthFlows: [],
    accessTokenSeconds: 3600,
    idTokenSeconds: 1800,
    refreshTokenSeconds: 2_592_000,
    source,
    ...over,
    settings: { allowed_oauth_flows_user_pool_client: over.allowedOAuthFlows !== undefined, ...over.settings },
  };
}

export const browser = client({
  name: "browser",
  allowedOAuthFlows: ["code"],
  allowedOAuthScopes: ["openid", "email", "orders/read"],
  callbackUrls: ["http://localhost:3000/callback", "https://app.example.com/callback"],
  settings: {
    enable_token_revocation: true,
    prevent_user_existence_errors: "ENABLED",
    refresh_token_rotation: [{ feature: "ENABLED", retry_grace_period_seconds: 10 }],
    logout_urls: ["https://app.example.com/"],
  },
});

export const machine = client({
  name: "machine",
  generateSecret: true,
  allowedOAuthFlows: ["client_credentials"],
  allowedOAuthScopes: ["orders/read", "orders/write"],
  explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
});

export const native = client({
  name: "native",
  explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"],
  settings: { prevent_user_existence_errors: "LEGACY" },
});

export function pool(over: Partial<UserPool> = {}): UserPool {
  const id = over.id ?? "eu-west-1_AbCdEfGhI";
  return {
    address: "identity/aws_cognito_user_pool.pool",
    id,
    arn: `arn:aws:cognito-idp:eu-west-1:111111111111:userpool/${id}`,
    name: "portal-users",
    accountId: "111111111111",
    region: "eu-west-1",
    issuer: `https://cognito-idp.eu-west-1.amazonaws.com/${id}`,
    clients: [browser, machine, native],
    scopes: ["orders/read", "orders/write"],
    groups: ["admins", "readers"],
    domain: "portal-dev",
    settings: {},
    source,
    ...over,
  };
}

export const oidc: OidcIssuer = {
  issuer: "https://login.example.com/tenant",
  audiences: ["https://api.example.com"],
  clientIds: ["spa"],
  functionAddress: "public-api/aws_lambda_function.token_authorizer",
  source,
};

/** A function that trusts a SAML identity provider, as its environment says. */
export const samlFunction: LambdaFunction = {
  address: "public-api/aws_lambda_function.saml_authorizer",
  name: "saml-authorizer",
  arn: "arn:aws:lambda:eu-west-1:111111111111:function:saml-authorizer",
  accountId: "111111111111",
  region: "eu-west-1",
  qualifiers: [],
  runtime: "nodejs20.x",
  handler: "index.handler",
  environment: {
    SAML_ISSUER: "https://idp.example/metadata",
    SAML_AUDIENCE: "https://api.example",
    SAML_RECIPIENT: "https://api.example/saml",
    SAML_METADATA_URL: "https://idp.example/metadata.xml",
    SAML_SCOPES_ATTRIBUTE: "rights",
  },
  timeoutSeconds: 3,
  memoryMb: 128,
  permissions: [],
  source,
};

export function model(over: Partial<Model> = {}): Model {
  return {
    apis: [],
    functions: [],
    userPools: [pool()],
    oidcIssuers: [oidc],
    roles: [],
    users: [],
    secrets: [],
    vpcEndpoints: [],
    problems: [],
    ...over,
  };
}

/** A state folder of its own for each call; all go after the tests of the file. */
export function temporaryState(): { directory: string; state: StateFolder } {
  const root = mkdtempSync(join(tmpdir(), "portcullis-"));
  made.push(root);
  return { directory: join(root, "out"), state: new StateFolder(join(root, "out")) };
}

const made: string[] = [];
afterAll(() => made.forEach((path) => rmSync(path, { recursive: true, force: true })));

export function decode(token: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header = "", claims = ""] = token.split(".");
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;
  return { header: read(header), claims: read(claims) };
}
