import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import { asStored } from "../resource-policy/document";

export interface ProvisionerRolesProps {
  readonly provider: AwsProvider;
  readonly partition: string;
  /** The account the roles stand in. */
  readonly accountId: string;
  /** Name of the role that writes; the one that reads is called the same with `-plan`. */
  readonly roleName: string;
  /** ARNs of the roles that may write: the pipeline's apply role, and people's where the environment names any. */
  readonly writers: readonly string[];
  /** ARNs of the roles that may read: the pipeline's plan role. */
  readonly readers: readonly string[];
  /** Names of the roles it may manage begin so. */
  readonly namePrefix: string;
}

const READ = [
  "iam:GetRole",
  "iam:GetRolePolicy",
  "iam:ListAttachedRolePolicies",
  "iam:ListInstanceProfilesForRole",
  "iam:ListRolePolicies",
];

const WRITE = [
  "iam:CreateRole",
  "iam:DeleteRole",
  "iam:DeleteRolePolicy",
  "iam:PutRolePolicy",
  "iam:TagRole",
  "iam:UntagRole",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateRole",
];

/** What the pipeline assumes in a partner's account: it manages, or reads, that partner's role and nothing else there. */
export class ProvisionerRoles extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ProvisionerRolesProps,
  ) {
    super(scope, id);
    this.add("writer", props.roleName, props.writers, [...READ, ...WRITE]);
    this.add("reader", planRole(props.roleName), props.readers, READ);
  }

  private add(id: string, name: string, assumedBy: readonly string[], actions: readonly string[]): void {
    const { provider, partition, accountId, namePrefix } = this.props;
    const accounts = [...new Set(assumedBy.map((arn) => arn.split(":")[4] ?? ""))];
    const role = new IamRole(this, id, {
      provider,
      name,
      maxSessionDuration: 3600,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            // Accounts and a condition rather than the roles themselves: IAM refuses a principal that does not exist
            // yet, and keeps the old unique id of a role that is made again.
            Principal: { AWS: asStored(accounts.map((account) => `arn:${partition}:iam::${account}:root`)) },
            Action: "sts:AssumeRole",
            Condition: { ArnEquals: { "aws:PrincipalArn": asStored(assumedBy) } },
          },
        ],
      }),
    });
    new IamRolePolicy(this, `${id}-policy`, {
      provider,
      name: "partner-role",
      role: role.name,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: actions,
            Resource: `arn:${partition}:iam::${accountId}:role/${namePrefix}-*`,
          },
        ],
      }),
    });
  }
}

/** Name or ARN of the role that reads, beside the one that writes. */
export function planRole(provisioner: string): string {
  return `${provisioner}-plan`;
}
