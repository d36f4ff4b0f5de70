import { createHmac, createPublicKey } from "node:crypto";
import { type Container, startContainer } from "./support/container";
import { tokenEvent } from "./support/events";
import { type HttpsServer, jwt, signingKey, startHttps, unsignedJwt } from "./support/issuer";
import { decide, resultOf } from "./support/policy";

const rsa = signingKey("rsa-1");
const ec = signingKey("ec-1", "EC");
const stranger = { ...signingKey("rsa-1"), kid: "rsa-1" };
const ROUTES = JSON.stringify([
  { verb: "GET", path: "/reports/*", scopes: ["reports/read"] },
  { verb: "POST", path: "/reports", scopes: ["reports/write"] },
]);

let issuer: HttpsServer;
let container: Container;
const environment = () => ({
  NODE_EXTRA_CA_CERTS: issuer.certificateFile,
  OIDC_ISSUER: issuer.url,
  OIDC_AUDIENCE: "https://reports.example, other-api",
  ROUTES,
});
const now = () => Math.floor(Date.now() / 1000);
const claims = (more: Readonly<Record<string, unknown>> = {}) => ({
  iss: issuer.url,
  aud: "https://reports.example",
  sub: "alice",
  client_id: "console",
  scope: "openid reports/read",
  tenant: "acme",
  iat: now(),
  exp: now() + 600,
  ...more,
});
const withoutClaim = (name: string) => Object.fromEntries(Object.entries(claims()).filter(([key]) => key !== name));
const call = (token: string, verb = "GET", path = "/reports/1") =>
  container.invoke(tokenEvent(`Bearer ${token}`, verb, path));

beforeAll(async () => {
  issuer = await startHttps();
  issuer.documents.set("/.well-known/jwks.json", JSON.stringify({ keys: [rsa.jwk, ec.jwk] }));
  container = await startContainer("oauth-authorizer", environment());
});
afterAll(() => {
  container.stop();
  issuer.stop();
});

