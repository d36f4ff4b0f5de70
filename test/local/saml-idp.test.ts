import { createPublicKey, X509Certificate } from "node:crypto";
import { DOMParser } from "@xmldom/xmldom";
import { SignedXml } from "xml-crypto";
import { redirects } from "../../proof/local/oidc";
import { findTokenClient, knownTokenClients } from "../../proof/local/issuer-clients";
import type { TokenRequest } from "../../proof/local/issuer-request";
import { samlCertificate, samlEndpoint } from "../../proof/local/saml-idp";
import { samlToken } from "../../proof/local/saml-idp-token";
import { StateFolder } from "../../proof/local/state";
import { model, oidc, samlFunction, temporaryState } from "./issuer-fixture";
import { serve } from "./cognito-server";

const NOW = Date.UTC(2026, 4, 1, 12);
const of = model({
  functions: [samlFunction],
  oidcIssuers: [oidc, { ...oidc, issuer: "https://idp.example/metadata" }],
});
const { directory, state } = temporaryState();

function token(name: string, over: Partial<TokenRequest> = {}, from = of): string {
  const found = findTokenClient(from, name);
  if (found.kind !== "saml") throw new Error(`${name} is no SAML issuer`);
  const request = { scopes: [], groups: [], claims: {}, now: NOW, ...over };
  return Buffer.from(samlToken(state, found.trust, request).token, "base64url").toString("utf8");
}

/** The bytes that the signature covers, if it is by that key. */
function covered(xml: string, certificate: string): string | undefined {
  const document = new DOMParser().parseFromString(xml, "text/xml");
  const [signature] = Array.from(document.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", "Signature"));
  const verifier = new SignedXml({ publicCert: certificate, getCertFromKeyInfo: () => null });
  verifier.loadSignature(signature as unknown as Parameters<SignedXml["loadSignature"]>[0]);
  return verifier.checkSignature(xml) ? verifier.getSignedReferences()[0] : undefined;
}

describe("an assertion of the local identity provider", () => {
  it("is signed whole, by the key in the certificate", () => {
    const xml = token("https://idp.example/metadata");
    const signed = covered(xml, samlCertificate(state, "https://idp.example/metadata")) ?? "";
    expect(signed).toMatch(/^<saml:Assertion [^]*<\/saml:Assertion>$/);
    expect(signed).toBe(
      xml.replace(/<ds:Signature[^]*<\/ds:Signature>/, "").replace(/<([^> ]+)([^>]*)\/>/g, "<$1$2></$1>"),
    );
    expect(xml).toContain('Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"');
    expect(xml).toMatch(/<\/saml:Issuer><ds:Signature/);
    const tampered = xml.replace("local-user", "admin-user");
    expect(covered(tampered, samlCertificate(state, "https://idp.example/metadata"))).toBeUndefined();
    expect(() => covered(xml, samlCertificate(state, "https://other.example"))).toThrow();
  });

  it("says who it is about, for whom, where it may be shown and until when", () => {
    const xml = token("https://api.example/saml", {
      user: "alice",
      scopes: ["documents/read", "documents/write"],
      groups: ["a"],
      claims: { tenant: "acme" },
    });
    for (const part of [
      "<saml:Issuer>https://idp.example/metadata</saml:Issuer>",
      "<saml:NameID>alice</saml:NameID>",
      "<saml:Audience>https://api.example</saml:Audience>",
      'NotOnOrAfter="2026-05-01T12:05:00Z" Recipient="https://api.example/saml"',
      '<saml:Conditions NotBefore="2026-05-01T12:00:00Z" NotOnOrAfter="2026-05-01T12:05:00Z">',
      '<saml:Attribute Name="rights"><saml:AttributeValue>documents/read</saml:AttributeValue><saml:AttributeValue>documents/write</saml:AttributeValue></saml:Attribute>',
      '<saml:Attribute Name="groups"><saml:AttributeValue>a</saml:AttributeValue></saml:Attribute>',
      '<saml:Attribute Name="tenant"><saml:AttributeValue>acme</saml:AttributeValue></saml:Attribute>',
    ]) {
      expect(xml).toContain(part);
    }
  });

  it("that is to have expired was good before", () => {
    expect(token("https://idp.example/metadata", { expiresIn: -60 })).toContain(
      '<saml:Conditions NotBefore="2026-05-01T11:54:00Z" NotOnOrAfter="2026-05-01T11:59:00Z">',
    );
  });

  it("has an id of its own each time", () => {
    const ids = [1, 2].map(() => /ID="(_[0-9a-f]{40})"/.exec(token("https://idp.example/metadata"))?.[1]);
    expect(new Set(ids).size).toBe(2);
    expect(ids).not.toContain(undefined);
  });

  it("cannot be broken out of by a name or an attribute", () => {
    const user = "</saml:NameID><x a=\"'&\u0000\n";
    const xml = token("https://idp.example/metadata", { user, claims: { 'a"b': "<c>" } });
    const document = new DOMParser().parseFromString(xml, "text/xml");
    const text = (name: string) => Array.from(document.getElementsByTagName(name)).map((one) => one.textContent);
    expect([text("saml:NameID"), text("saml:AttributeValue")]).toEqual([["</saml:NameID><x a=\"'&\n"], ["<c>"]]);
    expect(document.getElementsByTagName("saml:Attribute")[0]?.getAttribute("Name")).toBe('a"b');
    expect(covered(xml, samlCertificate(state, "https://idp.example/metadata"))).toBeDefined();
  });

  it("is refused where the function does not say for whom it is, and where a use is asked for", () => {
    const { SAML_RECIPIENT: _, ...environment } = samlFunction.environment;
    const without = model({ functions: [{ ...samlFunction, environment }] });
    expect(() => token("https://idp.example/metadata", { use: "id" }, without)).toThrow(/SAML_RECIPIENT[^]*no use/);
  });
});

describe("the identity provider", () => {
  it("has a certificate that is signed by itself, good for years, and the same in the next process", () => {
    const pem = samlCertificate(state, "https://idp.example/metadata");
    const certificate = new X509Certificate(pem);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect([certificate.subject, certificate.issuer]).toEqual([
      "CN=portcullis local identity provider",
      "CN=portcullis local identity provider",
    ]);
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + 9 * 365 * 86_400_000);
    expect(createPublicKey(pem).asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(samlCertificate(new StateFolder(directory), "https://idp.example/metadata")).toBe(pem);
  });

  it("gives its certificate in metadata, where the function's look-up of it is sent", async () => {
    const served = await serve(of, (context) => [samlEndpoint(of, context.state)]);
    const redirect = redirects(of, served.origin).find(({ from }) => from === "https://idp.example/metadata.xml");
    const answer = await fetch(redirect?.to ?? "");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/samlmetadata+xml"]);
    const xml = await answer.text();
    expect(xml).toContain('entityID="https://idp.example/metadata"');
    const [, base64 = ""] = /<ds:X509Certificate>([^<]+)</.exec(xml) ?? [];
    const served64 = samlCertificate(served.context.state, "https://idp.example/metadata").replace(
      /-----[^-]+-----|\s/g,
      "",
    );
    expect(base64).toBe(served64);
    expect((await fetch(redirect?.to ?? "", { method: "POST" })).status).toBe(405);
  });

  it("is no OIDC issuer, though the convention for those finds its variable too", () => {
    expect(knownTokenClients(of)).toEqual([
      "browser",
      "machine",
      "native",
      "https://login.example.com/tenant",
      "https://api.example.com",
      "https://idp.example/metadata",
    ]);
  });
});
