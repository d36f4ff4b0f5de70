import type { Construct } from "constructs";
import { DataKey } from "../constructs/encryption/data-key";
import { ApiEndpoint } from "../constructs/network/api-endpoint";
import { PrivateVpc } from "../constructs/network/vpc";
import type { Environment } from "../environments/schema";
import { BaseStack, PARTITION } from "./base-stack";

/** The private network and its way to the private API. */
export class NetworkStack extends BaseStack {
  readonly network: PrivateVpc;
  readonly apiEndpoint: ApiEndpoint;

  constructor(scope: Construct, environment: Environment) {
    super(scope, environment, "network", {
      accountId: environment.accountId,
      roleArn: environment.provisionerRoleArn,
    });
    const { provider } = this;
    const { accountId, region, vpcCidr } = environment;
    const name = this.nameOf("network");
    const { key } = new DataKey(this, "data-key", {
      provider,
      name,
      description: `Logs of ${name}`,
      partition: PARTITION,
      region,
      accountId,
      users: ["logs"],
    });
    this.network = new PrivateVpc(this, "network", {
      name,
      zones: environment.availabilityZones,
      cidr: vpcCidr,
      log: { provider, kmsKeyArn: key.arn, retentionDays: environment.logRetentionDays },
    });
    this.apiEndpoint = new ApiEndpoint(this, "api-endpoint", {
      provider,
      name: this.nameOf("execute-api"),
      partition: PARTITION,
      region,
      accountId,
      stage: environment.name,
      vpc: this.network.vpc,
      cidr: vpcCidr,
      subnets: this.network.subnets,
    });
  }
}
