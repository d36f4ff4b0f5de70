import { BadCredentials } from "../shared/authorizer";

/** API Gateway takes 10,240 bytes of headers in all. Checked before anything is parsed. */
const MAXIMUM_CHARACTERS = 10_240;

/**
 * The XML of an `Authorization: Bearer …` header that holds a SAML assertion in base64url (RFC 7522) or base64.
 *
 * One assertion has one such text: base64 that another decoder would read differently is refused. So are comments,
 * CDATA sections and processing instructions: an assertion needs none, and each has served to hide text from one of two
 * readers (CVE-2017-11427 and its kin: a comment inside a NameID).
 *
 * @throws BadCredentials
 */
export function bearerAssertion(authorization: string): string {
  if (authorization.length > MAXIMUM_CHARACTERS) throw new BadCredentials("assertion is too long");
  const text = /^Bearer ([A-Za-z0-9+/_-]+={0,2})$/.exec(authorization)?.[1];
  if (text === undefined) throw new BadCredentials("header is not Bearer and base64");
  const bytes = Buffer.from(text, "base64");
  const forms = [bytes.toString("base64"), bytes.toString("base64url")];
  if (!forms.includes(text) && !forms.includes(text.replace(/=+$/, "")))
    throw new BadCredentials("base64 is not strict");
  let xml: string;
  try {
    xml = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new BadCredentials("assertion is not UTF-8");
  }
  if (/<!|<\?/.test(xml.replace(/^<\?xml [^?<>]*\?>/, ""))) {
    throw new BadCredentials("assertion has a document type, comment, CDATA section or processing instruction");
  }
  return xml;
}
