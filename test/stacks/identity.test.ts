import { prod } from "../../environments/prod";
import { synthesized } from "../synth/synthesized";

const stack = synthesized()("identity");

describe("The user pool", () => {
  it("cannot be destroyed by a plan nor deleted by hand", () =>
    expect(stack.one("aws_cognito_user_pool")).toMatchObject({
      deletion_protection: "ACTIVE",
      lifecycle: { prevent_destroy: true },
    }));

  it("owns the scopes of the contract", () =>
    expect(stack.one("aws_cognito_resource_server")).toMatchObject({
      identifier: "profile",
      scope: [{ scope_name: "read", scope_description: "profile/read" }],
    }));

  it("gives browsers the authorization code flow and no secret", () =>
    expect(stack.one("aws_cognito_user_pool_client", "browser")).toMatchObject({
      allowed_oauth_flows: ["code"],
      generate_secret: false,
      enable_token_revocation: true,
      prevent_user_existence_errors: "ENABLED",
    }));

  it("gives programs client credentials with the contract's scopes alone", () =>
    expect(stack.one("aws_cognito_user_pool_client", "machine")).toMatchObject({
      allowed_oauth_flows: ["client_credentials"],
      allowed_oauth_scopes: ["profile/read"],
      generate_secret: true,
    }));

  it("offers no client the implicit flow or a password sent in plain", () => {
    for (const client of stack.all("aws_cognito_user_pool_client")) {
      expect(client["allowed_oauth_flows"]).not.toContain("implicit");
      expect(client["explicit_auth_flows"]).not.toContain("ALLOW_USER_PASSWORD_AUTH");
    }
  });

  it("lets nobody choose their own tenant", () => {
    for (const client of stack.all("aws_cognito_user_pool_client"))
      expect(client["write_attributes"]).toEqual(["email"]);
  });

  it("gives a browser's refresh token one use, with ten seconds for an answer lost on the way", () => {
    const browser = stack.one("aws_cognito_user_pool_client", "browser");
    expect(browser["refresh_token_rotation"]).toEqual([{ feature: "ENABLED", retry_grace_period_seconds: 10 }]);
    expect(browser["explicit_auth_flows"]).not.toContain("ALLOW_REFRESH_TOKEN_AUTH");
  });

  it.each([
    [
      "long passwords of four kinds of characters",
      "password_policy",
      {
        minimum_length: 12,
        require_lowercase: true,
        require_uppercase: true,
        require_numbers: true,
        require_symbols: true,
      },
    ],
    [
      "recovery through the verified address alone",
      "account_recovery_setting",
      {
        recovery_mechanism: [{ name: "verified_email", priority: 1 }],
      },
    ],
    ["a challenge on devices it has not seen", "device_configuration", { challenge_required_on_new_device: true }],
    [
      "proof of a new address before it counts",
      "user_attribute_update_settings",
      {
        attributes_require_verification_before_update: ["email"],
      },
    ],
  ])("asks for %s", (_what, setting, expected) =>
    expect(stack.one("aws_cognito_user_pool")[setting]).toMatchObject(expected),
  );

  it("ends access after fifteen minutes, can revoke what it issued, and tells no stranger who has an account", () => {
    const clients = stack.all("aws_cognito_user_pool_client");
    expect(clients).toHaveLength(2);
    for (const client of clients) {
      expect(client).toMatchObject({
        access_token_validity: 15,
        id_token_validity: 15,
        refresh_token_validity: 30,
        token_validity_units: [{ access_token: "minutes", id_token: "minutes", refresh_token: "days" }],
        enable_token_revocation: true,
        prevent_user_existence_errors: "ENABLED",
      });
    }
  });

  it("adds tenant and roles to access tokens, through a function that only this pool may invoke", () => {
    expect(stack.one("aws_cognito_user_pool")["lambda_config"]).toEqual({
      pre_token_generation_config: {
        lambda_arn: expect.stringMatching(/^\$\{aws_lambda_function\./),
        lambda_version: "V2_0",
      },
    });
    expect(stack.one("aws_lambda_permission")).toMatchObject({
      principal: "cognito-idp.amazonaws.com",
      source_arn: expect.stringMatching(/^\$\{aws_cognito_user_pool\.[^}]+\.arn\}$/),
    });
  });

  it("asks for a second factor of everyone, and watches sign-ins, in production", () => {
    const pool = synthesized({ environment: { cognito: prod.cognito } })("identity").one("aws_cognito_user_pool");
    expect(pool).toMatchObject({
      mfa_configuration: "ON",
      software_token_mfa_configuration: { enabled: true },
      user_pool_tier: "PLUS",
      user_pool_add_ons: { advanced_security_mode: "ENFORCED" },
      admin_create_user_config: { allow_admin_create_user_only: true },
    });
  });
});
