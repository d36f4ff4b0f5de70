import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { Construct } from "constructs";

export interface ApiAlarmsProps {
  readonly provider: AwsProvider;
  readonly apiName: string;
  readonly stage: string;
  readonly accountId: string;
  readonly kmsKeyArn: string;
  /** Names of the functions that answer for authorizers. */
  readonly authorizers: readonly string[];
  /** Names of all functions. */
  readonly functions: readonly string[];
}

const FIVE_MINUTES = 300;

/** Tells somebody: subscribe to the topic. */
export class ApiAlarms extends Construct {
  readonly topic: SnsTopic;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ApiAlarmsProps,
  ) {
    super(scope, id);
    const { provider, apiName, stage } = props;
    this.topic = new SnsTopic(this, "topic", {
      provider,
      name: `${apiName}-alarms`,
      kmsMasterKeyId: props.kmsKeyArn,
    });
    new SnsTopicPolicy(this, "topic-policy", {
      provider,
      arn: this.topic.arn,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Resource: this.topic.arn,
            Condition: { StringEquals: { "aws:SourceAccount": props.accountId } },
          },
        ],
      }),
    });
    const api = { ApiName: apiName, Stage: stage };
    this.alarm(
      "5xx",
      "AWS/ApiGateway",
      "5XXError",
      api,
      { above: 0.01, statistic: "Average" },
      "More than 1 in 100 calls fails on our side.",
    );
    this.alarm(
      "4xx",
      "AWS/ApiGateway",
      "4XXError",
      api,
      { above: 0.25, statistic: "Average" },
      "More than 1 in 4 calls is refused: a broken client, a wrong policy, or someone trying doors.",
    );
    this.alarm(
      "latency",
      "AWS/ApiGateway",
      "Latency",
      api,
      { above: 3000, statistic: "p99" },
      "1 in 100 calls takes longer than 3 seconds.",
    );
    for (const name of props.authorizers) {
      const lambda = { FunctionName: name };
      this.alarm(
        `${name}-errors`,
        "AWS/Lambda",
        "Errors",
        lambda,
        { above: 0, statistic: "Sum" },
        "An authorizer failed: every call that needed it got a 500.",
      );
      this.alarm(
        `${name}-latency`,
        "AWS/Lambda",
        "Duration",
        lambda,
        { above: 2000, statistic: "p99" },
        "An authorizer is slow: it holds up every call behind it.",
      );
    }
    for (const name of props.functions) {
      this.alarm(
        `${name}-throttles`,
        "AWS/Lambda",
        "Throttles",
        { FunctionName: name },
        { above: 0, statistic: "Sum" },
        "A function was not run because the account's concurrency is used up.",
      );
    }
  }

  private alarm(
    name: string,
    namespace: string,
    metricName: string,
    dimensions: { [name: string]: string },
    limit: { readonly above: number; readonly statistic: "Average" | "Sum" | "p99" },
    description: string,
  ): void {
    const { provider, apiName } = this.props;
    new CloudwatchMetricAlarm(this, name, {
      provider,
      alarmName: name.startsWith(apiName) ? name : `${apiName}-${name}`,
      alarmDescription: description,
      namespace,
      metricName,
      dimensions,
      ...(limit.statistic === "p99" ? { extendedStatistic: "p99" } : { statistic: limit.statistic }),
      comparisonOperator: "GreaterThanThreshold",
      threshold: limit.above,
      period: FIVE_MINUTES,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      // A quiet API is not a broken one.
      treatMissingData: "notBreaching",
      alarmActions: [this.topic.arn],
      okActions: [this.topic.arn],
    });
  }
}
