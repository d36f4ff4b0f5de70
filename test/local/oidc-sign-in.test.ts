import { createPublicKey, verify } from "node:crypto";
import { LocalIssuers } from "../../proof/local/issuer";
import { oidcEndpoint } from "../../proof/local/oidc";
import { OidcClients } from "../../proof/local/oidc-clients";
import { Browser, pkce } from "./browser";
import { serve } from "./cognito-server";
import { decode, model, oidc, temporaryState } from "./issuer-fixture";

const CALLBACK = "http://localhost:3000/callback";
const AUDIENCES = ["https://api.example.com", "https://other.example.com"];
const trusting = model({ oidcIssuers: [{ ...oidc, audiences: AUDIENCES, clientIds: ["spa", "backend"] }] });

let base: string;
let issuers: LocalIssuers;
let secret: string;
beforeAll(async () => {
  const { state } = temporaryState();
  issuers = new LocalIssuers(state);
  const { origin } = await serve(trusting, () => [oidcEndpoint(trusting, issuers, new OidcClients(state))]);
  base = `${origin}/.portcullis/oidc/login.example.com/tenant`;
  secret = (state.read("oidc-clients.json") as Record<string, Record<string, string>>)[oidc.issuer]?.["backend"] ?? "";
});

type Over = Record<string, string | undefined>;

