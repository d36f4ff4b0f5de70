import { changePool } from "../../proof/local/cognito/pool-data";
import { totp } from "../../proof/local/cognito/totp";
import { verifyUserPoolToken } from "../../proof/tokens/verify";
import { Browser, pkce } from "./browser";
import { answered, authorizeUrl, CALLBACK, codeFor, PASSWORD, redeem, start } from "./cognito-sign-in";
import { browser, decode, pool } from "./issuer-fixture";

describe("signing in on the page, with code and PKCE", () => {
  it("leads from the discovery document to tokens that the authorizer takes", async () => {
    const { origin, context } = await start();
    const metadata = (await (await fetch(`${origin}/${pool().id}/.well-known/openid-configuration`)).json()) as Record<
      string,
      string
    >;
    expect(metadata).toMatchObject({ issuer: pool().issuer, authorization_endpoint: `${origin}/oauth2/authorize` });
    const jwks = (await (await fetch(metadata["jwks_uri"] ?? "")).json()) as { keys: { kid: string }[] };

    const { verifier, challenge } = pkce();
    const as = new Browser();
    const first = await as.open(authorizeUrl(origin, challenge));
    expect([first.status, first.location?.pathname]).toEqual([302, "/login"]);
    const page = await as.open(first.location?.href ?? "");
    expect(page.status).toBe(200);
    const done = await as.submit(first.location?.href ?? "", page.text, { username: "alice", password: PASSWORD });
    expect(done.status).toBe(303);
    expect(`${done.location?.origin}${done.location?.pathname}`).toBe(CALLBACK);
    expect(done.location?.searchParams.get("state")).toBe("s-1");

    const [status, tokens] = await answered(
      await redeem(origin, done.location?.searchParams.get("code") ?? "", verifier),
    );
    expect(status).toBe(200);
    expect(Object.keys(tokens)).toEqual(["id_token", "access_token", "refresh_token", "expires_in", "token_type"]);
    expect(jwks.keys.map(({ kid }) => kid)).toContain(decode(tokens["id_token"] ?? "").header["kid"]);
    const rules = { issuers: [pool().issuer], keyOf: context.issuers.keyOf, now: Date.now() };
    const id = verifyUserPoolToken(tokens["id_token"] ?? "", { ...rules, scopes: [] });
    expect(id).toMatchObject({ claims: { nonce: "n-1", "cognito:username": "alice", email_verified: true } });
    const access = verifyUserPoolToken(tokens["access_token"] ?? "", { ...rules, scopes: ["orders/read"] });
    expect(access).toMatchObject({ claims: { scope: "openid orders/read", version: 2, username: "alice" } });

    const info = await fetch(`${origin}/oauth2/userInfo`, {
      headers: { authorization: `Bearer ${tokens["access_token"]}` },
    });
    expect(await info.json()).toMatchObject({ username: "alice", email: "alice@example.com", email_verified: "true" });
  });

  it("gives no ID token to an application that did not ask for openid", async () => {
    const { origin } = await start();
    const { verifier, challenge } = pkce();
    const code = await codeFor(origin, challenge, { scope: "orders/read" });
    const [, tokens] = await answered(await redeem(origin, code, verifier));
    expect(tokens).not.toHaveProperty("id_token");
    const info = await fetch(`${origin}/oauth2/userInfo`, {
      headers: { authorization: `Bearer ${tokens["access_token"]}` },
    });
    expect([info.status, info.headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringContaining("invalid_token"),
    ]);
  });

  it("is remembered by the browser for an hour, unless the application asks again or the user signs out", async () => {
    const { origin, pass } = await start();
    const as = new Browser();
    const { challenge } = pkce();
    await codeFor(origin, challenge, {}, as);
    const again = (over = {}) => as.open(authorizeUrl(origin, challenge, over));
    expect((await again()).location?.searchParams.has("code")).toBe(true);
    expect((await again({ prompt: "login" })).location?.pathname).toBe("/login");
    pass(3_600_001);
    expect((await again()).location?.pathname).toBe("/login");
    expect((await again({ prompt: "none" })).location?.searchParams.get("error")).toBe("login_required");
    await codeFor(origin, challenge, {}, as);
    const out = await as.open(
      `${origin}/logout?client_id=${browser.clientId}&logout_uri=https%3A%2F%2Fapp.example.com%2F`,
    );
    expect([out.status, out.location?.href]).toEqual([302, "https://app.example.com/"]);
    expect((await again()).location?.pathname).toBe("/login");
  });

  it("asks for the second factor and for a new password where they are due", async () => {
    const { origin, context } = await start({
      mfa_configuration: "ON",
      software_token_mfa_configuration: [{ enabled: true }],
    });
    const of = context.model.userPools[0] ?? pool();
    changePool(context, of, ({ users }) => users.forEach((user) => (user.status = "FORCE_CHANGE_PASSWORD")));
    const as = new Browser();
    const { verifier, challenge } = pkce();
    const url = (await as.open(authorizeUrl(origin, challenge))).location?.href ?? "";
    let page = await as.open(url);
    page = await as.submit(url, page.text, { username: "alice", password: PASSWORD });
    expect(page.text).toContain("<h1>Choose a new password</h1>");
    page = await as.submit(url, page.text, { new_password: "weak" });
    expect(page.text).toContain("Password did not conform with policy: Password not long enough");
    page = await as.submit(url, page.text, { new_password: "Better-horse-8" });
    const [, secret = ""] = /key in the app: ([A-Z2-7]{52})\./.exec(page.text) ?? [];
    page = await as.submit(url, page.text, { code: totp(secret, Math.floor(Date.now() / 30_000)) });
    const code = page.location?.searchParams.get("code") ?? "";
    expect((await answered(await redeem(origin, code, verifier)))[0]).toBe(200);
  });

  it("shows a refusal on the page, to be read aloud, and nothing the user typed", async () => {
    const { origin } = await start();
    const as = new Browser();
    const url = (await as.open(authorizeUrl(origin, pkce().challenge))).location?.href ?? "";
    const page = await as.open(url);
    const refused = await as.submit(url, page.text, { username: "<b>alice", password: "wrong" });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('<p role="alert">Incorrect username or password.</p>');
    expect(refused.text).not.toContain("<b>");
  });
});

