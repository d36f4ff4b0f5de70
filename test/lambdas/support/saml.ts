import { SignedXml } from "xml-crypto";
import type { KeyAndCertificate } from "./certificate";

export const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
export const ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const ASSERTION = "/*[local-name(.)='Assertion']";

export interface AssertionParts {
  id: string;
  version: string;
  issuer: string;
  nameId: string;
  method: string;
  recipient: string;
  /** Seconds from now. */
  notBefore: number;
  /** Seconds from now, of Conditions. */
  notOnOrAfter: number;
  /** Seconds from now, of SubjectConfirmationData. */
  confirmedUntil: number;
  audience: string;
  /** XML put in Conditions beside the audience. */
  moreConditions: string;
  /** XML of the authentication statement. */
  authnStatement: string;
  scopes: string[];
  /** XML put at the assertion's end. */
  more: string;
}

export const PARTS: AssertionParts = {
  id: "_a1",
  version: "2.0",
  issuer: "https://idp.example/metadata",
  nameId: "alice@example.com",
  method: "urn:oasis:names:tc:SAML:2.0:cm:bearer",
  recipient: "https://api.example/saml",
  notBefore: -5,
  notOnOrAfter: 300,
  confirmedUntil: 300,
  audience: "https://api.example",
  moreConditions: "",
  authnStatement: "",
  scopes: ["documents/read"],
  more: "",
};

/** The environment of an authorizer that expects PARTS, except for its source of trust. */
export const SAML_ENVIRONMENT = {
  SAML_ISSUER: PARTS.issuer,
  SAML_AUDIENCE: PARTS.audience,
  SAML_RECIPIENT: PARTS.recipient,
  ROUTES: JSON.stringify([
    { verb: "GET", path: "/documents/*", scopes: ["documents/read"] },
    { verb: "POST", path: "/documents", scopes: ["documents/write"] },
  ]),
};

export const time = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

/** An unsigned SAML 2.0 assertion. */
export function assertion(changes: Partial<AssertionParts> = {}): string {
  const p = { ...PARTS, ...changes };
  const values = p.scopes.map((scope) => `<saml:AttributeValue>${scope}</saml:AttributeValue>`).join("");
  return (
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${p.id}" Version="${p.version}" ` +
    `IssueInstant="${time(0)}"><saml:Issuer>${p.issuer}</saml:Issuer><saml:Subject>` +
    `<saml:NameID>${p.nameId}</saml:NameID><saml:SubjectConfirmation Method="${p.method}">` +
    `<saml:SubjectConfirmationData Recipient="${p.recipient}" NotOnOrAfter="${time(p.confirmedUntil)}"/>` +
    `</saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${time(p.notBefore)}" NotOnOrAfter="${time(p.notOnOrAfter)}">` +
    `<saml:AudienceRestriction><saml:Audience>${p.audience}</saml:Audience></saml:AudienceRestriction>` +
    `${p.moreConditions}</saml:Conditions>${p.authnStatement}<saml:AttributeStatement>` +
    `<saml:Attribute Name="scopes">${values}</saml:Attribute>` +
    `<saml:Attribute Name="tenant"><saml:AttributeValue>acme</saml:AttributeValue></saml:Attribute>` +
    `</saml:AttributeStatement>${p.more}</saml:Assertion>`
  );
}

export interface SigningParts {
  signatureAlgorithm: string;
  digestAlgorithm: string;
  canonicalizationAlgorithm: string;
  transforms: string[];
  /** What each reference covers. */
  xpaths: string[];
  /** Puts the signer's own certificate into KeyInfo. */
  keyInfo: boolean;
  emptyUri: boolean;
}

/** Signs as an identity provider does: enveloped, over the assertion's ID, right after the issuer. */
export function signXml(xml: string, key: KeyAndCertificate, changes: Partial<SigningParts> = {}): string {
  const p: SigningParts = {
    signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256",
    canonicalizationAlgorithm: EXCLUSIVE,
    transforms: [ENVELOPED, EXCLUSIVE],
    xpaths: [ASSERTION],
    keyInfo: true,
    emptyUri: false,
    ...changes,
  };
  const signer = new SignedXml({
    privateKey: key.privateKeyPem,
    publicCert: key.certificatePem,
    signatureAlgorithm: p.signatureAlgorithm as "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalizationAlgorithm: p.canonicalizationAlgorithm as typeof EXCLUSIVE,
    ...(p.keyInfo ? {} : { getKeyInfoContent: () => null }),
  });
  if (p.signatureAlgorithm.includes("hmac")) signer.enableHMAC();
  for (const xpath of p.xpaths) {
    signer.addReference({
      xpath,
      transforms: p.transforms as [typeof EXCLUSIVE],
      digestAlgorithm: p.digestAlgorithm as "http://www.w3.org/2001/04/xmlenc#sha256",
      ...(p.emptyUri ? { uri: "", isEmptyUri: true } : {}),
    });
  }
  signer.computeSignature(xml, {
    prefix: "ds",
    location: { reference: `${ASSERTION}/*[local-name(.)='Issuer']`, action: "after" },
  });
  return signer.getSignedXml();
}

export const bearer = (xml: string): string => `Bearer ${Buffer.from(xml).toString("base64url")}`;

/** The Signature element of a signed document, as text. */
export function signatureOf(xml: string): string {
  const found = /<ds:Signature[ >][^]*<\/ds:Signature>/.exec(xml)?.[0];
  if (found === undefined) throw new Error("This document has no signature.");
  return found;
}

let count = 0;
/** A signed assertion under an ID of its own. */
export const signedAssertion = (key: KeyAndCertificate, changes: Partial<AssertionParts> = {}): string =>
  signXml(assertion({ id: `_genuine${(count += 1)}`, ...changes }), key);