describe("the OAuth authorizer", () => {
  it("answers a GET with a policy that is right for the POST served from the cache within the TTL", async () => {
    const policy = resultOf(await call(jwt(rsa, claims())));
    expect(decide(policy, "GET", "/reports/1")).toBe("allow");
    expect(decide(policy, "GET", "/reports/2")).toBe("allow");
    expect(decide(policy, "POST", "/reports")).toBe("explicit deny");
    const writer = resultOf(await call(jwt(rsa, claims({ scope: "reports/read reports/write" }))));
    expect(decide(writer, "POST", "/reports")).toBe("allow");
  });

  it("lets a cached policy outlive the token not by a second", async () => {
    const exp = now() + 60;
    const policy = resultOf(await call(jwt(rsa, claims({ exp }))));
    expect(decide(policy, "GET", "/reports/1", new Date(exp * 1000 - 1))).toBe("allow");
    expect(decide(policy, "GET", "/reports/1", new Date(exp * 1000))).toBe("explicit deny");
  });

  it("answers with exactly the members API Gateway takes, and context of plain values", async () => {
    const policy = resultOf(await call(jwt(rsa, claims())));
    expect(Object.keys(policy).sort()).toEqual(["context", "policyDocument", "principalId"]);
    expect(policy["principalId"]).toBe("alice");
    expect(policy["context"]).toEqual({
      subject: "alice",
      client: "console",
      scopes: "openid reports/read",
      issuer: issuer.url,
      tenant: "acme",
    });
  });

  it.each([
    ["an elliptic-curve signature", () => jwt(ec, claims())],
    ["scopes as a list in scp", () => jwt(rsa, { ...withoutClaim("scope"), scp: ["reports/read"] })],
    ["scopes as a string in scp", () => jwt(rsa, { ...withoutClaim("scope"), scp: "a reports/read" })],
    ["one of several audiences", () => jwt(rsa, claims({ aud: ["x", "other-api"] }))],
    ["a client but no user", () => jwt(rsa, withoutClaim("sub"))],
  ])("admits a token with %s", async (_what, token) => {
    expect(decide(resultOf(await call(token())), "GET", "/reports/1")).toBe("allow");
  });

  it.each([
    ["the scope of another API", () => claims({ scope: "orders/read" })],
    ["a scope that only begins alike", () => claims({ scope: "reports/readall" })],
    ["no scope at all", () => withoutClaim("scope")],
  ])("denies, with a policy, a good token with %s", async (_what, content) => {
    expect(decide(resultOf(await call(jwt(rsa, content()))), "GET", "/reports/1")).toBe("explicit deny");
  });

  const hmacWithPublicKey = () => {
    const pem = createPublicKey(rsa.privateKey).export({ type: "spki", format: "pem" });
    const input = unsignedJwt({ alg: "HS256", kid: "rsa-1" }, claims(), "").slice(0, -1);
    return `${input}.${createHmac("sha256", pem).update(input).digest("base64url")}`;
  };
  const tampered = () => {
    const [header, , signature] = jwt(rsa, claims()).split(".");
    const body = Buffer.from(JSON.stringify(claims({ scope: "reports/write" }))).toString("base64url");
    return [header, body, signature].join(".");
  };
  it.each<[string, () => string]>([
    ["expired", () => jwt(rsa, claims({ exp: now() - 1 }))],
    ["not valid yet", () => jwt(rsa, claims({ nbf: now() + 60 }))],
    ["without expiry", () => jwt(rsa, withoutClaim("exp"))],
    ["with an expiry in text", () => jwt(rsa, claims({ exp: String(now() + 60) }))],
    ["of another issuer", () => jwt(rsa, claims({ iss: `${issuer.url}/` }))],
    ["without issuer", () => jwt(rsa, withoutClaim("iss"))],
    ["for another audience", () => jwt(rsa, claims({ aud: "https://reports.example.evil" }))],
    ["without audience", () => jwt(rsa, withoutClaim("aud"))],
    ["about nobody", () => jwt(rsa, { ...withoutClaim("sub"), client_id: undefined })],
    ["with a subject that is no string", () => jwt(rsa, claims({ sub: { $ne: "" } }))],
    ["with scopes that are no strings", () => jwt(rsa, claims({ scope: [["reports/read"]] }))],
    ["signed by a stranger under a known key id", () => jwt(stranger, claims())],
    ["with the payload of another token", tampered],
    ["without key id", () => jwt(rsa, claims(), { kid: undefined })],
    ["with the algorithm none", () => unsignedJwt({ alg: "none", kid: "rsa-1" }, claims(), "")],
    ["with the algorithm none and some signature", () => unsignedJwt({ alg: "none", kid: "rsa-1" }, claims(), "AAAA")],
    ["signed with the public key as a shared secret", hmacWithPublicKey],
    ["with a critical extension", () => jwt(rsa, claims(), { crit: ["exp"] })],
    ["with an unencoded payload", () => jwt(rsa, claims(), { b64: false })],
    ["with padding", () => `${jwt(rsa, claims())}=`],
    ["with four parts", () => `${jwt(rsa, claims())}.AAAA`],
    ["with a payload that is a list", () => jwt(rsa, [claims()])],
    ["larger than any token", () => jwt(rsa, claims({ filler: "x".repeat(8000) }))],
  ])("answers exactly Unauthorized to a token %s", async (_what, token) => {
    expect(await call(token())).toEqual({ error: "Unauthorized" });
  });

  it.each(["", "bearer ", "Bearer  ", "Basic ", "Bearer\t", "Token "])(
    "answers exactly Unauthorized to a good token after %j",
    async (scheme) => {
      expect(await container.invoke(tokenEvent(`${scheme}${jwt(rsa, claims())}`))).toEqual({ error: "Unauthorized" });
    },
  );

  it("asks the issuer once for many tokens", async () => {
    const fresh = await startContainer("oauth-authorizer", environment());
    const before = issuer.requests.length;
    for (let count = 0; count < 5; count += 1) resultOf(await fresh.invoke(tokenEvent(`Bearer ${jwt(rsa, claims())}`)));
    expect(issuer.requests.slice(before)).toEqual(["/.well-known/jwks.json"]);
    fresh.stop();
  });

  it("does not ask the issuer again for each token of an unknown key", async () => {
    const fresh = await startContainer("oauth-authorizer", environment());
    const before = issuer.requests.length;
    for (let count = 0; count < 5; count += 1) {
      const token = jwt(stranger, claims(), { kid: `unknown-${count}` });
      expect(await fresh.invoke(tokenEvent(`Bearer ${token}`))).toEqual({ error: "Unauthorized" });
    }
    expect(issuer.requests.slice(before)).toHaveLength(1);
    fresh.stop();
  });

  it("takes the key set from where it is told to", async () => {
    issuer.documents.set("/keys", JSON.stringify({ keys: [rsa.jwk] }));
    const elsewhere = { ...environment(), OIDC_JWKS_URI: `${issuer.url}/keys` };
    const fresh = await startContainer("oauth-authorizer", elsewhere);
    expect(decide(resultOf(await fresh.invoke(tokenEvent(`Bearer ${jwt(rsa, claims())}`))), "GET", "/reports/1")).toBe(
      "allow",
    );
    expect(issuer.requests.at(-1)).toBe("/keys");
    fresh.stop();
  });

  it.each<[string, () => void]>([
    ["is down", () => (issuer.down = true)],
    ["answers something else", () => issuer.documents.set("/.well-known/jwks.json", "<html>")],
    ["answers no key set", () => issuer.documents.set("/.well-known/jwks.json", '{"keys":{}}')],
  ])("admits nobody and says it is not the token's fault while the issuer %s, and recovers", async (_what, breakIt) => {
    const fresh = await startContainer("oauth-authorizer", environment());
    breakIt();
    const outcome = await fresh.invoke(tokenEvent(`Bearer ${jwt(rsa, claims())}`));
    issuer.down = false;
    issuer.documents.set("/.well-known/jwks.json", JSON.stringify({ keys: [rsa.jwk, ec.jwk] }));
    expect(outcome).toEqual({ error: "The authorizer could not decide." });
    expect(decide(resultOf(await fresh.invoke(tokenEvent(`Bearer ${jwt(rsa, claims())}`))), "GET", "/reports/1")).toBe(
      "allow",
    );
    fresh.stop();
  });

  it("logs one JSON line for each decision, and never a token or a part of one", async () => {
    const fresh = await startContainer("oauth-authorizer", environment());
    const good = jwt(rsa, claims({ tenant: "log-me-not" }));
    const bad = jwt(rsa, claims({ exp: 1 }));
    await fresh.invoke(tokenEvent(`Bearer ${good}`));
    await fresh.invoke(tokenEvent(`Bearer ${bad}`));
    const lines = fresh
      .logs()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    fresh.stop();
    expect(lines).toMatchObject([
      { level: "info", message: "recognised", principalId: "alice" },
      { level: "warn", message: "refused", reason: "token has expired" },
    ]);
    for (const secret of [...good.split("."), ...bad.split("."), "log-me-not"]) {
      expect(JSON.stringify(lines)).not.toContain(secret);
    }
  });

  it("does not start without its settings, and names all that is wrong with them", async () => {
    const starting = startContainer("oauth-authorizer", { OIDC_ISSUER: "http://plain.example", ROUTES: "[]" });
    await expect(starting).rejects.toThrow(
      /OIDC_ISSUER is not an https:\/\/ URL[^]*OIDC_AUDIENCE is not set[^]*ROUTES is not a JSON list/,
    );
  });
});
