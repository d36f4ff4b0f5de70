import { X509Certificate } from "node:crypto";
import type { Parse } from "../shared/environment";
import { attribute, children, DSIG, isElement, METADATA, only, parseXml, textOf, tree, XmlError } from "./xml";

/** RSA keys below this are not relied on any more (NIST SP 800-131A). */
const MINIMUM_BITS = 2048;

/** The `SAML_CERTIFICATES` variable: certificates in PEM, or their base64 alone separated by commas. */
export const certificates: Parse<readonly string[]> = (text) => {
  const pem = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  return (pem ?? text.split(",")).map(trusted);
};

/**
 * The certificates that an identity provider's metadata gives for signing.
 *
 * A certificate's own dates and issuer are not looked at: it is trusted because it stands here (SAML V2.0 Metadata
 * Interoperability Profile, section 2.6.1).
 *
 * @param issuer The entity whose metadata it must be.
 * @param now Milliseconds since the epoch.
 * @throws Error where there is none, or the metadata is another entity's or has expired.
 */
export function certificatesOfMetadata(xml: string, issuer: string, now: number): readonly string[] {
  const root = parseXml(xml);
  if (!isElement(root, METADATA, "EntityDescriptor")) throw new XmlError("metadata is not an EntityDescriptor");
  if (attribute(root, "entityID") !== issuer) throw new XmlError("metadata is another entity's");
  const validUntil = attribute(root, "validUntil");
  if (validUntil !== undefined && !(Date.parse(validUntil) > now)) throw new XmlError("metadata has expired");
  const found = children(only(root, METADATA, "IDPSSODescriptor"), METADATA, "KeyDescriptor")
    .filter((key) => (attribute(key, "use") ?? "signing") === "signing")
    .flatMap(tree)
    .filter((element) => isElement(element, DSIG, "X509Certificate"))
    .map((element) => trusted(textOf(element)));
  if (found.length === 0) throw new XmlError("metadata has no certificate for signing");
  return found;
}

/** @returns PEM. @throws Error whose message completes "SAML_CERTIFICATES …". */
function trusted(text: string): string {
  const base64 = text.replace(/-----(BEGIN|END) CERTIFICATE-----|\s/g, "");
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(Buffer.from(base64, "base64"));
  } catch {
    throw new Error("holds something that is not an X.509 certificate.");
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType !== "rsa" || (asymmetricKeyDetails?.modulusLength ?? 0) < MINIMUM_BITS) {
    throw new Error(`holds a certificate whose key is not RSA of at least ${MINIMUM_BITS} bits.`);
  }
  return certificate.toString();
}
