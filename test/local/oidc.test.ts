import { oidcEndpoint, redirects } from "../../proof/local/oidc";
import { LocalIssuers } from "../../proof/local/issuer";
import { model, oidc, pool, temporaryState } from "./issuer-fixture";
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
    const issuers = new LocalIssuers(temporaryState().state);
    const { origin } = await serve(model(), () => [oidcEndpoint(model(), issuers)]);
    const base = `${origin}/.portcullis/oidc/login.example.com/tenant/.well-known`;
    const keys = await fetch(`${base}/jwks.json`);
    expect([keys.status, keys.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
    expect(await keys.json()).toEqual(issuers.of(oidc.issuer).jwks());
    expect(await (await fetch(`${base}/openid-configuration`)).json()).toMatchObject({
      issuer: "https://login.example.com/tenant",
      jwks_uri: "https://login.example.com/tenant/.well-known/jwks.json",
    });
    expect((await fetch(`${base}/jwks.json`, { method: "DELETE" })).status).toBe(405);
    expect((await fetch(`${origin}/.portcullis/oidc/stranger.example/.well-known/jwks.json`)).status).toBe(404);
  });
});
