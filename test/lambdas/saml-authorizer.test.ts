import { seenAssertions } from "../../lambdas/saml-authorizer/replay";
import { selfSigned } from "./support/certificate";
import { type Container, startContainer } from "./support/container";
import { tokenEvent } from "./support/events";
import { decide, resultOf } from "./support/policy";
import {
  type AssertionParts,
  assertion,
  bearer,
  PARTS,
  SAML_ENVIRONMENT,
  signedAssertion,
  signXml,
  time,
} from "./support/saml";

const idp = selfSigned("idp");
const ENVIRONMENT = { ...SAML_ENVIRONMENT, SAML_CERTIFICATES: idp.certificatePem };

let container: Container;
beforeAll(async () => (container = await startContainer("saml-authorizer", ENVIRONMENT)));
afterAll(() => container.stop());

const call = (authorization: string, to: Container = container) =>
  to.invoke(tokenEvent(authorization, "GET", "/documents/1"));
const genuine = (changes: Partial<AssertionParts> = {}) => signedAssertion(idp, changes);

describe("the SAML authorizer", () => {
  it("answers a GET with a policy that is right for the POST served from the cache within the TTL", async () => {
    const reader = resultOf(await call(bearer(genuine())));
    expect(decide(reader, "GET", "/documents/1")).toBe("allow");
    expect(decide(reader, "GET", "/documents/2")).toBe("allow");
    expect(decide(reader, "POST", "/documents")).toBe("explicit deny");
    const writer = resultOf(await call(bearer(genuine({ scopes: ["documents/read", "documents/write"] }))));
    expect(decide(writer, "POST", "/documents")).toBe("allow");
  });

  it("says who called, as the assertion names them", async () => {
    const policy = resultOf(await call(bearer(genuine())));
    expect(policy["principalId"]).toBe("alice@example.com");
    expect(policy["context"]).toEqual({
      subject: "alice@example.com",
      scopes: "documents/read",
      issuer: PARTS.issuer,
      tenant: "acme",
    });
  });

  it("denies, with a policy, a genuine assertion without the scope", async () => {
    const policy = resultOf(await call(bearer(genuine({ scopes: ["other"] }))));
    expect(decide(policy, "GET", "/documents/1")).toBe("explicit deny");
  });

  it.each<[string, Partial<AssertionParts>]>([
    ["conditions", { notOnOrAfter: 60, confirmedUntil: 300 }],
    ["confirmation", { notOnOrAfter: 300, confirmedUntil: 60 }],
    ["session", { authnStatement: `<saml:AuthnStatement SessionNotOnOrAfter="${time(60)}"/>` }],
  ])("lets a cached policy outlive the earliest limit, of the %s, not by a second", async (_what, changes) => {
    const policy = resultOf(await call(bearer(genuine(changes))));
    expect(decide(policy, "GET", "/documents/1", new Date(Date.now() + 50_000))).toBe("allow");
    expect(decide(policy, "GET", "/documents/1", new Date(Date.now() + 60_000))).toBe("explicit deny");
  });

  it.each<[string, () => string]>([
    ["in base64 with padding", () => `Bearer ${Buffer.from(genuine()).toString("base64")}`],
    ["with an XML declaration", () => bearer(`<?xml version="1.0" encoding="UTF-8"?>${genuine()}`)],
    ["without KeyInfo", () => bearer(signXml(assertion({ id: "_bare" }), idp, { keyInfo: false }))],
    [
      "signed with SHA-512",
      () =>
        bearer(
          signXml(assertion({ id: "_512" }), idp, {
            signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha512",
          }),
        ),
    ],
    ["from a clock half a minute ahead", () => bearer(genuine({ notBefore: 30 }))],
  ])("admits an assertion %s", async (_what, authorization) => {
    expect(decide(resultOf(await call(authorization())), "GET", "/documents/1")).toBe("allow");
  });

  it("takes an assertion again after the cache has run out, but not in another text", async () => {
    const xml = genuine();
    expect(decide(resultOf(await call(bearer(xml))), "GET", "/documents/1")).toBe("allow");
    expect(decide(resultOf(await call(bearer(xml))), "GET", "/documents/1")).toBe("allow");
    expect(await call(bearer(` ${xml}`))).toEqual({ error: "Unauthorized" });
    expect(await call(`Bearer ${Buffer.from(xml).toString("base64")}`)).toEqual({ error: "Unauthorized" });
  });

  it("logs the reason of a refusal and never the assertion", async () => {
    const fresh = await startContainer("saml-authorizer", ENVIRONMENT);
    const good = bearer(genuine());
    await call(good, fresh);
    await call(bearer(genuine({ audience: "https://other.example", nameId: "log-me-not" })), fresh);
    const logs = fresh.logs();
    fresh.stop();
    expect(logs).toContain('"audience is another"');
    for (const secret of ["log-me-not", good.slice(10, 60), "documents/read"]) expect(logs).not.toContain(secret);
  });

  it("does not start without its settings, and names all that is wrong with them", async () => {
    const starting = startContainer("saml-authorizer", { SAML_CERTIFICATES: "QUJD", ROUTES: "[]" });
    await expect(starting).rejects.toThrow(
      /SAML_ISSUER is not set[^]*SAML_AUDIENCE is not set[^]*SAML_RECIPIENT is not set[^]*SAML_CERTIFICATES holds something that is not an X\.509[^]*ROUTES/,
    );
  });

  it.each([
    ["both", { SAML_METADATA_URL: "https://idp.example/metadata" }],
    ["neither", { SAML_CERTIFICATES: "" }],
  ])("does not start with %s of the two sources of trust", async (_what, change) => {
    const starting = startContainer("saml-authorizer", { ...ENVIRONMENT, ...change } as Record<string, string>);
    await expect(starting).rejects.toThrow("Exactly one of SAML_CERTIFICATES and SAML_METADATA_URL must be set.");
  });

  it("does not start with a key too weak to be relied on", async () => {
    const weak = { ...ENVIRONMENT, SAML_CERTIFICATES: selfSigned("weak", 1024).certificatePem };
    await expect(startContainer("saml-authorizer", weak)).rejects.toThrow("RSA of at least 2048 bits");
  });
});

describe("the memory of assertion IDs", () => {
  it("holds another text under one ID to be a replay until the assertion expires", () => {
    const seen = seenAssertions();
    expect(seen.isReplay("_a", "first", 100, 0)).toBe(false);
    expect(seen.isReplay("_a", "first", 100, 99)).toBe(false);
    expect(seen.isReplay("_a", "second", 100, 99)).toBe(true);
    expect(seen.isReplay("_b", "second", 100, 99)).toBe(false);
    expect(seen.isReplay("_a", "second", 200, 100)).toBe(false);
  });

  it("makes room only by forgetting what has expired", () => {
    const seen = seenAssertions();
    for (let index = 0; index < 20_000; index += 1) seen.isReplay(`_${index}`, "text", index < 10 ? 50 : 100, 0);
    expect(() => seen.isReplay("_more", "text", 100, 49)).toThrow("More than 20000 assertions are valid at once.");
    expect(seen.isReplay("_more", "text", 100, 50)).toBe(false);
    expect(seen.isReplay("_19999", "other", 100, 50)).toBe(true);
  });
});
