import { createHash, createPrivateKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { SignedXml } from "xml-crypto";
import { InputError } from "../errors";
import type { Model } from "../model/types";
import type { LocalEndpoint } from "./http";
import { selfSignedCertificate } from "./saml-idp-certificate";
import { samlMetadataPath, samlTrusts } from "./saml-idp-trust";
import type { StateFolder } from "./state";

export interface AssertionRequest {
  /** Entity id of the identity provider. */
  readonly issuer: string;
  readonly audience: string;
  /** URL that the assertion is addressed to. */
  readonly recipient: string;
  /** The `NameID`. */
  readonly subject: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** Seconds; negative for an assertion that has expired already. */
  readonly expiresIn: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

interface IdentityProvider {
  readonly issuer: string;
  /** PEM. */
  readonly privateKey: string;
  readonly certificate: string;
}

const SAML = "urn:oasis:names:tc:SAML:2.0:assertion";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";

/**
 * A SAML 2.0 bearer assertion with its enveloped signature (SAML core 5.4: RSA-SHA256, exclusive canonicalization),
 * as a client presents it to an API (RFC 7522): `Authorization: Bearer <base64url of this>`.
 */
export function mintAssertion(state: StateFolder, request: AssertionRequest): string {
  const { privateKey } = providerOf(state, request.issuer);
  const signer = new SignedXml({
    privateKey,
    signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalizationAlgorithm: EXCLUSIVE,
  });
  signer.addReference({
    xpath: "/*[local-name(.)='Assertion']",
    transforms: ["http://www.w3.org/2000/09/xmldsig#enveloped-signature", EXCLUSIVE],
    digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256",
  });
  // The schema wants the signature right behind the issuer.
  signer.computeSignature(assertion(request), {
    prefix: "ds",
    location: { reference: "/*/*[local-name(.)='Issuer']", action: "after" },
  });
  return signer.getSignedXml();
}

/** Certificate of the local identity provider that stands in for that entity id, in PEM. Made at the first call. */
export function samlCertificate(state: StateFolder, issuer: string): string {
  return providerOf(state, issuer).certificate;
}

/** The metadata of every identity provider that functions trust, where `redirects` sends their look-ups. */
export function samlEndpoint(model: Pick<Model, "functions">, state: StateFolder): LocalEndpoint {
  const issuers = new Map(samlTrusts(model).map(({ issuer }) => [samlMetadataPath(issuer), issuer]));
  return {
    name: "SAML metadata",
    async handle(request) {
      const issuer = issuers.get(request.rawPath);
      if (issuer === undefined) return undefined;
      if (request.method !== "GET" && request.method !== "HEAD") return { status: 405, headers: [], body: "" };
      const body = metadata(issuer, samlCertificate(state, issuer), `http://${request.host}${request.rawPath}`);
      return { status: 200, headers: [["content-type", "application/samlmetadata+xml"]], body };
    },
  };
}

function assertion({ issuer, audience, recipient, subject, attributes, expiresIn, now }: AssertionRequest): string {
  const instant = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
  const end = instant(now + expiresIn * 1000);
  // Dated back where it is to have expired, so that it looks like one that was good for five minutes.
  const issued = instant(expiresIn > 0 ? now : now + (expiresIn - 300) * 1000);
  const statement = Object.entries(attributes).map(
    ([name, values]) =>
      `<saml:Attribute Name="${escape(name)}">${values.map((value) => `<saml:AttributeValue>${escape(value)}</saml:AttributeValue>`).join("")}</saml:Attribute>`,
  );
  return [
    `<saml:Assertion xmlns:saml="${SAML}" ID="_${randomBytes(20).toString("hex")}" IssueInstant="${issued}" Version="2.0">`,
    `<saml:Issuer>${escape(issuer)}</saml:Issuer>`,
    `<saml:Subject><saml:NameID>${escape(subject)}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">`,
    `<saml:SubjectConfirmationData NotOnOrAfter="${end}" Recipient="${escape(recipient)}"/>`,
    `</saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${issued}" NotOnOrAfter="${end}">`,
    `<saml:AudienceRestriction><saml:Audience>${escape(audience)}</saml:Audience></saml:AudienceRestriction>`,
    `</saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${issued}"><saml:AuthnContext>`,
    `<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef>`,
    `</saml:AuthnContext></saml:AuthnStatement>`,
    statement.length === 0 ? "" : `<saml:AttributeStatement>${statement.join("")}</saml:AttributeStatement>`,
    `</saml:Assertion>`,
  ].join("");
}

/** The schema asks for a single sign-on service; there is none here, and its address answers 404. */
function metadata(issuer: string, certificate: string, here: string): string {
  const base64 = certificate.replace(/-----(BEGIN|END) CERTIFICATE-----|\s/g, "");
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${escape(issuer)}">`,
    `<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">`,
    `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${escape(here)}/sso"/>`,
    `</md:IDPSSODescriptor></md:EntityDescriptor>`,
  ].join("");
}

const providers = new WeakMap<StateFolder, Map<string, IdentityProvider>>();

function providerOf(state: StateFolder, issuer: string): IdentityProvider {
  const known = providers.get(state) ?? new Map<string, IdentityProvider>();
  providers.set(state, known);
  const found = known.get(issuer) ?? load(state, issuer);
  known.set(issuer, found);
  return found;
}

function load(state: StateFolder, issuer: string): IdentityProvider {
  const file = `saml-idp-${createHash("sha256").update(issuer).digest("hex").slice(0, 16)}.json`;
  const stored = state.readOrCreate(file, (): IdentityProvider => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const certificate = selfSignedCertificate(
      privateKey,
      "portcullis local identity provider",
      Date.now() - 86_400_000,
    );
    return { issuer, certificate, privateKey: privateKey.export({ type: "pkcs8", format: "pem" }) as string };
  }) as IdentityProvider;
  try {
    createPrivateKey(stored.privateKey);
  } catch {
    throw new InputError({
      what: `The stored key of the local identity provider ${issuer} cannot be used.`,
      where: `${state.path}/${file}`,
      next: "Delete the file; a new key is made at the next start.",
    });
  }
  return stored;
}

/** Characters that XML 1.0 cannot carry at all are left out. */
function escape(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&apos;",
  };
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "")
    .replace(/[&<>"']/g, (character) => names[character] ?? "")
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
