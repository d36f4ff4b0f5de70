import type { CognitoResourceServer } from "@cdktf/provider-aws/lib/cognito-resource-server";
import { CognitoUserPoolClient } from "@cdktf/provider-aws/lib/cognito-user-pool-client";
import type { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";

interface ClientProps {
  readonly provider: AwsProvider;
  readonly pool: CognitoUserPool;
  readonly name: string;
  /** Full scopes the client may ask for. */
  readonly scopes: readonly string[];
  /**
   * The servers that own the scopes. Scopes are written as text and ordered by this, because the provider's list of
   * a server's scopes is stale during the apply that adds one.
   */
  readonly servers: readonly CognitoResourceServer[];
}

export interface BrowserClientProps extends ClientProps {
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
}

/** A stolen access token is good this long even after its refresh token is revoked: API Gateway does not ask Cognito. */
const TOKEN_LIFE = {
  accessTokenValidity: 15,
  idTokenValidity: 15,
  refreshTokenValidity: 30,
  tokenValidityUnits: [{ accessToken: "minutes", idToken: "minutes", refreshToken: "days" }],
};

/** For people in a browser: authorization code with PKCE. It has no secret, because a browser cannot keep one. */
export class BrowserClient extends Construct {
  readonly client: CognitoUserPoolClient;

  constructor(scope: Construct, id: string, props: BrowserClientProps) {
    super(scope, id);
    this.client = new CognitoUserPoolClient(this, "client", {
      provider: props.provider,
      userPoolId: props.pool.id,
      name: props.name,
      generateSecret: false,
      allowedOauthFlowsUserPoolClient: true,
      allowedOauthFlows: ["code"],
      allowedOauthScopes: ["openid", "email", ...props.scopes],
      supportedIdentityProviders: ["COGNITO"],
      callbackUrls: [...props.callbackUrls],
      logoutUrls: [...props.logoutUrls],
      // Cognito refuses ALLOW_REFRESH_TOKEN_AUTH together with rotation.
      explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
      // A refresh token works once; the grace period is for an answer lost on the way. The provider cannot switch it
      // off again (https://github.com/hashicorp/terraform-provider-aws/issues/43531).
      refreshTokenRotation: [{ feature: "ENABLED", retryGracePeriodSeconds: 10 }],
      readAttributes: ["email", "email_verified", "custom:tenant"],
      // Not custom:tenant: people would choose their own tenant.
      writeAttributes: ["email"],
      preventUserExistenceErrors: "ENABLED",
      enableTokenRevocation: true,
      ...TOKEN_LIFE,
      dependsOn: [...props.servers],
    });
  }
}

/** For programs: client credentials. */
export class MachineClient extends Construct {
  readonly client: CognitoUserPoolClient;

  constructor(scope: Construct, id: string, props: ClientProps) {
    super(scope, id);
    this.client = new CognitoUserPoolClient(this, "client", {
      provider: props.provider,
      userPoolId: props.pool.id,
      name: props.name,
      generateSecret: true,
      allowedOauthFlowsUserPoolClient: true,
      allowedOauthFlows: ["client_credentials"],
      allowedOauthScopes: [...props.scopes],
      explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
      // Named, because the default is all of them.
      readAttributes: ["email"],
      writeAttributes: ["email"],
      preventUserExistenceErrors: "ENABLED",
      enableTokenRevocation: true,
      ...TOKEN_LIFE,
      dependsOn: [...props.servers],
    });
  }
}