const authorizeUrl = (challenge: string, over: Over = {}): string => {
  const values = {
    response_type: "code",
    client_id: "spa",
    redirect_uri: CALLBACK,
    scope: "openid reports/read",
    state: "s-1",
    nonce: "n-1",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...over,
  };
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${base}/oauth2/authorize?${new URLSearchParams(given)}`;
};

/** What comes back to the application after a person said who they are. */
async function signIn(challenge: string, over: Over = {}, username = "alice"): Promise<URLSearchParams> {
  const browser = new Browser();
  const url = authorizeUrl(challenge, over);
  const { text } = await browser.open(url);
  const { location } = await browser.submit(url, text, { username });
  return location?.searchParams ?? new URLSearchParams();
}

async function redeem(code: string, verifier: string, over: Over = {}, headers: Record<string, string> = {}) {
  const values = {
    grant_type: "authorization_code",
    client_id: "spa",
    redirect_uri: CALLBACK,
    code,
    code_verifier: verifier,
    ...over,
  };
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const answer = await fetch(`${base}/oauth2/token`, { method: "POST", body: new URLSearchParams(given), headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

describe("signing in at the stand-in of an OIDC issuer", () => {
  it("leads from the discovery document by the page to tokens that the issuer's keys verify", async () => {
    const metadata = (await (await fetch(`${base}/.well-known/openid-configuration`)).json()) as Record<
      string,
      unknown
    >;
    expect(metadata).toMatchObject({
      authorization_endpoint: `${base}/oauth2/authorize`,
      grant_types_supported: ["authorization_code", "client_credentials"],
      code_challenge_methods_supported: ["S256"],
    });
    const { verifier, challenge } = pkce();
    const came = await signIn(challenge);
    expect(came.get("state")).toBe("s-1");
    const { status, body } = await redeem(came.get("code") ?? "", verifier);
    expect(status).toBe(200);
    const access = decode(body["access_token"] ?? "");
    expect(access.header["typ"]).toBe("at+jwt");
    expect(access.claims).toMatchObject({
      iss: oidc.issuer,
      sub: "alice",
      client_id: "spa",
      aud: AUDIENCES,
      scope: "openid reports/read",
    });
    expect(decode(body["id_token"] ?? "").claims).toMatchObject({
      iss: oidc.issuer,
      sub: "alice",
      aud: "spa",
      nonce: "n-1",
      auth_time: expect.any(Number) as number,
    });
    for (const token of [body["access_token"], body["id_token"]]) {
      const [header = "", claims = "", signature = ""] = (token ?? "").split(".");
      const [key] = issuers.of(oidc.issuer).jwks().keys;
      const publicKey = createPublicKey({ key: { ...key }, format: "jwk" });
      const signed = verify(
        "RSA-SHA256",
        Buffer.from(`${header}.${claims}`),
        publicKey,
        Buffer.from(signature, "base64url"),
      );
      expect(signed).toBe(true);
    }
  });

  it("gives no ID token without openid, and one audience where one is asked for", async () => {
    const { verifier, challenge } = pkce();
    const came = await signIn(challenge, { scope: "reports/read", audience: AUDIENCES[1] });
    const { body } = await redeem(came.get("code") ?? "", verifier);
    expect(Object.keys(body)).not.toContain("id_token");
    expect(decode(body["access_token"] ?? "").claims["aud"]).toBe(AUDIENCES[1]);
  });

  it("lets a client with a secret use it", async () => {
    const { verifier, challenge } = pkce();
    const came = await signIn(challenge, { client_id: "backend" });
    const authorization = `Basic ${Buffer.from(`backend:${secret}`).toString("base64")}`;
    const { status } = await redeem(came.get("code") ?? "", verifier, { client_id: "backend" }, { authorization });
    expect(status).toBe(200);
  });

  it("shows a page that says what it stands for, takes no script and no frame, and wants a name", async () => {
    const browser = new Browser();
    const url = authorizeUrl(pkce().challenge);
    const { text, headers } = await browser.open(url);
    expect(text).toContain("stands in for the real one");
    expect(headers.get("content-security-policy")).toMatch(
      /default-src 'none'.*form-action 'self' http:\/\/localhost:3000; frame-ancestors 'none'/,
    );
    const again = await browser.submit(url, text, { username: " " });
    expect([again.status, again.location]).toEqual([400, undefined]);
    expect(again.text).toContain('role="alert">Say who you are.');
  });

  it.each<[string, (page: string) => string, Record<string, string>]>([
    ["from another site", (page) => page, { origin: "https://evil.example" }],
    ["with another token", (page) => page.replace(/(name="_csrf" value=")[^"]*/, "$1guess"), {}],
  ])("takes no form %s", async (_what, tamper, headers) => {
    const browser = new Browser();
    const url = authorizeUrl(pkce().challenge);
    const { text } = await browser.open(url);
    const answer = await browser.submit(url, tamper(text), { username: "alice" }, headers);
    expect([answer.status, answer.location]).toEqual([403, undefined]);
  });
});

describe("an authorize request to the stand-in", () => {
  it.each<[string, Over]>([
    ["of a client that no function names", { client_id: "stranger" }],
    ["without a client", { client_id: undefined }],
    ["that leads to another machine", { redirect_uri: "https://app.example.com/callback" }],
    ["that leads to a name that only begins like this machine's", { redirect_uri: "http://localhost.evil.example/" }],
    ["that hides another machine behind a user name", { redirect_uri: "http://localhost@evil.example/" }],
    ["that leads to a script", { redirect_uri: "javascript:alert(1)" }],
    ["that leads nowhere", { redirect_uri: undefined }],
  ])("%s ends on this server", async (_what, over) => {
    const { status, location, text } = await new Browser().open(authorizeUrl(pkce().challenge, over));
    expect([status, location]).toEqual([400, undefined]);
    expect(text).toContain("invalid_request");
  });

  it.each<[string, Over, string]>([
    ["without PKCE", { code_challenge: undefined }, "invalid_request"],
    ["with plain PKCE", { code_challenge_method: "plain" }, "invalid_request"],
    ["for the implicit flow", { response_type: "token" }, "unsupported_response_type"],
    ["without a page", { prompt: "none" }, "login_required"],
    ["for a stranger's API", { resource: "https://stranger.example" }, "invalid_target"],
  ])("%s is told to the application", async (_what, over, error) => {
    const { status, location } = await new Browser().open(authorizeUrl(pkce().challenge, over));
    expect([
      status,
      location?.origin,
      location?.searchParams.get("error"),
      location?.searchParams.get("state"),
    ]).toEqual([302, "http://localhost:3000", error, "s-1"]);
  });

  it("with a parameter twice is refused", async () => {
    const { status } = await new Browser().open(`${authorizeUrl(pkce().challenge)}&client_id=spa`);
    expect(status).toBe(400);
  });
});

describe("a code of the stand-in", () => {
  const of = async (over: Over = {}) => {
    const { verifier, challenge } = pkce();
    return { verifier, code: (await signIn(challenge, over)).get("code") ?? "" };
  };

  it("is good once, and spent by a wrong try", async () => {
    const { verifier, code } = await of();
    expect(await redeem(code, pkce().verifier)).toEqual({ status: 400, body: { error: "invalid_grant" } });
    expect(await redeem(code, verifier)).toEqual({ status: 400, body: { error: "invalid_grant" } });
    const another = await of();
    expect((await redeem(another.code, another.verifier)).status).toBe(200);
    expect((await redeem(another.code, another.verifier)).status).toBe(400);
  });

  it.each<[string, Over, Record<string, string>, number, string]>([
    ["another client", { client_id: "backend" }, {}, 400, "invalid_grant"],
    ["another redirect URI", { redirect_uri: "http://localhost:3000/" }, {}, 400, "invalid_grant"],
    ["no verifier", { code_verifier: undefined }, {}, 400, "invalid_grant"],
    ["a client of nobody", { client_id: "stranger" }, {}, 401, "invalid_client"],
    ["a wrong secret", { client_secret: "guess" }, {}, 401, "invalid_client"],
  ])("is not good for %s", async (_what, over, headers, status, error) => {
    const { verifier, code } = await of();
    expect(await redeem(code, verifier, over, headers)).toEqual({ status, body: { error } });
  });
});
