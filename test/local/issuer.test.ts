import { spawnSync } from "node:child_process";
import { createPublicKey, verify } from "node:crypto";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { LocalIssuer, LocalIssuers } from "../../proof/local/issuer";
import type { PublicKey } from "../../proof/local/issuer";
import { decode, pool, temporaryState } from "./issuer-fixture";

const URL = pool().issuer;

function signedBy(key: PublicKey | undefined, token: string): boolean {
  if (key === undefined) return false;
  const [header, payload, signature = ""] = token.split(".");
  return verify(
    "RSA-SHA256",
    Buffer.from(`${header}.${payload}`),
    createPublicKey({ key: { ...key }, format: "jwk" }),
    Buffer.from(signature, "base64url"),
  );
}

describe("the local issuer", () => {
  it("signs RS256 with the key its key set publishes, and publishes no private part", () => {
    const issuer = new LocalIssuer(temporaryState().state, URL);
    const token = issuer.sign({ sub: "a" });
    const { keys } = issuer.jwks();
    expect(keys).toHaveLength(1);
    expect(decode(token).header).toEqual({ alg: "RS256", kid: keys[0]?.kid });
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
    expect(signedBy(keys[0], token)).toBe(true);
    expect(Buffer.from(keys[0]?.n ?? "", "base64url")).toHaveLength(256);
  });

  it("has the same key in the next process, and another one for another issuer", () => {
    const { state } = temporaryState();
    const first = new LocalIssuer(state, URL).jwks();
    expect(new LocalIssuer(state, URL).jwks()).toEqual(first);
    expect(new LocalIssuer(state, `${URL}X`).jwks().keys[0]?.n).not.toBe(first.keys[0]?.n);
  });

  it("agrees on one key when several processes make it at once", () => {
    const { directory } = temporaryState();
    const script = `
      const { LocalIssuer } = require("./proof/local/issuer"); const { StateFolder } = require("./proof/local/state");
      const one = () => new LocalIssuer(new StateFolder(process.argv[1]), "https://a.example").jwks().keys[0].kid;
      console.log(one());`;
    const root = resolve(__dirname, "../..");
    const race = `for i in 1 2 3; do node --import tsx -e '${script}' '${directory}' & done; wait`;
    const { stdout, stderr } = spawnSync("sh", ["-c", race], { cwd: root, encoding: "utf8" });
    const kids = stdout.trim().split("\n");
    expect([kids.length, new Set(kids).size, stderr]).toEqual([3, 1, ""]);
  });

  it("keeps its keys where only the owner reads them", () => {
    const { state } = temporaryState();
    new LocalIssuer(state, URL).jwks();
    const [file = ""] = readdirSync(state.path);
    expect(statSync(join(state.path, file)).mode & 0o777).toBe(0o600);
    expect(statSync(state.path).mode & 0o777).toBe(0o700);
  });

  it("signs with a new key after a rotation and keeps the one before, but not the one before that", () => {
    const { state } = temporaryState();
    const issuer = new LocalIssuer(state, URL);
    const tokens = [issuer.sign({})];
    issuer.rotate();
    tokens.push(issuer.sign({}));
    const kids = tokens.map((token) => String(decode(token).header["kid"]));
    expect(new Set(kids).size).toBe(2);
    expect(tokens.map((token, index) => signedBy(issuer.key(kids[index] ?? ""), token))).toEqual([true, true]);
    expect(issuer.jwks().keys.map((key) => key.kid)).toEqual([kids[1], kids[0]]);
    issuer.rotate();
    expect(issuer.key(kids[0] ?? "")).toBeUndefined();
    expect(issuer.key(kids[1] ?? "")?.kid).toBe(kids[1]);
  });

  it("finds a key that another process made or rotated in", () => {
    const { state } = temporaryState();
    const served = new LocalIssuers(state);
    const elsewhere = new LocalIssuer(state, URL);
    expect(served.keyOf(URL, "unknown")).toBeUndefined();
    const [first] = elsewhere.jwks().keys;
    expect(served.keyOf(URL, first?.kid ?? "")).toEqual(first);
    elsewhere.rotate();
    const [second] = elsewhere.jwks().keys;
    expect(served.keyOf(URL, second?.kid ?? "")).toEqual(second);
  });

  it("makes no key for an issuer that is only asked about", () => {
    const { state } = temporaryState();
    expect(new LocalIssuers(state).keyOf("https://stranger.example", "kid")).toBeUndefined();
    expect(() => readdirSync(state.path)).toThrow("ENOENT");
  });

  it.each([
    ["no key at all", (url: string) => ({ issuer: url, keys: [] })],
    ["the keys of another issuer", () => ({ issuer: "https://other.example", keys: [] })],
    ["a key that is none", (url: string) => ({ issuer: url, keys: [{ kid: "a", privateKey: { kty: "RSA" } }] })],
  ])("refuses a stored file that holds %s, names it, and shows nothing of it", (_name, content) => {
    const { state } = temporaryState();
    new LocalIssuer(state, URL).jwks();
    const [file = ""] = readdirSync(state.path);
    writeFileSync(join(state.path, file), JSON.stringify(content(URL)));
    expect(() => new LocalIssuer(state, URL).jwks()).toThrow(`signing keys of ${URL} cannot be used`);
    expect(() => new LocalIssuer(state, URL).jwks()).toThrow(file);
  });
});
