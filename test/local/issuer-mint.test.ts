import { CognitoJwtVerifier } from "aws-jwt-verify";
import { mintToken } from "../../proof/local/issuer-mint";
import type { TokenRequest } from "../../proof/local/issuer-request";
import { browser, client, decode, machine, model, oidc, pool } from "./issuer-fixture";
import { NOW, SECOND, issuers, find, mint } from "./issuer-minting";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

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
