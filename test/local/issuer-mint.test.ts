import { CognitoJwtVerifier } from "aws-jwt-verify";
import { InputError } from "../../proof/errors";
import { LocalIssuers } from "../../proof/local/issuer";
import { findTokenClient, knownTokenClients } from "../../proof/local/issuer-clients";
import type { TokenClient } from "../../proof/local/issuer-clients";
import { mintToken } from "../../proof/local/issuer-mint";
import type { MintOptions } from "../../proof/local/issuer-mint";
import type { TokenRequest } from "../../proof/local/issuer-request";
import type { Model } from "../../proof/model/types";
import { browser, client, decode, machine, model, oidc, pool, temporaryState } from "./issuer-fixture";

const NOW = Date.UTC(2026, 4, 1, 12, 0, 0, 500);
const SECOND = Math.floor(NOW / 1000);
const issuers = new LocalIssuers(temporaryState().state);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A client that is none of SAML's. */
function find(of: Model, name: string): Exclude<TokenClient, { kind: "saml" }> {
  const found = findTokenClient(of, name);
  if (found.kind === "saml") throw new Error(`${name} is a SAML issuer`);
  return found;
}

async function mint(
  name: string,
  over: Partial<TokenRequest> = {},
  of = model(),
  options: MintOptions = {},
): Promise<Record<string, unknown>> {
  const request: TokenRequest = { scopes: [], groups: [], claims: {}, now: NOW, ...over };
  const { token, claims } = await mintToken(issuers, find(of, name), request, options);
  expect(decode(token).claims).toEqual(claims);
  return decode(token).claims;
}

describe("a token of a user pool client", () => {
  it("for a machine holds the claims that Cognito's client-credentials grant gives, and no user", async () => {
    expect(await mint("machine")).toEqual({
      sub: machine.clientId,
      client_id: machine.clientId,
      token_use: "access",
      scope: "orders/read orders/write",
      iss: pool().issuer,
      auth_time: SECOND,
      iat: SECOND,
      exp: SECOND + 3600,
      version: 2,
      jti: expect.stringMatching(UUID),
    });
  });

  it("for a user's API access holds username, scopes, client_id and groups, and no aud", async () => {
    expect(await mint("browser", { user: "alice", groups: ["readers"] })).toEqual({
      sub: expect.stringMatching(UUID),
      username: "alice",
      "cognito:groups": ["readers"],
      client_id: browser.clientId,
      token_use: "access",
      scope: "openid email orders/read",
      iss: pool().issuer,
      version: 2,
      origin_jti: expect.stringMatching(UUID),
      event_id: expect.stringMatching(UUID),
      auth_time: SECOND,
      iat: SECOND,
      exp: SECOND + 3600,
      jti: expect.stringMatching(UUID),
    });
  });

  it("for identification holds aud, cognito:username and the user's attributes, and no scope or client_id", async () => {
    expect(await mint("browser", { user: "alice", use: "id" })).toEqual({
      sub: expect.stringMatching(UUID),
      "cognito:username": "alice",
      email: "alice@example.com",
      email_verified: true,
      aud: browser.clientId,
      token_use: "id",
      iss: pool().issuer,
      origin_jti: expect.stringMatching(UUID),
      event_id: expect.stringMatching(UUID),
      auth_time: SECOND,
      iat: SECOND,
      exp: SECOND + 1800,
      jti: expect.stringMatching(UUID),
    });
  });

  it("is for local-user where no user is named, and the same person each time", async () => {
    const [first, second, other] = [
      await mint("browser"),
      await mint("browser"),
      await mint("browser", { user: "bob" }),
    ];
    expect(first["username"]).toBe("local-user");
    expect(second["sub"]).toBe(first["sub"]);
    expect(second["jti"]).not.toBe(first["jti"]);
    expect(other["sub"]).not.toBe(first["sub"]);
  });

  it("has only the API's own scope, and no version, where the client has no OAuth flow", async () => {
    const claims = await mint("native", { user: "alice" });
    expect([claims["scope"], "version" in claims]).toEqual(["aws.cognito.signin.user.admin", false]);
  });

  it("names the user by sub where the pool's users sign in with their e-mail address", async () => {
    const of = model({ userPools: [pool({ settings: { username_attributes: ["email"] } })] });
    const claims = await mint("browser", { user: "a@corp.example", use: "id" }, of);
    expect([claims["cognito:username"], claims["email"]]).toEqual([claims["sub"], "a@corp.example"]);
  });

  it("has no origin_jti where token revocation is off", async () => {
    const irrevocable = client({ ...browser, settings: { enable_token_revocation: false } });
    expect(await mint("browser", {}, model({ userPools: [pool({ clients: [irrevocable] })] }))).not.toHaveProperty(
      "origin_jti",
    );
  });

  it("takes user and groups from the pool's users where the user exists, and adds the groups asked for", async () => {
    const user = {
      sub: "s-1",
      username: "alice",
      attributes: { email: "a@b.c", email_verified: false },
      groups: ["admins"],
    };
    const claims = await mint("browser", { user: "alice", groups: ["readers"] }, model(), { findUser: () => user });
    expect([claims["sub"], claims["cognito:groups"]]).toEqual(["s-1", ["admins", "readers"]]);
  });

  it.each([
    [-60, SECOND - 60, SECOND - 3660],
    [0, SECOND, SECOND - 3600],
    [5, SECOND + 5, SECOND],
  ])("that is to expire in %d seconds expires then, and was issued before that", async (expiresIn, exp, iat) => {
    expect(await mint("machine", { expiresIn })).toMatchObject({ exp, iat, auth_time: iat });
  });

  it("carries further claims, as a trigger of the pool would add them", async () => {
    expect(await mint("browser", { claims: { tenant: "acme", level: 3 } })).toMatchObject({ tenant: "acme", level: 3 });
  });
});

