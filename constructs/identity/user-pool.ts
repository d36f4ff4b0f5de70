import { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import type { NodeFunction } from "../lambda/node-function";

export interface UserPoolProps {
  readonly provider: AwsProvider;
  readonly name: string;
  /** Whether every user has to have a second factor (TOTP), or may. */
  readonly mfa: "ON" | "OPTIONAL";
  /**
   * Cognito's adaptive authentication and compromised-credential checks. Needs the PLUS tier, which costs per user.
   */
  readonly threatProtection: boolean;
  /** Whether people may sign themselves up, or administrators create them. */
  readonly selfSignUp: boolean;
  /** Adds the tenant and the roles to the tokens. */
  readonly preTokenGeneration: NodeFunction;
}

/**
 * The users. Nothing in here can be taken back: the schema is immutable, and losing the pool loses every password, so
 * it is protected against deletion on both sides.
 */
export class UserPool extends Construct {
  readonly pool: CognitoUserPool;

  constructor(scope: Construct, id: string, props: UserPoolProps) {
    super(scope, id);
    const { provider } = props;
    const trigger = props.preTokenGeneration.function;
    this.pool = new CognitoUserPool(this, "pool", {
      provider,
      name: props.name,
      usernameAttributes: ["email"],
      usernameConfiguration: { caseSensitive: false },
      autoVerifiedAttributes: ["email"],
      // A new address counts only once it is verified; until then the old one stays.
      userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdate: ["email"] },
      adminCreateUserConfig: { allowAdminCreateUserOnly: !props.selfSignUp },
      schema: [
        {
          name: "tenant",
          attributeDataType: "String",
          mutable: true,
          required: false,
          developerOnlyAttribute: false,
          // Left out, the provider finds a difference in every plan (https://github.com/hashicorp/terraform-provider-aws/issues/38096).
          stringAttributeConstraints: { minLength: "1", maxLength: "64" },
        },
      ],
      passwordPolicy: {
        minimumLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireNumbers: true,
        requireSymbols: true,
        temporaryPasswordValidityDays: 3,
      },
      mfaConfiguration: props.mfa,
      softwareTokenMfaConfiguration: { enabled: true },
      accountRecoverySetting: { recoveryMechanism: [{ name: "verified_email", priority: 1 }] },
      deviceConfiguration: { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true },
      userPoolTier: props.threatProtection ? "PLUS" : "ESSENTIALS",
      ...(props.threatProtection ? { userPoolAddOns: { advancedSecurityMode: "ENFORCED" } } : {}),
      lambdaConfig: { preTokenGenerationConfig: { lambdaArn: trigger.arn, lambdaVersion: "V2_0" } },
      deletionProtection: "ACTIVE",
      lifecycle: { preventDestroy: true },
    });
    new LambdaPermission(this, "permission", {
      provider,
      statementId: "user-pool",
      action: "lambda:InvokeFunction",
      functionName: trigger.functionName,
      principal: "cognito-idp.amazonaws.com",
      sourceArn: this.pool.arn,
    });
  }
}
