import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import { invokePolicy } from "./promised-routes";

export interface PartnerRoleProps {
  readonly provider: AwsProvider;
  readonly name: string;
  readonly partition: string;
  /** The partner's account, where the role stands. */
  readonly accountId: string;
  readonly externalId: string;
  /** The routes it was promised, as policy resources. */
  readonly resources: readonly string[];
}

/** The role a partner's programs assume: allowed exactly the routes it was promised. */
export class PartnerRole extends Construct {
  readonly role: IamRole;

  constructor(scope: Construct, id: string, props: PartnerRoleProps) {
    super(scope, id);
    const { provider } = props;
    this.role = new IamRole(this, "role", {
      provider,
      name: props.name,
      maxSessionDuration: 3600,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: `arn:${props.partition}:iam::${props.accountId}:root` },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "sts:ExternalId": props.externalId } },
          },
        ],
      }),
    });
    new IamRolePolicy(this, "policy", {
      provider,
      name: "promised-routes",
      role: this.role.name,
      policy: invokePolicy(props.resources),
    });
  }
}
