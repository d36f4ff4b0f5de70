import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";

/** AWS services that use a key on their own behalf rather than on the caller's. */
export type KeyUser = "logs" | "sns-alarms";

export interface DataKeyProps {
  readonly provider: AwsProvider;
  /** Name of the alias, without `alias/`. */
  readonly name: string;
  readonly description: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly users: readonly KeyUser[];
}

/**
 * A customer-managed key for what one stack keeps. Each stack has its own, so that losing or disabling one closes
 * one stack, and so that no key policy has to know another stack.
 */
export class DataKey extends Construct {
  readonly key: KmsKey;

  constructor(scope: Construct, id: string, props: DataKeyProps) {
    super(scope, id);
    const { provider, partition, region, accountId } = props;
    this.key = new KmsKey(this, "key", {
      provider,
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            // Without it nobody could administer the key; what its principals may do is up to their identity policies.
            Sid: "AccountAdministers",
            Effect: "Allow",
            Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
            Action: "kms:*",
            Resource: "*",
          },
          ...props.users.map((user) => USERS[user]({ partition, region, accountId })),
        ],
      }),
      lifecycle: { preventDestroy: true },
    });
    new KmsAlias(this, "alias", { provider, name: `alias/${props.name}`, targetKeyId: this.key.keyId });
  }
}

interface Place {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

const ENCRYPT = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"];

const USERS: Readonly<Record<KeyUser, (place: Place) => Readonly<Record<string, unknown>>>> = {
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
  logs: ({ partition, region, accountId }) => ({
    Sid: "LogGroupsOfThisAccount",
    Effect: "Allow",
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: ENCRYPT,
    Resource: "*",
    Condition: {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${accountId}:log-group:*` },
    },
  }),
  // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
  "sns-alarms": ({ accountId }) => ({
    Sid: "AlarmsOfThisAccount",
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    Condition: { StringEquals: { "aws:SourceAccount": accountId } },
  }),
};
