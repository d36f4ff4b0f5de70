/**
 * What AWS managed policies say that are often attached where APIs are called, by their path behind
 * `arn:aws:iam::aws:policy/`. Source: AWS Managed Policy Reference,
 * `https://docs.aws.amazon.com/aws-managed-policy/latest/reference/<name>.html`. All others are unknown here.
 */
const STATEMENTS: Readonly<Record<string, (partition: string) => object | readonly object[]>> = {
  AdministratorAccess: () => allow("*"),
  PowerUserAccess: () => [
    { Effect: "Allow", NotAction: ["iam:*", "organizations:*", "account:*"], Resource: "*" },
    allow(
      ...["GetAccountInformation", "GetGovCloudAccountInformation", "GetPrimaryEmail", "ListRegions"].map(
        (action) => `account:${action}`,
      ),
      ...["iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:ListRoles"],
      ...["organizations:DescribeEffectivePolicy", "organizations:DescribeOrganization"],
    ),
  ],
  AmazonAPIGatewayInvokeFullAccess: (partition) => ({
    ...allow("execute-api:Invoke", "execute-api:ManageConnections"),
    Resource: `arn:${partition}:execute-api:*:*:*`,
  }),
  AmazonAPIGatewayAdministrator: (partition) => ({
    ...allow("apigateway:*"),
    Resource: `arn:${partition}:apigateway:*::/*`,
  }),
  AWSDenyAll: () => ({ Effect: "Deny", Action: "*", Resource: "*" }),
  AWSXRayDaemonWriteAccess: () =>
    allow(
      ...["PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets"].map(
        (action) => `xray:${action}`,
      ),
      "xray:GetSamplingStatisticSummaries",
    ),
  "service-role/AWSLambdaBasicExecutionRole": () => allow(...WRITE_LOGS),
  "service-role/AWSLambdaVPCAccessExecutionRole": () =>
    allow(
      ...WRITE_LOGS,
      ...["CreateNetworkInterface", "DescribeNetworkInterfaces", "DescribeSubnets", "DeleteNetworkInterface"].map(
        (action) => `ec2:${action}`,
      ),
      ...["ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"],
    ),
  "service-role/AmazonAPIGatewayPushToCloudWatchLogs": () =>
    allow(
      ...WRITE_LOGS,
      ...["DescribeLogGroups", "DescribeLogStreams", "GetLogEvents", "FilterLogEvents"].map(
        (action) => `logs:${action}`,
      ),
    ),
};

const WRITE_LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

function allow(...actions: readonly string[]): object {
  return { Effect: "Allow", Action: actions, Resource: "*" };
}

/** The document of an AWS managed policy; undefined for one whose text is not known here. */
export function awsManagedPolicy(arn: string): object | undefined {
  const [, partition = "", name = ""] = /^arn:(aws[a-z-]*):iam::aws:policy\/(.+)$/.exec(arn) ?? [];
  const statements = Object.hasOwn(STATEMENTS, name) ? STATEMENTS[name] : undefined;
  return statements && { Version: "2012-10-17", Statement: statements(partition) };
}
