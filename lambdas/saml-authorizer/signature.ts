import { SignedXml } from "xml-crypto";
import {
  attribute,
  children,
  DSIG,
  elements,
  isElement,
  only,
  parseXml,
  SAML,
  tree,
  XmlError,
  type XmlElement,
} from "./xml";

const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const SIGNATURE_METHODS = [
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
];
const DIGEST_METHODS = ["http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmlenc#sha512"];

/**
 * The assertion that a trusted key signed: read from the bytes the signature covers, never from the document received,
 * so that nothing an attacker wrapped around it is seen.
 *
 * @param xml One assertion.
 * @param certificates PEM; the signature must be by one of these keys. What KeyInfo says is never looked at.
 * @returns undefined where the signature is by no trusted key.
 * @throws XmlError where the document or its signature has not the one form admitted.
 */
export function signedAssertion(xml: string, certificates: readonly string[]): XmlElement | undefined {
  const { signature, id } = checkForm(parseXml(xml));
  for (const certificate of certificates) {
    const canonical = covered(xml, signature, certificate);
    if (canonical === undefined) continue;
    const assertion = parseXml(canonical);
    if (!isElement(assertion, SAML, "Assertion") || attribute(assertion, "ID") !== id) {
      throw new XmlError("signature covers something else");
    }
    return assertion;
  }
  return undefined;
}

/**
 * The one form admitted: an Assertion, nothing above it, no other Assertion or Signature in it, and in its Signature
 * one reference to its ID, with the transforms and algorithms of the SAML signature profile (SAML core, section 5.4).
 */
function checkForm(root: XmlElement): { signature: XmlElement; id: string } {
  if (!isElement(root, SAML, "Assertion")) throw new XmlError("root is not an Assertion");
  const id = attribute(root, "ID");
  if (id === undefined || !/^[A-Za-z_][\w.-]*$/.test(id)) throw new XmlError("ID is not a name");
  for (const name of ["Assertion", "EncryptedAssertion", "Signature", "SignedInfo", "Object"]) {
    const count = tree(root).filter((element) => element.localName === name).length;
    const expected = name === "Assertion" || name === "Signature" || name === "SignedInfo" ? 1 : 0;
    if (count !== expected) throw new XmlError(`${name} is there ${count} times`);
  }
  const signature = only(root, DSIG, "Signature");
  const parts = elements(signature).map(({ localName }) => localName);
  if (!["SignedInfo,SignatureValue", "SignedInfo,SignatureValue,KeyInfo"].includes(parts.join())) {
    throw new XmlError("Signature has other parts");
  }
  checkSignedInfo(only(signature, DSIG, "SignedInfo"), id);
  return { signature, id };
}

function checkSignedInfo(signedInfo: XmlElement, id: string): void {
  const parts = elements(signedInfo).map(({ localName }) => localName);
  if (parts.join() !== "CanonicalizationMethod,SignatureMethod,Reference")
    throw new XmlError("SignedInfo has other parts");
  const algorithm = (parent: XmlElement, name: string): string | undefined =>
    attribute(only(parent, DSIG, name), "Algorithm");
  if (algorithm(signedInfo, "CanonicalizationMethod") !== EXCLUSIVE)
    throw new XmlError("canonicalization is not admitted");
  if (!SIGNATURE_METHODS.includes(algorithm(signedInfo, "SignatureMethod") ?? "")) {
    throw new XmlError("signature algorithm is not admitted");
  }
  const reference = only(signedInfo, DSIG, "Reference");
  if (attribute(reference, "URI") !== `#${id}`) throw new XmlError("reference is not to the assertion");
  if (!DIGEST_METHODS.includes(algorithm(reference, "DigestMethod") ?? ""))
    throw new XmlError("digest is not admitted");
  const transforms = children(only(reference, DSIG, "Transforms"), DSIG, "Transform");
  if (transforms.map((transform) => attribute(transform, "Algorithm")).join() !== `${ENVELOPED},${EXCLUSIVE}`) {
    throw new XmlError("transforms are not admitted");
  }
}

/** The canonical XML that the signature covers, where it is by the certificate's key. */
function covered(xml: string, signature: XmlElement, certificate: string): string | undefined {
  const verifier = new SignedXml({ publicCert: certificate, getCertFromKeyInfo: () => null });
  // The library still offers SHA-1; what it does not know it cannot be talked into.
  keep(verifier.SignatureAlgorithms, SIGNATURE_METHODS);
  keep(verifier.HashAlgorithms, DIGEST_METHODS);
  keep(verifier.CanonicalizationAlgorithms, [EXCLUSIVE, ENVELOPED]);
  try {
    verifier.loadSignature(signature as unknown as Parameters<SignedXml["loadSignature"]>[0]);
  } catch {
    throw new XmlError("Signature cannot be read");
  }
  try {
    if (!verifier.checkSignature(xml)) return undefined;
  } catch {
    // The library throws where the signature value does not verify, and returns false where the digest does not.
    return undefined;
  }
  const [canonical, ...more] = verifier.getSignedReferences();
  if (canonical === undefined || more.length > 0) throw new XmlError("signature covers not exactly one element");
  return canonical;
}

function keep(algorithms: object, names: readonly string[]): void {
  for (const name of Object.keys(algorithms)) if (!names.includes(name)) Reflect.deleteProperty(algorithms, name);
}
