import { roleWriteStatements } from "./boundary";
import { planRole } from "./provisioner-role";

/** What a pipeline of one environment may touch. */
export interface PipelineScope {
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
  /** `<project>-<environment>`, with which every name of the environment begins. */
  readonly namePrefix: string;
  readonly stateBucket: string;
  readonly stateKeyArn: string;
  /** Roles in other accounts that an apply assumes. */
  readonly provisionerRoleArns: readonly string[];
  /** Roles that people work with, which the pipeline leaves alone whatever they are called. */
  readonly peopleRoleArns: readonly string[];
}

type Statement = object;

/**
 * Services the stacks are made of, with what reads their settings and not the data of our users. Settings can be secrets
 * of whoever shares the account (a client's secret, a function's environment): one account for each environment.
 */
const READ: readonly string[] = [
  "acm:DescribeCertificate",
  "acm:ListTagsForCertificate",
  "apigateway:GET",
  "cloudwatch:DescribeAlarms",
  "cloudwatch:GetDashboard",
  "cloudwatch:ListTagsForResource",
  "cognito-idp:Describe*",
  "cognito-idp:GetGroup",
  "cognito-idp:GetUserPoolMfaConfig",
  // Not List*: ListUsers would give the people in the pool to everybody who may open a pull request.
  "cognito-idp:ListTagsForResource",
  "ec2:Describe*",
  "iam:Get*",
  "iam:List*",
  "kms:DescribeKey",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListAliases",
  "kms:ListResourceTags",
  "lambda:GetFunction*",
  "lambda:GetPolicy",
  "lambda:List*",
  "logs:Describe*",
  "logs:ListTagsForResource",
  "s3:GetAccelerateConfiguration",
  "s3:GetBucket*",
  "s3:GetEncryptionConfiguration",
  "s3:GetLifecycleConfiguration",
  "s3:GetReplicationConfiguration",
  "s3:ListBucket",
  "secretsmanager:DescribeSecret",
  "secretsmanager:GetResourcePolicy",
  "sns:Get*",
  "sns:ListTagsForResource",
  // Not Get*: GetSampledRequests would give the headers of callers.
  "wafv2:GetIPSet",
  "wafv2:GetLoggingConfiguration",
  "wafv2:GetWebACL",
  "wafv2:GetWebACLForResource",
  "wafv2:ListTagsForResource",
];

/** Services where not every write names a resource, or not by a name of ours. */
const WRITE: readonly string[] = [
  "apigateway:*",
  "cloudwatch:*",
  "cognito-idp:*",
  "kms:*",
  "logs:*",
  "sns:*",
  "wafv2:*",
];

/** Networks and what they are made of. Not ec2:*, which rewrites what other people's instances start with. */
const NETWORK_WRITE: readonly string[] = [
  "ec2:AssociateRouteTable",
  "ec2:AuthorizeSecurityGroup*",
  "ec2:CreateFlowLogs",
  "ec2:CreateRouteTable",
  "ec2:CreateSecurityGroup",
  "ec2:CreateSubnet",
  "ec2:CreateTags",
  "ec2:CreateVpc",
  "ec2:CreateVpcEndpoint",
  "ec2:DeleteFlowLogs",
  "ec2:DeleteRouteTable",
  "ec2:DeleteSecurityGroup",
  "ec2:DeleteSubnet",
  "ec2:DeleteTags",
  "ec2:DeleteVpc",
  "ec2:DeleteVpcEndpoints",
  "ec2:DisassociateRouteTable",
  "ec2:ModifySecurityGroupRules",
  "ec2:ModifySubnetAttribute",
  "ec2:ModifyVpcAttribute",
  "ec2:ModifyVpcEndpoint",
  "ec2:ReplaceRouteTableAssociation",
  "ec2:RevokeSecurityGroup*",
  "ec2:UpdateSecurityGroupRuleDescriptions*",
  // An interface endpoint with private DNS needs it.
  "route53:AssociateVPCWithHostedZone",
];

/** The services that our roles are for. */
const ROLE_USERS: readonly string[] = ["lambda.amazonaws.com", "vpc-flow-logs.amazonaws.com"];
/** Custom domains and the firewall's log work through roles that AWS itself writes. */
const SERVICE_LINKED: readonly string[] = ["ops.apigateway.amazonaws.com", "wafv2.amazonaws.com"];

