import { InputError } from "../../proof/errors";
import type { MintOptions } from "../../proof/local/issuer-mint";
import { machine, model, pool } from "./issuer-fixture";
import { SECOND, mint } from "./issuer-minting";

describe("the pool's pre-token-generation trigger", () => {
  const settings = {
    lambda_config: [{ pre_token_generation_config: [{ lambda_arn: "arn:t", lambda_version: "V2_0" }] }],
  };
  const of = model({ userPools: [pool({ settings })] });
  const answering = (response: object) => ({ invoke: async () => ({ response }) });

  it("adds, suppresses and regroups, but never what is the issuer's own", async () => {
    const options = answering({
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: {
          claimsToAddOrOverride: { tenant: "acme", iss: "https://evil.example", exp: 9e9 },
          claimsToSuppress: ["username", "tenant2"],
          scopesToAdd: ["extra/scope"],
          scopesToSuppress: ["email"],
        },
        groupOverrideDetails: { groupsToOverride: ["from-trigger"] },
      },
    });
    const claims = await mint("browser", { groups: ["readers"] }, of, options);
    expect(claims).toMatchObject({
      tenant: "acme",
      iss: pool().issuer,
      exp: SECOND + 3600,
      username: "local-user",
      scope: "openid orders/read extra/scope",
      "cognito:groups": ["from-trigger"],
    });
  });

  it("does not change the other kind of token", async () => {
    const added = { claimsToAddOrOverride: { tenant: "acme" } };
    const options = answering({ claimsAndScopeOverrideDetails: { accessTokenGeneration: added } });
    expect(await mint("browser", { use: "id" }, of, options)).not.toHaveProperty("tenant");
  });

  it("of version V3_0 is asked for a machine's token too", async () => {
    const third = {
      lambda_config: [{ pre_token_generation_config: [{ lambda_arn: "arn:t", lambda_version: "V3_0" }] }],
    };
    const added = { claimsToAddOrOverride: { tenant: "acme", client_id: "forged" } };
    const options = answering({ claimsAndScopeOverrideDetails: { accessTokenGeneration: added } });
    const claims = await mint("machine", {}, model({ userPools: [pool({ settings: third })] }), options);
    expect(claims).toMatchObject({ tenant: "acme", client_id: machine.clientId });
  });

  it("of version V1_0 changes the ID token only", async () => {
    const first = { lambda_config: [{ pre_token_generation: "arn:t" }] };
    const options = answering({ claimsOverrideDetails: { claimsToAddOrOverride: { tenant: "acme" } } });
    const old = model({ userPools: [pool({ settings: first })] });
    expect(await mint("browser", { use: "id" }, old, options)).toHaveProperty("tenant", "acme");
    expect(await mint("browser", {}, old, options)).not.toHaveProperty("tenant");
  });

  it("of another version is not asked for a machine's token", async () => {
    expect(await mint("machine", {}, of, { invoke: () => Promise.reject(new Error("asked")) })).toHaveProperty("scope");
  });

  it.each<[string, MintOptions, string]>([
    [
      "fails",
      { invoke: () => Promise.reject(new Error("no tenant")) },
      "PreTokenGeneration failed with error no tenant.",
    ],
    ["cannot be run", {}, "arn:t cannot be run here."],
  ])("that %s gives no token", async (_what, options, words) => {
    await expect(mint("browser", {}, of, options)).rejects.toThrow(InputError);
    await expect(mint("browser", {}, of, options)).rejects.toThrow(words);
  });
});
