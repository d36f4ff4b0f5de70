import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { PartnerRole } from "../constructs/partner/partner-role";
import { promisedToPartner } from "../constructs/partner/promised-routes";
import type { Environment, Partner } from "../environments/schema";
import type { ApiStack } from "./api-stack";
import { BaseStack, PARTITION } from "./base-stack";

/** What a partner whose account we manage gets there: one stack, one state, for each partner. */
export class PartnerAccessStack extends BaseStack {
  constructor(scope: Construct, environment: Environment, partner: Partner, apis: readonly ApiStack[]) {
    super(scope, environment, `partner-access-${partner.name}`, {
      accountId: partner.accountId,
      roleArn: partner.provisionerRoleArn,
      roleVariable: "provisioner_role_arn",
      alias: partner.name,
      // Where somebody else made the provisioner role, there is no boundary of ours either.
      withoutBoundary: partner.bootstrapRoleArn === undefined,
    });
    const { role } = new PartnerRole(this, "partner", {
      provider: this.provider,
      name: this.nameOf(partner.name),
      partition: PARTITION,
      accountId: partner.accountId,
      externalId: partner.externalId,
      resources: promisedToPartner(
        apis.map(({ contract }) => contract),
        partner,
      ),
    });
    new TerraformOutput(this, "role-arn", { value: role.arn, description: "The role the partner assumes." });
  }

  /** Whether any API promises the partner a route; a role for none would be an empty policy, which IAM refuses. */
  static isNeeded(partner: Partner, apis: readonly ApiStack[]): boolean {
    return partner.managed && apis.some(({ contract }) => promisedToPartner([contract], partner).length > 0);
  }
}
