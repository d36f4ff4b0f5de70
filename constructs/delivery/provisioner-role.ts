import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";

export interface ProvisionerRoleProps {
  readonly provider: AwsProvider;
  readonly partition: string;
  /** The account the role stands in. */
  readonly accountId: string;
  readonly roleName: string;
  /** ARN of the pipeline's apply role, in the API's account. */
  readonly applyRoleArn: string;
  /** The account `applyRoleArn` is in. */
  readonly applyAccountId: string;
  /** Names of the roles it may manage begin so. */
  readonly namePrefix: string;
}

/** What the pipeline assumes in a partner's account: it manages that partner's role and nothing else there. */
export class ProvisionerRole extends Construct {
  constructor(scope: Construct, id: string, props: ProvisionerRoleProps) {
    super(scope, id);
    const { provider } = props;
    const role = new IamRole(this, "role", {
      provider,
      name: props.roleName,
      maxSessionDuration: 3600,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            // The account and a condition rather than the role itself: IAM refuses a principal that does not exist
            // yet, and keeps the old unique id of a role that is made again.
            Principal: { AWS: `arn:${props.partition}:iam::${props.applyAccountId}:root` },
            Action: "sts:AssumeRole",
            Condition: { ArnEquals: { "aws:PrincipalArn": props.applyRoleArn } },
          },
        ],
      }),
    });
    new IamRolePolicy(this, "policy", {
      provider,
      name: "partner-role",
      role: role.name,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: [
              "iam:CreateRole",
              "iam:DeleteRole",
              "iam:DeleteRolePolicy",
              "iam:GetRole",
              "iam:GetRolePolicy",
              "iam:ListAttachedRolePolicies",
              "iam:ListInstanceProfilesForRole",
              "iam:ListRolePolicies",
              "iam:PutRolePolicy",
              "iam:TagRole",
              "iam:UntagRole",
              "iam:UpdateAssumeRolePolicy",
              "iam:UpdateRole",
            ],
            Resource: `arn:${props.partition}:iam::${props.accountId}:role/${props.namePrefix}-*`,
          },
        ],
      }),
    });
  }
}
