import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { validSecrets } from "../../lambdas/signed-parameters-authorizer/secrets";
import { clientKey, signParameters } from "../../lambdas/signed-parameters-authorizer/sign";
import { type Container, startContainer } from "./support/container";
import { requestEvent } from "./support/events";
import { decide, resultOf } from "./support/policy";
import { type SecretsManager, startSecretsManager } from "./support/secrets-manager";

const ID = "portcullis/dev/signing";
const CURRENT = "current-secret-of-thirty-two-characters";
const PREVIOUS = "previous-secret-of-thirty-two-characters";
const ROUTES = JSON.stringify([
  { verb: "GET", path: "/exports/*", clients: ["acme", "globex"] },
  { verb: "POST", path: "/exports", clients: ["globex"] },
]);

let secretsManager: SecretsManager;
let container: Container;
const environment = () => ({ ...secretsManager.environment, SIGNING_SECRET_ID: ID, ROUTES });
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

beforeAll(async () => {
  secretsManager = await startSecretsManager(ID);
  secretsManager.versions.set("AWSCURRENT", CURRENT).set("AWSPREVIOUS", PREVIOUS);
  container = await startContainer("signed-parameters-authorizer", environment());
});
afterAll(() => {
  container.stop();
  secretsManager.stop();
});

interface Parts {
  clientId: string | string[];
  expires: string | string[];
  signature: string | string[];
  audience: string;
  header: string;
  verb: string;
  path: string;
}

/** A signed request of acme's, with some parts replaced after signing. */
function signed(replaced: Partial<Parts> = {}, secret = CURRENT, client = "acme", expires = inSeconds(300)) {
  const signature = signParameters(clientKey(secret, client), { clientId: client, audience: "dev-exports", expires });
  const parts: Parts = {
    clientId: client,
    expires: String(expires),
    signature,
    audience: "dev-exports",
    header: "X-Client-Id",
    verb: "GET",
    path: "/exports/1",
    ...replaced,
  };
  return requestEvent({
    verb: parts.verb,
    path: parts.path,
    headers: { [parts.header]: parts.clientId },
    query: { expires: parts.expires, signature: parts.signature },
    stageVariables: { signingAudience: parts.audience },
  });
}

describe("the signature", () => {
  it("is HMAC-SHA256 over the four lines the documentation states, keyed with the text of the client's key", () => {
    const hmac = (key: string, text: string) => createHmac("sha256", key).update(text).digest("base64url");
    const key = hmac(CURRENT, "acme");
    expect(clientKey(CURRENT, "acme")).toBe(key);
    expect(signParameters(key, { clientId: "acme", audience: "dev-exports", expires: 1900000000 })).toBe(
      hmac(key, "SIGNED-PARAMETERS-V1\nacme\ndev-exports\n1900000000"),
    );
  });

  it("is what openssl makes with the documented command", () => {
    const key = clientKey(CURRENT, "acme");
    const command = `printf 'SIGNED-PARAMETERS-V1\\n%s\\n%s\\n%s' "$CLIENT" "$AUDIENCE" "$EXPIRES" |
      openssl dgst -sha256 -hmac "$KEY" -binary | openssl base64 -A | tr '+/' '-_' | tr -d '='`;
    const env = { ...process.env, CLIENT: "acme", AUDIENCE: "dev-exports", EXPIRES: "1900000000", KEY: key };
    expect(execFileSync("sh", ["-c", command], { env, encoding: "utf8" })).toBe(
      signParameters(key, { clientId: "acme", audience: "dev-exports", expires: 1900000000 }),
    );
  });
});