describe("AWS's own verifier for Cognito tokens", () => {
  it.each([
    ["an access token", "browser", "access", browser.clientId],
    ["an ID token", "browser", "id", browser.clientId],
    ["a machine's token", "machine", "access", machine.clientId],
  ] as const)("takes %s of the local issuer as one of the real pool", async (_what, name, use, clientId) => {
    const verifier = CognitoJwtVerifier.create({ userPoolId: pool().id, tokenUse: use, clientId });
    verifier.cacheJwks({
      keys: issuers
        .of(pool().issuer)
        .jwks()
        .keys.map((key) => ({ ...key })),
    });
    const request = { scopes: [], groups: [], claims: {}, use, now: Date.now() };
    const { token, claims } = await mintToken(issuers, find(model(), name), request);
    expect(verifier.verifySync(token)).toEqual(claims);
    const stranger = CognitoJwtVerifier.create({ userPoolId: pool().id, tokenUse: use, clientId: "another" });
    stranger.cacheJwks({
      keys: issuers
        .of(pool().issuer)
        .jwks()
        .keys.map((key) => ({ ...key })),
    });
    expect(() => stranger.verifySync(token)).toThrow(/not allowed/);
  });
});

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

describe("a token of an OIDC client", () => {
  it("holds what a resource server checks, under the issuer's real URL, and says that it is an access token", async () => {
    const request: TokenRequest = { scopes: ["orders/read"], groups: [], claims: {}, now: NOW };
    const { token } = await mintToken(issuers, find(model(), "spa"), request);
    expect(decode(token).header).toMatchObject({ alg: "RS256", typ: "at+jwt" });
    expect(decode(token).claims).toEqual({
      iss: "https://login.example.com/tenant",
      sub: "local-user",
      aud: "https://api.example.com",
      client_id: "spa",
      azp: "spa",
      scope: "orders/read",
      iat: SECOND,
      nbf: SECOND,
      exp: SECOND + 3600,
      jti: expect.stringMatching(UUID),
    });
  });

  it("is for all audiences when the issuer is named, and for one when that is named", async () => {
    const of = model({ oidcIssuers: [oidc, { ...oidc, audiences: ["second"] }] });
    expect((await mint(oidc.issuer, {}, of))["aud"]).toEqual(["https://api.example.com", "second"]);
    expect((await mint("second", {}, of))["aud"]).toBe("second");
  });
});

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
