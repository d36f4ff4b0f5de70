import { CognitoUserPoolDomain } from "@cdktf/provider-aws/lib/cognito-user-pool-domain";
import { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import type { Construct } from "constructs";
import { BrowserClient, MachineClient } from "../constructs/identity/pool-clients";
import { ResourceServers } from "../constructs/identity/resource-servers";
import { routesOf, type RouteTable } from "../constructs/routes/route-table";
import type { Environment } from "../environments/schema";
import { BaseStack } from "./base-stack";

/** Who people and programs are: the user pool, its scopes and its clients. */
export class IdentityStack extends BaseStack {
  readonly pool: CognitoUserPool;

  constructor(scope: Construct, environment: Environment, table: RouteTable) {
    super(scope, environment, "identity", {
      accountId: environment.accountId,
      roleArn: environment.provisionerRoleArn,
    });
    const { provider } = this;
    const scopes = [...new Set(routesOf(table, "cognito").flatMap((route) => route.protection.scopes))].sort();
    this.pool = new CognitoUserPool(this, "pool", {
      provider,
      name: this.nameOf("users"),
      usernameAttributes: ["email"],
      autoVerifiedAttributes: ["email"],
      usernameConfiguration: { caseSensitive: false },
      passwordPolicy: {
        minimumLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireNumbers: true,
        requireSymbols: true,
        temporaryPasswordValidityDays: 3,
      },
      mfaConfiguration: "OPTIONAL",
      softwareTokenMfaConfiguration: { enabled: true },
      accountRecoverySetting: { recoveryMechanism: [{ name: "verified_email", priority: 1 }] },
      deletionProtection: "ACTIVE",
      lifecycle: { preventDestroy: true },
    });
    const { servers } = new ResourceServers(this, "scopes", { provider, pool: this.pool, scopes });
    new BrowserClient(this, "browser", {
      provider,
      pool: this.pool,
      servers,
      scopes,
      name: this.nameOf("browser"),
      callbackUrls: environment.cognito.callbackUrls,
      logoutUrls: environment.cognito.logoutUrls,
    });
    new MachineClient(this, "machine", { provider, pool: this.pool, servers, scopes, name: this.nameOf("machine") });
    new CognitoUserPoolDomain(this, "domain", {
      provider,
      userPoolId: this.pool.id,
      domain: environment.cognito.domainPrefix,
    });
  }
}
