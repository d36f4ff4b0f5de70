import { findTokenClient, knownTokenClients } from "../../proof/local/issuer-clients";
import { browser, model, oidc, pool } from "./issuer-fixture";

describe("finding a client", () => {
  const two = model({
    userPools: [pool(), pool({ id: "eu-west-1_Second", clients: [{ ...browser, clientId: "other" }] })],
  });

  it.each([
    ["its AWS name", "browser"],
    ["its client id", browser.clientId],
    ["its Terraform address", "aws_cognito_user_pool_client.browser"],
    ["its Terraform address with the stack", "identity/aws_cognito_user_pool_client.browser"],
  ])("works by %s", (_by, name) => {
    expect(findTokenClient(model(), name)).toMatchObject({ kind: "user-pool", client: { clientId: browser.clientId } });
  });

  it.each([
    ["issuer URL", "https://login.example.com/tenant"],
    ["issuer URL with a slash", "https://login.example.com/tenant/"],
    ["audience", "https://api.example.com"],
    ["client id", "spa"],
  ])("of an OIDC issuer works by %s", (_by, name) => {
    expect(findTokenClient(model(), name)).toMatchObject({ kind: "oidc", issuer: "https://login.example.com/tenant" });
  });

  it("answers an unknown one with the known ones", async () => {
    expect(() => findTokenClient(model(), "browzer")).toThrow(
      "There is no client 'browzer'.\n  The known ones are: browser, machine, native, https://login.example.com/tenant, https://api.example.com.",
    );
    expect(() => findTokenClient(model({ userPools: [], oidcIssuers: [] }), "x")).toThrow("holds no user pool client");
  });

  it("answers a name that fits several with all of them, and none is chosen", async () => {
    expect(() => findTokenClient(two, "browser")).toThrow(
      `(${browser.clientId}), identity/aws_cognito_user_pool_client.browser (other)`,
    );
  });

  it("takes a user pool that a function also trusts by its URL as the pool, not as a second issuer", async () => {
    expect(knownTokenClients(model({ oidcIssuers: [{ ...oidc, issuer: pool().issuer, audiences: [] }] }))).toEqual([
      "browser",
      "machine",
      "native",
    ]);
  });
});
