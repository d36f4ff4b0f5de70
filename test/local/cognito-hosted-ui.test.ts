import { createHash, randomBytes } from "node:crypto";
import { discoveryEndpoint } from "../../proof/local/cognito/discovery";
import { hostedUi } from "../../proof/local/cognito/hosted-ui";
import { changePool, clientSecret } from "../../proof/local/cognito/pool-data";
import { setPassword } from "../../proof/local/cognito/sign-in";
import { totp } from "../../proof/local/cognito/totp";
import { newUser } from "../../proof/local/users";
import { verifyUserPoolToken } from "../../proof/tokens/verify";
import { browser, client, decode, machine, model, native, pool } from "./issuer-fixture";
import { serve } from "./cognito-server";
import type { Served } from "./cognito-server";

const PASSWORD = "Correct-horse-7";
const CALLBACK = "https://app.example.com/callback";

async function start(settings: Record<string, unknown> = {}, clients = [browser, machine, native]): Promise<Served> {
  const of = pool({ clients, settings });
  const served = await serve(model({ userPools: [of] }), (context) => [discoveryEndpoint(context), hostedUi(context)]);
  const user = newUser(of, "alice", { email: "alice@example.com", email_verified: "true" }, Date.now());
  changePool(served.context, of, ({ users }) => users.push(user));
  await setPassword(served.context, of, user, PASSWORD, "CONFIRMED");
  return served;
}

/** A browser without a screen: cookies, no automatic redirects, and forms as their page wrote them. */
class Browser {
  readonly #cookies = new Map<string, string>();

  async open(
    url: string,
    init: RequestInit = {},
  ): Promise<{ status: number; location: URL | undefined; text: string; headers: Headers }> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, { redirect: "manual", ...init, headers: { cookie, ...init.headers } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/Max-Age=0/.test(set)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const to = answer.headers.get("location");
    return {
      status: answer.status,
      location: to === null ? undefined : new URL(to, url),
      text: await answer.text(),
      headers: answer.headers,
    };
  }

  submit(url: string, page: string, values: Record<string, string>, headers: Record<string, string> = {}) {
    const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
    const body = new URLSearchParams([
      ...hidden.map(([, name = "", value = ""]) => [name, value]),
      ...Object.entries(values),
    ]);
    return this.open(url, { method: "POST", body, headers: { origin: new URL(url).origin, ...headers } });
  }
}

const pkce = () => {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
};

function authorizeUrl(origin: string, challenge: string, over: Record<string, string | undefined> = {}): string {
  const values = {
    response_type: "code",
    client_id: browser.clientId,
    redirect_uri: CALLBACK,
    scope: "openid orders/read",
    state: "s-1",
    nonce: "n-1",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...over,
  };
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${origin}/oauth2/authorize?${new URLSearchParams(given)}`;
}

const token = (origin: string, values: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${origin}/oauth2/token`, { method: "POST", body: new URLSearchParams(values), headers });

const answered = async (answer: Response): Promise<[number, Record<string, string>]> => [
  answer.status,
  (await answer.json()) as Record<string, string>,
];

/** A code for a signed-in user, by the pages. */
async function codeFor(
  origin: string,
  challenge: string,
  over: Record<string, string | undefined> = {},
  as = new Browser(),
): Promise<string> {
  const { location } = await as.open(authorizeUrl(origin, challenge, over));
  const url = location?.href ?? "";
  const { text } = await as.open(url);
  const done = await as.submit(url, text, { username: "alice", password: PASSWORD });
  return done.location?.searchParams.get("code") ?? "";
}

const redeem = (origin: string, code: string, verifier: string, over: Record<string, string> = {}) =>
  token(origin, {
    grant_type: "authorization_code",
    client_id: browser.clientId,
    redirect_uri: CALLBACK,
    code,
    code_verifier: verifier,
    ...over,
  });

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

