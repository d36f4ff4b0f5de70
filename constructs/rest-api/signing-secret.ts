import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { Construct } from "constructs";

export interface SigningSecretProps {
  readonly provider: AwsProvider;
  readonly name: string;
  readonly key: KmsKey;
}

/**
 * The shared secrets of the clients that sign request parameters.
 *
 * Terraform makes the secret and never sees a value: a value in the configuration would stand in the state. Put one
 * in with `aws secretsmanager put-secret-value`; the authorizer accepts AWSCURRENT and AWSPREVIOUS, so a rotation
 * shuts nobody out.
 */
export class SigningSecret extends Construct {
  readonly secret: SecretsmanagerSecret;
  /** What a function needs to read it. */
  readonly readStatements: readonly Readonly<Record<string, unknown>>[];

  constructor(scope: Construct, id: string, props: SigningSecretProps) {
    super(scope, id);
    this.secret = new SecretsmanagerSecret(this, "secret", {
      provider: props.provider,
      name: props.name,
      description: "Shared secrets of the clients that sign request parameters",
      kmsKeyId: props.key.arn,
      recoveryWindowInDays: 30,
    });
    this.readStatements = [
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: this.secret.arn },
      { Effect: "Allow", Action: "kms:Decrypt", Resource: props.key.arn },
    ];
  }
}
