import type { Construct } from "constructs";
import { ProvisionerRoles } from "../constructs/delivery/provisioner-role";
import type { Environment, Partner } from "../environments/schema";
import { BaseStack, PARTITION } from "./base-stack";

/** The roles the pipeline uses in a partner's account. Applied once, by someone who may assume its bootstrap role. */
export class PartnerDeliveryStack extends BaseStack {
  constructor(scope: Construct, environment: Environment, partner: Partner) {
    super(scope, environment, `delivery-${partner.name}`, {
      accountId: partner.accountId,
      roleArn: partner.bootstrapRoleArn,
      alias: partner.name,
      withoutBoundary: true,
    });
    const namePrefix = `${environment.project}-${environment.name}`;
    const pipeline = (name: string): string =>
      `arn:${PARTITION}:iam::${environment.accountId}:role/${namePrefix}-${name}`;
    new ProvisionerRoles(this, "provisioner", {
      provider: this.provider,
      partition: PARTITION,
      accountId: partner.accountId,
      roleName: partner.provisionerRoleArn?.split("/").at(-1) ?? `${namePrefix}-provisioner`,
      writers: [pipeline("apply"), ...environment.delivery.operatorRoleArns],
      readers: [pipeline("plan")],
      peopleRoleArns: [partner.bootstrapRoleArn ?? [], environment.delivery.operatorRoleArns].flat(),
      namePrefix,
      api: environment,
    });
  }
}
