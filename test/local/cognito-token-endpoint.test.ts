import { createHash } from "node:crypto";
import { clientSecret } from "../../proof/local/cognito/pool-data";
import { pkce } from "./browser";
import { answered, codeFor, redeem, start, token } from "./cognito-sign-in";
import { browser, client, decode, machine } from "./issuer-fixture";

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
