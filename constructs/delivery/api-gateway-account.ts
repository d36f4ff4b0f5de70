import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";

export interface ApiGatewayLoggingProps {
  readonly provider: AwsProvider;
  readonly name: string;
}

/**
 * The role API Gateway writes logs with. There is one for all APIs of an account and region: two stacks that both set
 * it undo each other, and destroying either stops every API's logs. So it is its own decision, once per account.
 */
export class ApiGatewayLogging extends Construct {
  constructor(scope: Construct, id: string, props: ApiGatewayLoggingProps) {
    super(scope, id);
    const { provider } = props;
    const role = new IamRole(this, "role", {
      provider,
      name: props.name,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    const policy = new IamRolePolicy(this, "policy", {
      provider,
      name: "write-logs",
      role: role.name,
      // What AWS's own AmazonAPIGatewayPushToCloudWatchLogs allows; written out, so that a reader and a tool without
      // an account see it.
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: [
              "logs:CreateLogGroup",
              "logs:CreateLogStream",
              "logs:DescribeLogGroups",
              "logs:DescribeLogStreams",
              "logs:FilterLogEvents",
              "logs:GetLogEvents",
              "logs:PutLogEvents",
            ],
            Resource: "*",
          },
        ],
      }),
    });
    // API Gateway tries the role when it is set.
    new ApiGatewayAccount(this, "account", { provider, cloudwatchRoleArn: role.arn, dependsOn: [policy] });
  }
}
