/**
 * A web application's sign-in with openid-client, in a real browser: code and PKCE, the tokens' use, rotation, reuse. The
 * library asks for the real issuer's URL, as in the tokens; its requests go to the gateway in its place. Takes one JSON
 * argument and prints one JSON document of what was seen. (The library is an ES module, hence a script of its own.)
 */
import * as oidc from "openid-client";
import { chromium } from "playwright-core";

const { gateway, issuer, clientId, redirectUri, api, user, password, browser, profile, screenshots } = JSON.parse(
  process.argv[2],
);

const there = (url) => String(url).replace(new URL(issuer).origin, gateway);
const config = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
  execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
  [oidc.customFetch]: (url, options) => fetch(there(url), options),
});

const context = await chromium.launchPersistentContext(profile, {
  executablePath: browser,
  headless: true,
  args: [
    ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
    ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
  ],
});
const page = context.pages()[0] ?? (await context.newPage());
const complaints = [];
page.on("console", (message) => complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(String(error)));

/** Sends the browser to sign in; `act` does what the person does. Gives what came back to the application. */
async function authorize(act) {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const nonce = oidc.randomNonce();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: "openid orders/read",
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  await page.goto(url.href);
  await act();
  await page.waitForURL((at) => at.href.startsWith(redirectUri));
  return {
    url: new URL(page.url()),
    checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce },
  };
}

const called = async (tokens) => (await fetch(api, { headers: { Authorization: tokens.access_token } })).status;
const refused = async (asked) =>
  asked.then(
    () => "granted",
    (error) => error.error ?? String(error),
  );
const shown = {};

const first = await authorize(async () => {
  shown.page = await page.evaluate(() => ({
    title: document.title,
    language: document.documentElement.lang,
    heading: document.querySelector("h1")?.textContent,
    fields: [...document.querySelectorAll("input:not([type=hidden])")].map((input) => ({
      label: input.labels[0]?.textContent,
      autocomplete: input.autocomplete,
      required: input.required,
    })),
    focused: document.activeElement?.id,
    scripts: document.scripts.length,
  }));
  if (screenshots) await page.screenshot({ path: `${screenshots}/sign-in.png` });
  await page.getByLabel("User name or e-mail address").fill(user);
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  shown.problem = await page.getByRole("alert").textContent();
  if (screenshots) await page.screenshot({ path: `${screenshots}/problem.png` });
  // Now with the keyboard alone, from where the focus stands.
  await page.keyboard.type(user);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
});
const tokens = await oidc.authorizationCodeGrant(config, first.url, first.checks);
const seen = {
  ...shown,
  subject: tokens.claims().sub,
  first: await called(tokens),
  userInfo: (await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)).username,
  codeAgain: await refused(oidc.authorizationCodeGrant(config, first.url, first.checks)),
};

// Signed in still, the browser comes back at once.
const second = await authorize(async () => undefined);
const wrongVerifier = { ...second.checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() };
seen.wrongVerifier = await refused(oidc.authorizationCodeGrant(config, second.url, wrongVerifier));

const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
seen.rotated = renewed.refresh_token !== undefined && renewed.refresh_token !== tokens.refresh_token;
seen.renewed = await called(renewed);
seen.reuse = await refused(oidc.refreshTokenGrant(config, tokens.refresh_token));
seen.afterReuse = await refused(oidc.refreshTokenGrant(config, renewed.refresh_token));
seen.complaints = complaints;

await context.close();
process.stdout.write(JSON.stringify(seen));
