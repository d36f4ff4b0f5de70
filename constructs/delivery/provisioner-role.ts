import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import { asStored } from "../resource-policy/document";
import { partnerLimits, RoleBoundary, roleWriteStatements } from "./boundary";

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
  /** Roles that people work with, which it leaves alone whatever they are called. */
  readonly peopleRoleArns: readonly string[];
  /** Names of the roles it may manage begin so. */
  readonly namePrefix: string;
  /** Whose APIs the roles it makes may call, and nothing else. */
  readonly api: { readonly region: string; readonly accountId: string };
}

const READ = [
  "iam:GetRole",
  "iam:GetRolePolicy",
  "iam:ListAttachedRolePolicies",
  "iam:ListInstanceProfilesForRole",
  "iam:ListRolePolicies",
];

/** What the pipeline assumes in a partner's account: it manages, or reads, that partner's role and nothing else there. */
export class ProvisionerRoles extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ProvisionerRolesProps,
  ) {
    super(scope, id);
    const { partition, accountId, namePrefix, roleName } = props;
    new RoleBoundary(this, "boundary", { ...props, statements: partnerLimits(partition, props.api) });
    const own = [roleName, planRole(roleName)].map((name) => `arn:${partition}:iam::${accountId}:role/${name}`);
    const read = { Effect: "Allow", Action: READ, Resource: `arn:${partition}:iam::${accountId}:role/${namePrefix}-*` };
    this.add("writer", roleName, props.writers, [
      read,
      ...roleWriteStatements(props, [...own, ...props.peopleRoleArns]),
    ]);
    this.add("reader", planRole(roleName), props.readers, [read]);
  }

  private add(id: string, name: string, assumedBy: readonly string[], statements: readonly object[]): void {
    const { provider, partition } = this.props;
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
      policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
    });
  }
}

/** Name or ARN of the role that reads, beside the one that writes. */
export function planRole(provisioner: string): string {
  return `${provisioner}-plan`;
}
