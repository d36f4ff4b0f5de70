import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { IAspect } from "cdktf";
import { Construct, type IConstruct } from "constructs";

/** Where a boundary stands, and whose roles it limits. */
export interface BoundaryScope {
  readonly partition: string;
  readonly accountId: string;
  /** `<project>-<environment>`, with which every name of the environment begins. */
  readonly namePrefix: string;
}

/** The boundary's ARN, known before it is made. */
export function boundaryArn({ partition, accountId, namePrefix }: BoundaryScope): string {
  return `arn:${partition}:iam::${accountId}:policy/${boundaryName(namePrefix)}`;
}

function boundaryName(namePrefix: string): string {
  return `${namePrefix}-boundary`;
}

export interface RoleBoundaryProps extends BoundaryScope {
  readonly provider: AwsProvider;
  /** The most that a role within it can do. */
  readonly statements: readonly object[];
}

/**
 * The permissions boundary of every role the pipeline makes. Whoever may write roles could otherwise make one that is
 * stronger than itself, and work through that.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export class RoleBoundary extends Construct {
  constructor(scope: Construct, id: string, props: RoleBoundaryProps) {
    super(scope, id);
    new IamPolicy(this, "policy", {
      provider: props.provider,
      name: boundaryName(props.namePrefix),
      description: "The most that a role made by the pipeline can do",
      policy: JSON.stringify({ Version: "2012-10-17", Statement: props.statements }),
    });
  }
}

/** The most a role of the API's account can do: write its own logs and read its own secrets. */
export function apiAccountLimits(scope: BoundaryScope & { readonly region: string }): object[] {
  const { partition, accountId, region, namePrefix } = scope;
  const own = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  return [
    {
      Sid: "OwnLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      Resource: ["/aws/lambda", "/aws/vpc"].map((kind) => own("logs", `log-group:${kind}/${namePrefix}-*`)),
    },
    {
      Sid: "OwnSecrets",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: own("secretsmanager", `secret:${namePrefix}-*`),
    },
    {
      Sid: "KeysOfSecrets",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: own("kms", "key/*"),
      Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
    },
  ];
}

/** The most a role of a partner's account can do: call the APIs. */
export function partnerLimits(
  partition: string,
  api: { readonly region: string; readonly accountId: string },
): object[] {
  const Resource = `arn:${partition}:execute-api:${api.region}:${api.accountId}:*`;
  return [{ Sid: "CallTheApis", Effect: "Allow", Action: "execute-api:Invoke", Resource }];
}

/** Puts every role of a stack within a boundary, whichever construct makes it. */
export class RolesStayWithin implements IAspect {
  constructor(private readonly arn: string) {}

  visit(node: IConstruct): void {
    if (node instanceof IamRole) node.permissionsBoundary = this.arn;
  }
}

/**
 * What the pipeline may do with roles: make them and give them rights only while they carry the boundary, which it
 * can neither take off nor change.
 *
 * @param kept ARNs of roles that only a person changes, beside the boundary: the pipeline's own, and people's
 */
export function roleWriteStatements(scope: BoundaryScope, kept: readonly string[]): object[] {
  const { partition, accountId, namePrefix } = scope;
  const roles = `arn:${partition}:iam::${accountId}:role/${namePrefix}-*`;
  return [
    {
      Sid: "GiveRightsWithinTheBoundary",
      Effect: "Allow",
      Action: ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
      Resource: roles,
      Condition: { StringEquals: { "iam:PermissionsBoundary": boundaryArn(scope) } },
    },
    {
      Sid: "WriteOwnRoles",
      Effect: "Allow",
      Action: [
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ],
      Resource: roles,
    },
    { Sid: "KeepTheBoundaryOn", Effect: "Deny", Action: "iam:DeleteRolePermissionsBoundary", Resource: "*" },
    // Every name of the family, so that an action IAM adds is covered as well.
    {
      Sid: "LeaveThePipelineAlone",
      Effect: "Deny",
      Action: [
        "iam:Attach*",
        "iam:Create*",
        "iam:Delete*",
        "iam:Detach*",
        "iam:PassRole",
        "iam:Put*",
        "iam:Set*",
        "iam:Tag*",
        "iam:Untag*",
        "iam:Update*",
      ],
      Resource: [...kept, boundaryArn(scope)],
    },
  ];
}
