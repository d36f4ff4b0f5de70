import { CognitoUserPoolDomain } from "@cdktf/provider-aws/lib/cognito-user-pool-domain";
import { CognitoUserGroup } from "@cdktf/provider-aws/lib/cognito-user-group";
import type { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import type { Construct } from "constructs";
import { DataKey } from "../constructs/encryption/data-key";
import { BrowserClient, MachineClient } from "../constructs/identity/pool-clients";
import { ResourceServers } from "../constructs/identity/resource-servers";
import { UserPool } from "../constructs/identity/user-pool";
import { Functions } from "../constructs/lambda/functions";
import { routesOf, type RouteTable } from "../constructs/routes/route-table";
import type { Environment } from "../environments/schema";
import { BaseStack, PARTITION } from "./base-stack";

/** Who people and programs are: the user pool, its scopes and its clients. */
export class IdentityStack extends BaseStack {
  readonly pool: CognitoUserPool;

  constructor(scope: Construct, environment: Environment, table: RouteTable, lambdas: string) {
    super(scope, environment, "identity", {
      accountId: environment.accountId,
      roleArn: environment.provisionerRoleArn,
    });
    const { provider } = this;
    const { cognito } = environment;
    const scopes = [...new Set(routesOf(table, "cognito").flatMap((route) => route.protection.scopes))].sort();
    const key = new DataKey(this, "data-key", {
      provider,
      name: this.nameOf("identity"),
      description: `Logs of ${this.nameOf("identity")}`,
      partition: PARTITION,
      region: environment.region,
      accountId: environment.accountId,
      users: ["logs"],
    });
    const functions = new Functions(this, "functions", {
      log: { provider, kmsKeyArn: key.key.arn, retentionDays: environment.logRetentionDays },
      folder: lambdas,
      namePrefix: this.nameOf("identity"),
      handlerEnvironment: {},
    });
    this.pool = new UserPool(this, "users", {
      provider,
      name: this.nameOf("users"),
      mfa: cognito.mfa,
      threatProtection: cognito.threatProtection,
      selfSignUp: cognito.selfSignUp,
      preTokenGeneration: functions.handler("pre-token-generation"),
    }).pool;
    for (const { name, description } of cognito.groups) {
      new CognitoUserGroup(this, `group-${name}`, { provider, userPoolId: this.pool.id, name, description });
    }
    const { servers } = new ResourceServers(this, "scopes", { provider, pool: this.pool, scopes });
    new BrowserClient(this, "browser", {
      provider,
      pool: this.pool,
      servers,
      scopes,
      name: this.nameOf("browser"),
      callbackUrls: cognito.callbackUrls,
      logoutUrls: cognito.logoutUrls,
    });
    new MachineClient(this, "machine", { provider, pool: this.pool, servers, scopes, name: this.nameOf("machine") });
    new CognitoUserPoolDomain(this, "domain", {
      provider,
      userPoolId: this.pool.id,
      domain: cognito.domainPrefix,
    });
  }
}