describe("the token endpoint", () => {
  it.each<[string, (code: string, verifier: string) => Record<string, string>]>([
    ["another verifier", () => ({ code_verifier: pkce().verifier })],
    ["an empty verifier", () => ({ code_verifier: "" })],
    [
      "the challenge in place of the verifier",
      (_code, verifier) => ({ code_verifier: createHash("sha256").update(verifier).digest("base64url") }),
    ],
    ["another redirect URI", () => ({ redirect_uri: "http://localhost:3000/callback" })],
    ["a made-up code", () => ({ code: "made-up" })],
  ])("refuses %s, and the code is spent", async (_what, over) => {
    const { origin } = await start();
    const { verifier, challenge } = pkce();
    const code = await codeFor(origin, challenge);
    const wrong = over(code, verifier);
    expect(await answered(await redeem(origin, code, verifier, wrong))).toEqual([400, { error: "invalid_grant" }]);
    const [status] = await answered(await redeem(origin, code, verifier));
    expect(status).toBe("code" in wrong ? 200 : 400);
  });

  it("takes a code once, by its own client, for five minutes", async () => {
    const other = client({ ...browser, name: "other", clientId: "other-client" });
    const { origin, pass } = await start({}, [browser, other]);
    const { verifier, challenge } = pkce();
    const [first, second, third] = [
      await codeFor(origin, challenge),
      await codeFor(origin, challenge),
      await codeFor(origin, challenge),
    ];
    expect((await redeem(origin, first, verifier)).status).toBe(200);
    expect((await redeem(origin, first, verifier)).status).toBe(400);
    expect((await redeem(origin, second, verifier, { client_id: "other-client" })).status).toBe(400);
    pass(300_001);
    expect((await redeem(origin, third, verifier)).status).toBe(400);
  });

  it("rotates refresh tokens as the client says, and ends the sign-in when an old one comes back", async () => {
    const { origin, pass } = await start();
    const { verifier, challenge } = pkce();
    const [, tokens] = await answered(await redeem(origin, await codeFor(origin, challenge), verifier));
    const renew = async (refresh_token = "") =>
      answered(await token(origin, { grant_type: "refresh_token", client_id: browser.clientId, refresh_token }));
    const [status, second] = await renew(tokens["refresh_token"]);
    expect(status).toBe(200);
    expect(decode(second["access_token"] ?? "").claims).toMatchObject({ scope: "openid orders/read" });
    expect((await renew(tokens["refresh_token"]))[0]).toBe(200);
    pass(10_000);
    expect(await renew(tokens["refresh_token"])).toEqual([400, { error: "invalid_grant" }]);
    expect(await renew(second["refresh_token"])).toEqual([400, { error: "invalid_grant" }]);
  });

  it("gives a machine its scopes with its secret, as Basic or in the body, and no refresh token", async () => {
    const { origin, context } = await start();
    const secret = clientSecret(context, machine) ?? "";
    const basic = { authorization: `Basic ${Buffer.from(`${machine.clientId}:${secret}`).toString("base64")}` };
    const grant = { grant_type: "client_credentials" };
    for (const answer of [
      await token(origin, { ...grant, scope: "orders/write" }, basic),
      await token(origin, { ...grant, scope: "orders/write", client_id: machine.clientId, client_secret: secret }),
    ]) {
      const [status, tokens] = await answered(answer);
      expect([status, Object.keys(tokens)]).toEqual([200, ["access_token", "expires_in", "token_type"]]);
      expect(decode(tokens["access_token"] ?? "").claims).toMatchObject({
        scope: "orders/write",
        sub: machine.clientId,
      });
    }
  });

  it.each<[string, Record<string, string>, string]>([
    ["a wrong secret", { client_id: machine.clientId, client_secret: "wrong" }, "invalid_client"],
    ["no secret", { client_id: machine.clientId }, "invalid_client"],
    ["a client that is not there", { client_id: "nobody", client_secret: "x" }, "invalid_client"],
    ["no client", {}, "invalid_client"],
    ["a secret for a client that has none", { client_id: browser.clientId, client_secret: "x" }, "invalid_client"],
    ["a public client", { client_id: browser.clientId }, "unauthorized_client"],
    [
      "a grant type that does not exist",
      { client_id: browser.clientId, grant_type: "password" },
      "unsupported_grant_type",
    ],
  ])("refuses client credentials with %s", async (_what, values, error) => {
    const { origin } = await start();
    const answer = await token(origin, { grant_type: "client_credentials", ...values });
    expect(await answered(answer)).toEqual([400, { error }]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("refuses a scope the machine may not have, and a body that is no form", async () => {
    const { origin, context } = await start();
    const client_secret = clientSecret(context, machine) ?? "";
    const values = { grant_type: "client_credentials", client_id: machine.clientId, client_secret };
    expect(await answered(await token(origin, { ...values, scope: "orders/read admin" }))).toEqual([
      400,
      { error: "invalid_scope" },
    ]);
    const body = await fetch(`${origin}/oauth2/token`, { method: "POST", body: JSON.stringify(values) });
    expect(await answered(body)).toEqual([400, { error: "invalid_request" }]);
  });

  it("lets a web page of any origin redeem its code, as Cognito does", async () => {
    const { origin } = await start();
    const asked = await fetch(`${origin}/oauth2/token`, {
      method: "OPTIONS",
      headers: { origin: "https://app.example.com" },
    });
    expect([asked.status, asked.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
  });

  it("revokes a sign-in: its refresh token and its access token at userInfo", async () => {
    const { origin } = await start();
    const { verifier, challenge } = pkce();
    const [, tokens] = await answered(await redeem(origin, await codeFor(origin, challenge), verifier));
    const body = new URLSearchParams({ token: tokens["refresh_token"] ?? "", client_id: browser.clientId });
    expect((await fetch(`${origin}/oauth2/revoke`, { method: "POST", body })).status).toBe(200);
    const renewed = await token(origin, {
      grant_type: "refresh_token",
      client_id: browser.clientId,
      refresh_token: tokens["refresh_token"] ?? "",
    });
    expect(renewed.status).toBe(400);
    const info = await fetch(`${origin}/oauth2/userInfo`, {
      headers: { authorization: `Bearer ${tokens["access_token"]}` },
    });
    expect(info.status).toBe(401);
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