describe("the signed-parameters authorizer", () => {
  it("answers a GET with a policy that is right for the POST served from the cache within the TTL", async () => {
    const acme = resultOf(await container.invoke(signed()));
    expect(decide(acme, "GET", "/exports/1")).toBe("allow");
    expect(decide(acme, "GET", "/exports/2")).toBe("allow");
    expect(decide(acme, "POST", "/exports")).toBe("explicit deny");
    const globex = resultOf(await container.invoke(signed({}, CURRENT, "globex")));
    expect(decide(globex, "POST", "/exports")).toBe("allow");
  });

  it("says who called, for which audience, and nothing more", async () => {
    const policy = resultOf(await container.invoke(signed()));
    expect(policy["principalId"]).toBe("acme");
    expect(policy["context"]).toEqual({ client: "acme", audience: "dev-exports" });
  });

  it("lets a cached policy outlive the signature not by a second", async () => {
    const expires = inSeconds(60);
    const policy = resultOf(await container.invoke(signed({}, CURRENT, "acme", expires)));
    expect(decide(policy, "GET", "/exports/1", new Date(expires * 1000 - 1))).toBe("allow");
    expect(decide(policy, "GET", "/exports/1", new Date(expires * 1000))).toBe("explicit deny");
  });

  it.each([
    ["the previous secret, so that a rotation shuts nobody out", signed({}, PREVIOUS)],
    ["a header name in small letters, as HTTP/2 sends it", signed({ header: "x-client-id" })],
  ])("admits %s", async (_what, event) => {
    expect(decide(resultOf(await container.invoke(event)), "GET", "/exports/1")).toBe("allow");
  });

  it("denies, with a policy, a client that no route lists", async () => {
    const policy = resultOf(await container.invoke(signed({}, CURRENT, "initech")));
    expect(decide(policy, "GET", "/exports/1")).toBe("explicit deny");
  });

  const now = inSeconds(0);
  const genuine = signParameters(clientKey(CURRENT, "acme"), {
    clientId: "acme",
    audience: "dev-exports",
    expires: now + 300,
  });
  it.each([
    ["a later expiry", signed({ expires: String(now + 301), signature: genuine })],
    ["another client's id", signed({ clientId: "globex" })],
    ["another stage's audience", signed({ audience: "prod-exports" })],
    ["a signature that has expired", signed({}, CURRENT, "acme", now - 1)],
    ["an expiry more than an hour ahead", signed({}, CURRENT, "acme", now + 3700)],
    ["a secret older than the previous one", signed({}, "some-older-secret-of-thirty-two-characters")],
    ["one letter of the signature changed", signed({ signature: (genuine[0] === "A" ? "B" : "A") + genuine.slice(1) })],
    ["the signature cut", signed({ signature: genuine.slice(0, -1) })],
    ["the signature padded", signed({ signature: `${genuine}=` })],
    ["two expiries", signed({ expires: [String(now + 300), String(now + 300)] })],
    ["two signatures", signed({ signature: ["AAAA", genuine] })],
    ["two client ids", signed({ clientId: ["globex", "acme"] })],
    ["an expiry with a sign", signed({ expires: `+${now + 300}` })],
    ["an expiry with a fraction", signed({ expires: `${now + 300}.0` })],
    ["an expiry in hexadecimal", signed({ expires: `0x${(now + 300).toString(16)}` })],
    ["an expiry in milliseconds", signed({ expires: String((now + 300) * 1000) })],
    ["a client id with a line break", signed({ clientId: "acme\ndev-exports" })],
  ])("answers exactly Unauthorized to %s", async (_what, event) => {
    expect(await container.invoke(event)).toEqual({ error: "Unauthorized" });
  });

  it("blames the stage, not the caller, where the stage variable is missing", async () => {
    const event = { ...signed(), stageVariables: {} };
    expect(await container.invoke(event)).toEqual({ error: "The authorizer could not decide." });
  });

  it("admits nobody while Secrets Manager is down, and recovers", async () => {
    const fresh = await startContainer("signed-parameters-authorizer", environment());
    secretsManager.down = true;
    const outcome = await fresh.invoke(signed());
    secretsManager.down = false;
    expect(outcome).toEqual({ error: "The authorizer could not decide." });
    expect(decide(resultOf(await fresh.invoke(signed())), "GET", "/exports/1")).toBe("allow");
    fresh.stop();
  });

  it("never logs a signature or a secret", async () => {
    const fresh = await startContainer("signed-parameters-authorizer", environment());
    const event = signed();
    await fresh.invoke(event);
    await fresh.invoke(signed({ signature: "B".repeat(43) }));
    const logs = fresh.logs();
    fresh.stop();
    expect(logs).toContain('"recognised"');
    expect(logs).toContain('"signature does not match"');
    const { signature } = event.queryStringParameters;
    for (const secret of [signature, "B".repeat(43), CURRENT, PREVIOUS, clientKey(CURRENT, "acme")]) {
      expect(logs).not.toContain(secret);
    }
  });

  it("does not start without its settings, and names all that is wrong with them", async () => {
    const starting = startContainer("signed-parameters-authorizer", { ROUTES: "{}" });
    await expect(starting).rejects.toThrow(/SIGNING_SECRET_ID is not set[^]*ROUTES is not a JSON list/);
  });
});

describe("the valid secrets", () => {
  let manager: SecretsManager;
  let clock: number;
  let client: SecretsManagerClient;
  const minutes = (count: number) => (clock += count * 60_000);

  beforeEach(async () => {
    manager = await startSecretsManager(ID);
    manager.versions.set("AWSCURRENT", CURRENT);
    clock = 0;
    client = new SecretsManagerClient({
      endpoint: manager.url,
      region: "eu-west-1",
      credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "only-for-this-test" },
      maxAttempts: 1,
    });
  });
  afterEach(() => manager.stop());
  const read = () => validSecrets(ID, client, () => clock);

  it("are the current one alone before the first rotation", async () => {
    expect(await read()()).toEqual([CURRENT]);
  });

  it("are asked for once in five minutes", async () => {
    const secrets = read();
    await secrets();
    minutes(4);
    await secrets();
    expect(manager.requests).toHaveLength(2);
    minutes(2);
    await secrets();
    expect(manager.requests).toHaveLength(4);
  });

  it("are asked for once by many requests that come together", async () => {
    const secrets = read();
    await Promise.all([secrets(), secrets(), secrets()]);
    expect(manager.requests).toHaveLength(2);
  });

  it("follow a rotation at the first signature that does not match", async () => {
    const secrets = read();
    await secrets();
    manager.versions.set("AWSCURRENT", "rotated-secret-of-thirty-two-characters").set("AWSPREVIOUS", CURRENT);
    minutes(1);
    expect(await secrets({ afterMismatch: true })).toEqual(["rotated-secret-of-thirty-two-characters", CURRENT]);
  });

  it("are not asked for again by a stranger's next wrong signature", async () => {
    const secrets = read();
    await secrets();
    minutes(1);
    for (let count = 0; count < 5; count += 1) await secrets({ afterMismatch: true });
    expect(manager.requests).toHaveLength(4);
  });

  it("stay valid for their time when a stranger's wrong signature meets an outage", async () => {
    const secrets = read();
    await secrets();
    minutes(1);
    manager.down = true;
    await expect(secrets({ afterMismatch: true })).rejects.toThrow();
    expect(await secrets()).toEqual([CURRENT]);
    minutes(5);
    await expect(secrets()).rejects.toThrow();
  });

  it.each(["", "too-short-to-be-a-secret"])("are refused where the value is %j", async (value) => {
    manager.versions.set("AWSCURRENT", value);
    await expect(read()()).rejects.toThrow("is not text of at least 32 characters");
  });
});