describe("the sign-in page", () => {
  it("labels its fields, says its language, and may neither be framed nor run scripts", async () => {
    const { origin } = await start();
    const as = new Browser();
    const page = await as.open((await as.open(authorizeUrl(origin, pkce().challenge))).location?.href ?? "");
    expect(page.text).toContain('<html lang="en">');
    for (const name of ["username", "password"])
      expect(page.text).toMatch(new RegExp(`<label for="${name}">[^<]+</label><input id="${name}"`));
    expect(page.text).toMatch(/<title>[^<]+<\/title>/);
    expect(page.text).not.toContain("<script");
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self' https://app.example.com");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers.get("cache-control")).toBe("no-store");
  });

  it.each<[string, (page: string) => string, Record<string, string>, boolean]>([
    ["without the page's token", (page) => page.replace(/name="_csrf" value="[^"]*"/, 'name="x" value=""'), {}, true],
    [
      "with a made-up token",
      (page) => page.replace(/name="_csrf" value="[^"]*"/, 'name="_csrf" value="made-up"'),
      {},
      true,
    ],
    ["from another site", (page) => page, { origin: "https://evil.example" }, true],
    ["from a sandboxed page", (page) => page, { origin: "null" }, true],
    ["without the browser's cookie", (page) => page, {}, false],
  ])("takes no form %s", async (_what, tamper, headers, sameBrowser) => {
    const { origin } = await start();
    const as = new Browser();
    const url = (await as.open(authorizeUrl(origin, pkce().challenge))).location?.href ?? "";
    const page = await as.open(url);
    const sender = sameBrowser ? as : new Browser();
    const answer = await sender.submit(url, tamper(page.text), { username: "alice", password: PASSWORD }, headers);
    expect([answer.status, answer.location]).toEqual([403, undefined]);
  });
});

describe("an authorize request", () => {
  it.each<[string, Record<string, string | undefined>]>([
    ["of an unknown client", { client_id: "nobody" }],
    ["with another redirect URI", { redirect_uri: "https://evil.example/callback" }],
    ["with a longer redirect URI", { redirect_uri: `${CALLBACK}/more` }],
    ["with a redirect URI in other letters", { redirect_uri: "https://APP.example.com/callback" }],
    ["with a redirect URI that only begins the same", { redirect_uri: "https://app.example.com/callback?x=1" }],
    ["without a redirect URI, of a client with two", { redirect_uri: undefined }],
  ])("%s is told to the user and sent nowhere", async (_what, over) => {
    const { origin } = await start();
    const answer = await new Browser().open(authorizeUrl(origin, pkce().challenge, over));
    expect([answer.status, answer.location]).toEqual([400, undefined]);
    expect(answer.text).toContain("This sign-in cannot go on");
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ["without PKCE, of a public client", { code_challenge: undefined }, "invalid_request"],
    ["with plain PKCE", { code_challenge_method: "plain" }, "invalid_request"],
    ["with PKCE of no named method, which means plain", { code_challenge_method: undefined }, "invalid_request"],
    ["with a challenge that is no hash", { code_challenge: "short" }, "invalid_request"],
    ["for a token in the URL", { response_type: "token" }, "unsupported_response_type"],
    ["for a scope the client may not have", { scope: "openid orders/write" }, "invalid_scope"],
  ])("%s goes back to the application as an error", async (_what, over, error) => {
    const { origin } = await start();
    const { status, location } = await new Browser().open(authorizeUrl(origin, pkce().challenge, over));
    expect(status).toBe(302);
    expect(location?.href.startsWith(`${CALLBACK}?`)).toBe(true);
    expect([location?.searchParams.get("error"), location?.searchParams.get("state")]).toEqual([error, "s-1"]);
  });

  it("with a parameter twice is refused", async () => {
    const { origin } = await start();
    const url = `${authorizeUrl(origin, pkce().challenge)}&redirect_uri=https%3A%2F%2Fevil.example`;
    expect((await new Browser().open(url)).status).toBe(400);
  });
});

describe("signing out", () => {
  it("goes only to one of the client's own URLs", async () => {
    const { origin } = await start();
    const answer = await new Browser().open(
      `${origin}/logout?client_id=${browser.clientId}&logout_uri=https%3A%2F%2Fevil.example%2F`,
    );
    expect([answer.status, answer.location]).toEqual([400, undefined]);
  });
});
