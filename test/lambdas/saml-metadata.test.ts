import { selfSigned } from "./support/certificate";
import { type Container, startContainer } from "./support/container";
import { tokenEvent } from "./support/events";
import { type HttpsServer, startHttps } from "./support/issuer";
import { decide, resultOf } from "./support/policy";
import { bearer, PARTS, SAML_ENVIRONMENT, signedAssertion, time } from "./support/saml";

const idp = selfSigned("idp");
const nextIdp = selfSigned("next idp");
const attacker = selfSigned("attacker");

describe("the SAML authorizer with the provider's metadata", () => {
  let server: HttpsServer;
  let fresh: Container;
  const call = (authorization: string) => fresh.invoke(tokenEvent(authorization, "GET", "/documents/1"));
  const base64 = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, "");
  const key = (use: string, pem: string) =>
    `<KeyDescriptor${use}><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>` +
    `<ds:X509Certificate>${base64(pem)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>`;
  const metadata = (keys: string, attributes = `entityID="${PARTS.issuer}"`) =>
    `<?xml version="1.0"?><!-- made by hand --><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" ` +
    `${attributes}><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${keys}` +
    `</IDPSSODescriptor></EntityDescriptor>`;

  beforeEach(async () => {
    server = await startHttps();
    server.documents.set("/metadata", metadata(key(' use="signing"', idp.certificatePem)));
    fresh = await startContainer("saml-authorizer", {
      ...SAML_ENVIRONMENT,
      NODE_EXTRA_CA_CERTS: server.certificateFile,
      SAML_METADATA_URL: `${server.url}/metadata`,
    });
  });
  afterEach(() => {
    fresh.stop();
    server.stop();
  });

  it("fetches it once for many assertions", async () => {
    for (let round = 0; round < 3; round += 1) {
      expect(decide(resultOf(await call(bearer(signedAssertion(idp)))), "GET", "/documents/1")).toBe("allow");
    }
    expect(server.requests).toEqual(["/metadata"]);
  });

  it("trusts two keys while the provider changes from one to the other", async () => {
    const both = key(' use="signing"', nextIdp.certificatePem) + key("", idp.certificatePem);
    server.documents.set("/metadata", metadata(both));
    for (const signer of [idp, nextIdp]) {
      expect(decide(resultOf(await call(bearer(signedAssertion(signer)))), "GET", "/documents/1")).toBe("allow");
    }
  });

  it("is not made to fetch it again by each forged assertion", async () => {
    for (let round = 0; round < 4; round += 1) {
      expect(await call(bearer(signedAssertion(attacker)))).toEqual({ error: "Unauthorized" });
    }
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, () => void]>([
    ["cannot be had", () => (server.down = true)],
    [
      "is another entity's",
      () => server.documents.set("/metadata", metadata(key("", idp.certificatePem), 'entityID="x"')),
    ],
    [
      "has expired",
      () =>
        server.documents.set(
          "/metadata",
          metadata(key("", idp.certificatePem), `entityID="${PARTS.issuer}" validUntil="${time(-60)}"`),
        ),
    ],
    [
      "gives a key for encryption alone",
      () => server.documents.set("/metadata", metadata(key(' use="encryption"', idp.certificatePem))),
    ],
    [
      "has a document type",
      () => server.documents.set("/metadata", `<!DOCTYPE x>${metadata(key("", idp.certificatePem))}`),
    ],
    ["is no XML", () => server.documents.set("/metadata", "Moved")],
  ])("admits nobody and says it is not the assertion's fault where it %s", async (_what, breakIt) => {
    breakIt();
    expect(await call(bearer(signedAssertion(idp)))).toEqual({ error: "The authorizer could not decide." });
  });
});
