import { InputError } from "../../proof/errors";
import type { TokenRequest } from "../../proof/local/issuer-request";
import { client, machine, model, pool } from "./issuer-fixture";
import { mint } from "./issuer-minting";

describe("what the real issuer would refuse is refused", () => {
  it.each<[string, string, Partial<TokenRequest>, string]>([
    [
      "a scope a machine may not have",
      "machine",
      { scopes: ["orders/read", "admin"] },
      "machine may not ask for admin.\n  It may ask for: orders/read orders/write.",
    ],
    [
      "a scope a user's client may not have",
      "browser",
      { scopes: ["orders/write"] },
      "It may ask for: openid email orders/read.",
    ],
    [
      "an OAuth scope of an API-only client",
      "native",
      { user: "a", scopes: ["orders/read"] },
      "It may ask for: aws.cognito.signin.user.admin.",
    ],
    ["an ID token of a machine", "machine", { use: "id" }, "there is no user to identify"],
    ["a group for a machine", "machine", { groups: ["admins"] }, "a client is in no group"],
    ["a user of a client that lets none sign in", "machine", { user: "alice" }, "No user can sign in to machine"],
    [
      "a group the pool has not",
      "browser",
      { groups: ["root"] },
      "no group 'root'.\n  Its groups are: admins, readers.",
    ],
    ["scopes in an ID token", "browser", { use: "id", scopes: ["openid"] }, "An ID token carries no scopes"],
    [
      "an ID token of an OIDC issuer",
      "spa",
      { use: "id" },
      "An ID token was asked of https://login.example.com/tenant",
    ],
    ["a forged issuer", "browser", { claims: { iss: "https://evil.example" } }, "The claim iss is set by the issuer"],
    [
      "forged groups",
      "browser",
      { claims: { "cognito:groups": ["admins"] } },
      "The claim cognito:groups is set by the issuer",
    ],
  ])("%s", async (_what, name, over, words) => {
    await expect(mint(name, over)).rejects.toThrow(InputError);
    await expect(mint(name, over)).rejects.toThrow(words);
  });

  it("with all reasons at once", async () => {
    const fails = mint("machine", { use: "id", groups: ["admins"], scopes: ["admin"], claims: { sub: "x" } });
    await expect(fails).rejects.toThrow(/no user to identify[^]*in no group[^]*may not ask for admin[^]*claim sub/);
  });

  it("and OAuth flows count only once the client switches them on", async () => {
    const off = client({ ...machine, settings: { allowed_oauth_flows_user_pool_client: false } });
    const of = model({ userPools: [pool({ clients: [off] })] });
    await expect(mint("machine", {}, of)).rejects.toThrow("No user can sign in to machine");
  });

  it("but a client whose sign-in flows are Cognito's default lets users in", async () => {
    const open = client({ ...machine, explicitAuthFlows: [] });
    const claims = await mint("machine", { user: "alice" }, model({ userPools: [pool({ clients: [open] })] }));
    expect(claims).toMatchObject({ username: "alice", scope: "aws.cognito.signin.user.admin" });
  });
});