const POLICY_WRITE: readonly string[] = [
  "iam:CreatePolicy",
  "iam:CreatePolicyVersion",
  "iam:DeletePolicy",
  "iam:DeletePolicyVersion",
  "iam:TagPolicy",
  "iam:UntagPolicy",
];

const SECRET_WRITE: readonly string[] = [
  "secretsmanager:CreateSecret",
  "secretsmanager:DeleteSecret",
  "secretsmanager:TagResource",
  "secretsmanager:UntagResource",
  "secretsmanager:UpdateSecret",
];

/** Reads settings and state, and takes the lock. State holds secrets: who may open a pull request may read them. */
export function planStatements(scope: PipelineScope): Statement[] {
  return [
    { Sid: "ReadSettings", Effect: "Allow", Action: READ, Resource: "*" },
    ...stateStatements(scope, ["s3:GetObject"]),
    ...assumeStatements(scope.provisionerRoleArns.map(planRole)),
  ];
}

/** Writes what the stacks are made of; functions, secrets, roles and policies only by this environment's names. */
export function applyStatements(scope: PipelineScope): Statement[] {
  const { partition, accountId, region, namePrefix } = scope;
  const iam = (kind: string, name: string): string => `arn:${partition}:iam::${accountId}:${kind}/${name}`;
  const pipeline = ["plan", "apply", "api-gateway-logging"].map((name) => iam("role", `${namePrefix}-${name}`));
  return [
    { Sid: "ReadSettings", Effect: "Allow", Action: READ, Resource: "*" },
    { Sid: "WriteServices", Effect: "Allow", Action: WRITE, Resource: "*" },
    { Sid: "WriteNetworks", Effect: "Allow", Action: NETWORK_WRITE, Resource: "*" },
    // A function works with its role's rights, so who may write another's function has its rights.
    {
      Sid: "WriteOwnFunctions",
      Effect: "Allow",
      Action: "lambda:*",
      Resource: `arn:${partition}:lambda:${region}:${accountId}:function:${namePrefix}-*`,
    },
    // Who may overwrite another's secret knows it from then on.
    {
      Sid: "WriteOwnSecrets",
      Effect: "Allow",
      Action: SECRET_WRITE,
      Resource: `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${namePrefix}-*`,
    },
    ...roleWriteStatements(scope, [...pipeline, ...scope.peopleRoleArns]),
    {
      Sid: "PassOwnRoles",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: iam("role", `${namePrefix}-*`),
      Condition: { StringEquals: { "iam:PassedToService": ROLE_USERS } },
    },
    { Sid: "WriteOwnPolicies", Effect: "Allow", Action: POLICY_WRITE, Resource: iam("policy", `${namePrefix}-*`) },
    {
      Sid: "AwsOwnRoles",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: iam("role", "aws-service-role/*"),
      Condition: { StringEquals: { "iam:AWSServiceName": SERVICE_LINKED } },
    },
    { Sid: "LeaveTheStateBucketAlone", Effect: "Deny", Action: ["s3:DeleteBucket*", "s3:PutBucket*"], Resource: "*" },
    // Without its key the state is lost, and every old version of it.
    {
      Sid: "LeaveTheStateKeyAlone",
      Effect: "Deny",
      NotAction: ["kms:Decrypt", "kms:Describe*", "kms:GenerateDataKey", "kms:Get*", "kms:List*"],
      Resource: scope.stateKeyArn,
    },
    ...stateStatements(scope, ["s3:GetObject", "s3:PutObject"]),
    ...assumeStatements(scope.provisionerRoleArns),
  ];
}

function assumeStatements(roles: readonly string[]): Statement[] {
  return roles.length > 0
    ? [{ Sid: "PartnerAccounts", Effect: "Allow", Action: "sts:AssumeRole", Resource: roles }]
    : [];
}

function stateStatements(
  { partition, stateBucket, stateKeyArn }: PipelineScope,
  onState: readonly string[],
): Statement[] {
  const bucket = `arn:${partition}:s3:::${stateBucket}`;
  return [
    { Sid: "State", Effect: "Allow", Action: onState, Resource: `${bucket}/*.tfstate` },
    {
      Sid: "Lock",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      Resource: `${bucket}/*.tflock`,
    },
    { Sid: "StateKey", Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: stateKeyArn },
  ];
}
