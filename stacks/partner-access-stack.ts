import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { PartnerRole } from "../constructs/partner/partner-role";
import { invokeResource } from "../constructs/routes/invoke-resource";
import { routesOf, type RouteTable } from "../constructs/routes/route-table";
import type { Environment, Partner } from "../environments/schema";
import { BaseStack } from "./base-stack";
import type { PublicApiStack } from "./public-api-stack";

/** What a partner gets in its own account, one stack per partner. */
export class PartnerAccessStack extends BaseStack {
  constructor(
    scope: Construct,
    environment: Environment,
    table: RouteTable,
    partner: Partner,
    publicApi: PublicApiStack,
  ) {
    super(scope, environment, `partner-access-${partner.name}`, {
      accountId: partner.accountId,
      roleArn: partner.provisionerRoleArn,
      alias: partner.name,
    });
    const promised = routesOf(table, "iam").filter(({ protection: { callers } }) =>
      [callers.partners?.includes(partner.name), callers.accounts?.includes(partner.accountId)].includes(true),
    );
    if (promised.length === 0) return;
    // Read once: each read is another token, and sorting would follow the tokens.
    const { executionArn } = publicApi.api.api;
    const { role } = new PartnerRole(this, "partner", {
      provider: this.provider,
      name: this.nameOf(partner.name),
      partition: "aws",
      accountId: partner.accountId,
      externalId: partner.externalId,
      resources: promised.map((route) => invokeResource(executionArn, environment.name, route)).sort(),
    });
    new TerraformOutput(this, "role-arn", { value: role.arn, description: "The role the partner assumes." });
  }
}
