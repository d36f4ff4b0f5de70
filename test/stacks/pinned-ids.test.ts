import { synthesized } from "../synth/synthesized";

/**
 * Terraform knows a resource by its address. Renaming or nesting a construct changes the address, which destroys the
 * resource and makes another: for what keeps data, that is the loss of it. These addresses therefore never change; to
 * move one, use `moveTo` and apply it everywhere before the old address leaves this list.
 */
const PINNED: Readonly<Record<string, readonly string[]>> = {
  delivery: [
    "aws_kms_alias.state-key_alias_63E2A9D5",
    "aws_kms_key.state-key_753BFC90",
    "aws_s3_bucket.state_bucket_803B4E61",
  ],
  identity: [
    "aws_cognito_user_pool.users_pool_87CF6C50",
    "aws_cognito_user_pool_domain.domain",
    "aws_kms_alias.data-key_alias_22743A5D",
    "aws_kms_key.data-key_5D719C34",
  ],
  network: ["aws_kms_alias.data-key_alias_22743A5D", "aws_kms_key.data-key_5D719C34"],
  "public-api": [
    "aws_kms_alias.data-key_alias_22743A5D",
    "aws_kms_key.data-key_5D719C34",
    "aws_secretsmanager_secret.signing-secret_B57172EC",
  ],
  "private-api": ["aws_kms_alias.data-key_alias_22743A5D", "aws_kms_key.data-key_5D719C34"],
};

const STATEFUL = [
  "aws_cognito_user_pool",
  "aws_cognito_user_pool_domain",
  "aws_kms_alias",
  "aws_kms_key",
  "aws_s3_bucket",
  "aws_secretsmanager_secret",
];

describe("What keeps data stays at its address", () => {
  const stacks = synthesized();

  it.each(Object.keys(PINNED))("in the stack %s", (part) => {
    const { resource } = stacks(part).json;
    const addresses = STATEFUL.flatMap((type) => Object.keys(resource[type] ?? {}).map((id) => `${type}.${id}`));
    expect(addresses.sort()).toEqual(PINNED[part]);
  });
});
