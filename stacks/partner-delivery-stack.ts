import type { Construct } from "constructs";
import { ProvisionerRole } from "../constructs/delivery/provisioner-role";
import type { Environment, Partner } from "../environments/schema";
import { BaseStack, PARTITION } from "./base-stack";

/** The role the pipeline uses in a partner's account. Applied once, by someone who may assume its bootstrap role. */
export class PartnerDeliveryStack extends BaseStack {
  constructor(scope: Construct, environment: Environment, partner: Partner) {
    super(scope, environment, `delivery-${partner.name}`, {
      accountId: partner.accountId,
      roleArn: partner.bootstrapRoleArn,
      alias: partner.name,
    });
    const namePrefix = `${environment.project}-${environment.name}`;
    new ProvisionerRole(this, "provisioner", {
      provider: this.provider,
      partition: PARTITION,
      accountId: partner.accountId,
      roleName: partner.provisionerRoleArn?.split("/").at(-1) ?? `${namePrefix}-provisioner`,
      applyRoleArn: `arn:${PARTITION}:iam::${environment.accountId}:role/${namePrefix}-apply`,
      applyAccountId: environment.accountId,
      namePrefix,
    });
  }
}
