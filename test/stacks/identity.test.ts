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
});
