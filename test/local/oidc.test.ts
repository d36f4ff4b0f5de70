import { oidcEndpoint, redirects } from "../../proof/local/oidc";
import { LocalIssuers } from "../../proof/local/issuer";
import { OidcClients } from "../../proof/local/oidc-clients";
import { decode, model, oidc, pool, temporaryState } from "./issuer-fixture";
import { serve } from "./cognito-server";

const ORIGIN = "http://127.0.0.1:9300";

describe("where functions' requests to issuers go", () => {
  it("is the local issuer for everything below an issuer's URL, a pool's host and its domain", () => {
    expect(redirects(model(), ORIGIN)).toEqual([
      { from: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI", to: `${ORIGIN}/eu-west-1_AbCdEfGhI` },
      {
        from: "https://portal-dev.auth.eu-west-1.amazoncognito.com",
        to: `${ORIGIN}/.portcullis/hosted-ui/eu-west-1_AbCdEfGhI`,
      },
      { from: "https://cognito-idp.eu-west-1.amazonaws.com", to: ORIGIN },
      { from: "https://login.example.com/tenant", to: `${ORIGIN}/.portcullis/oidc/login.example.com/tenant` },
    ]);
  });

  it("is the issuer's keys for a key set that stands elsewhere, and has no double slash", () => {
    const of = model({
      userPools: [],
      oidcIssuers: [{ ...oidc, issuer: "https://tenant.example/", jwksUri: "https://keys.example/v1/keys?a=b" }],
    });
    expect(redirects(of, ORIGIN)).toEqual([
      {
        from: "https://keys.example/v1/keys?a=b",
        to: `${ORIGIN}/.portcullis/oidc/tenant.example/.well-known/jwks.json`,
      },
      { from: "https://tenant.example", to: `${ORIGIN}/.portcullis/oidc/tenant.example` },
    ]);
  });

  it("names each URL once, the longer before the shorter, and a custom domain as it is", () => {
    const pools = [pool({ domain: "auth.example.com" }), pool({ id: "eu-west-1_Other" })];
    const from = redirects(model({ userPools: pools, oidcIssuers: [oidc, oidc] }), ORIGIN).map((one) => one.from);
    expect(from).toContain("https://auth.example.com");
    expect(new Set(from).size).toBe(from.length);
    expect(from.map((url) => url.length)).toEqual(from.map((url) => url.length).sort((a, b) => b - a));
  });
});

describe("an OIDC issuer that a function trusts", () => {
  it("publishes its keys and its discovery document under the local path, with its real name", async () => {
    const { state } = temporaryState();
    const issuers = new LocalIssuers(state);
    const { origin } = await serve(model(), () => [oidcEndpoint(model(), issuers, new OidcClients(state))]);
    const base = `${origin}/.portcullis/oidc/login.example.com/tenant/.well-known`;
    const keys = await fetch(`${base}/jwks.json`);
    expect([keys.status, keys.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
    expect(await keys.json()).toEqual(issuers.of(oidc.issuer).jwks());
    expect(await (await fetch(`${base}/openid-configuration`)).json()).toMatchObject({
      issuer: "https://login.example.com/tenant",
      jwks_uri: "https://login.example.com/tenant/.well-known/jwks.json",
      token_endpoint: `${origin}/.portcullis/oidc/login.example.com/tenant/oauth2/token`,
      grant_types_supported: ["authorization_code", "client_credentials"],
    });
    expect((await fetch(`${base}/jwks.json`, { method: "DELETE" })).status).toBe(405);
    expect((await fetch(`${origin}/.portcullis/oidc/stranger.example/.well-known/jwks.json`)).status).toBe(404);
  });
});

describe("the token endpoint of an OIDC issuer", () => {
  const two = model({
    oidcIssuers: [{ ...oidc, audiences: ["https://api.example.com", "https://other.example.com"] }],
  });
  let endpoint: string;
  let secret: string;
  let issuers: LocalIssuers;
  beforeAll(async () => {
    const { state } = temporaryState();
    issuers = new LocalIssuers(state);
    const { origin } = await serve(two, () => [oidcEndpoint(two, issuers, new OidcClients(state))]);
    endpoint = `${origin}/.portcullis/oidc/login.example.com/tenant/oauth2/token`;
    // As a person finds it, and as another process does.
    secret = (state.read("oidc-clients.json") as Record<string, Record<string, string>>)[oidc.issuer]?.["spa"] ?? "";
  });

  const post = async (values: Record<string, string>, headers: Record<string, string> = {}) => {
    const answer = await fetch(endpoint, { method: "POST", body: new URLSearchParams(values), headers });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };
  const basic = (id: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${password}`).toString("base64")}`,
  });
  const grant = { grant_type: "client_credentials" };

  it.each([
    ["Basic", () => [grant, basic("spa", secret)] as const],
    ["the form", () => [{ ...grant, client_id: "spa", client_secret: secret }, {}] as const],
  ])("gives a machine client that authenticates by %s an access token of RFC 9068", async (_how, given) => {
    const [values, headers] = given();
    const { status, body } = await post({ ...values, scope: "orders/read orders/write" }, headers);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: "Bearer", expires_in: 3600, scope: "orders/read orders/write" });
    const { header, claims } = decode(body["access_token"] ?? "");
    expect(header).toMatchObject({ typ: "at+jwt", kid: issuers.of(oidc.issuer).jwks().keys[0]?.kid });
    expect(claims).toMatchObject({
      iss: oidc.issuer,
      sub: "spa",
      client_id: "spa",
      aud: ["https://api.example.com", "https://other.example.com"],
      scope: "orders/read orders/write",
    });
  });

  it("gives one for the one audience that is asked for, and none for a stranger", async () => {
    const { body } = await post({ ...grant, audience: "https://other.example.com" }, basic("spa", secret));
    expect(decode(body["access_token"] ?? "").claims["aud"]).toBe("https://other.example.com");
    expect(await post({ ...grant, resource: "https://stranger.example" }, basic("spa", secret))).toEqual({
      status: 400,
      body: { error: "invalid_target" },
    });
  });

  it.each([
    ["another secret", grant, () => basic("spa", "guess"), 401, "invalid_client"],
    ["no secret", { ...grant, client_id: "spa" }, () => ({}), 401, "invalid_client"],
    ["a client of nobody", grant, () => basic("stranger", secret), 401, "invalid_client"],
    ["a client named like a member of objects", grant, () => basic("constructor", ""), 401, "invalid_client"],
    ["two clients at once", { ...grant, client_id: "other" }, () => basic("spa", secret), 401, "invalid_client"],
    [
      "a code that nobody got",
      { grant_type: "authorization_code", code: "x" },
      () => basic("spa", secret),
      400,
      "invalid_grant",
    ],
    ["no grant", {}, () => basic("spa", secret), 400, "invalid_request"],
    [
      "a grant of password",
      { grant_type: "password", username: "a", password: "b" },
      () => basic("spa", secret),
      400,
      "unsupported_grant_type",
    ],
  ] as const)("refuses %s", async (_what, values, headers, status, error) => {
    expect(await post(values, headers())).toEqual({ status, body: { error } });
  });
});
