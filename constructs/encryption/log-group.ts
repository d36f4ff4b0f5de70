import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";

/** What every log of a stack has in common. */
export interface LogSettings {
  readonly provider: AwsProvider;
  /** ARN of the key that encrypts the log. */
  readonly kmsKeyArn: string;
  readonly retentionDays: number;
}

/** A log group that is encrypted and does not keep for ever. */
export function logGroup(scope: Construct, id: string, name: string, settings: LogSettings): CloudwatchLogGroup {
  return new CloudwatchLogGroup(scope, id, {
    provider: settings.provider,
    name,
    kmsKeyId: settings.kmsKeyArn,
    retentionInDays: settings.retentionDays,
  });
}
