import type { Construct } from "constructs";
import { ApiGatewayLogging } from "../constructs/delivery/api-gateway-account";
import { apiAccountLimits, RoleBoundary } from "../constructs/delivery/boundary";
import { GithubRoles } from "../constructs/delivery/github-roles";
import { StateBucket } from "../constructs/delivery/state-bucket";
import { DataKey } from "../constructs/encryption/data-key";
import type { Environment } from "../environments/schema";
import { stateBucketName, stateKeyAlias } from "./backend";
import { BaseStack, PARTITION } from "./base-stack";

/**
 * What the other stacks are delivered with: the state bucket, the pipeline's roles and their boundary, the account's
 * logging role.
 * A person with administrator rights applies it first, once; see docs/provisioning.md.
 */
export class DeliveryStack extends BaseStack {
  constructor(scope: Construct, environment: Environment) {
    super(
      scope,
      environment,
      "delivery",
      { accountId: environment.accountId, roleArn: environment.provisionerRoleArn, withoutBoundary: true },
      // It makes the bucket, so its own state can move there only afterwards.
      environment.state.kind === "s3" && environment.state.bootstrapped ? "s3" : "local",
    );
    const { provider } = this;
    const { accountId, region, delivery } = environment;
    const namePrefix = `${environment.project}-${environment.name}`;
    const { key } = new DataKey(this, "state-key", {
      provider,
      name: stateKeyAlias(environment),
      description: `Terraform state of ${namePrefix}`,
      partition: PARTITION,
      region,
      accountId,
      users: [],
    });
    const stateBucket = stateBucketName(environment);
    new StateBucket(this, "state", { provider, name: stateBucket, partition: PARTITION, key });
    const place = { partition: PARTITION, accountId, region, namePrefix };
    new RoleBoundary(this, "boundary", { provider, ...place, statements: apiAccountLimits(place) });
    if (delivery.github !== undefined) {
      new GithubRoles(this, "github", {
        provider,
        ...place,
        stateBucket,
        stateKeyArn: key.arn,
        provisionerRoleArns: environment.partners.flatMap(({ provisionerRoleArn }) => provisionerRoleArn ?? []),
        peopleRoleArns: [environment.provisionerRoleArn ?? [], delivery.operatorRoleArns].flat(),
        repository: delivery.github.repository,
        githubEnvironment: delivery.github.environment,
        createProvider: delivery.github.createProvider,
      });
    }
    if (delivery.apiGatewayLogging) {
      new ApiGatewayLogging(this, "api-gateway-logging", {
        provider,
        name: this.nameOf("api-gateway-logging"),
      });
    }
  }
}
