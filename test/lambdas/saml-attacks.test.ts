import { createPublicKey } from "node:crypto";
import { selfSigned } from "./support/certificate";
import { type Container, startContainer } from "./support/container";
import { tokenEvent } from "./support/events";
import {
  type AssertionParts,
  assertion,
  bearer,
  ENVELOPED,
  EXCLUSIVE,
  SAML_ENVIRONMENT,
  signatureOf,
  signedAssertion,
  signXml,
  time,
} from "./support/saml";

const idp = selfSigned("idp");
const attacker = selfSigned("attacker");

let container: Container;
beforeAll(async () => {
  container = await startContainer("saml-authorizer", { ...SAML_ENVIRONMENT, SAML_CERTIFICATES: idp.certificatePem });
});
afterAll(() => container.stop());

/** The reason that the log gives and the caller never sees; the output may come a moment after its answer. */
async function reasonSince(position: number): Promise<string | undefined> {
  for (let tries = 0; tries < 200; tries += 1) {
    const reason = /"reason":"([^"]*)"/.exec(container.logs().slice(position))?.[1];
    if (reason !== undefined) return reason;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return undefined;
}

const genuine = (changes: Partial<AssertionParts> = {}) => signedAssertion(idp, changes);
const forged = () => assertion({ id: "_forged", nameId: "root@example.com", scopes: ["documents/write"] });

describe("the SAML authorizer under attack", () => {
  const replace = (from: string | RegExp, to: string) => () => {
    const original = genuine();
    const changed = original.replace(from, to);
    if (changed === original) throw new Error(`Nothing to replace: ${String(from)}`);
    return bearer(changed);
  };
  const hmacOverPublicKey = () => {
    const pem = createPublicKey(idp.privateKey).export({ type: "spki", format: "pem" }).toString();
    const key = { ...idp, privateKeyPem: pem };
    return bearer(signXml(assertion(), key, { signatureAlgorithm: "http://www.w3.org/2000/09/xmldsig#hmac-sha1" }));
  };
  const sha1 = (part: "signatureAlgorithm" | "digestAlgorithm", name: string) => () =>
    bearer(signXml(assertion(), idp, { [part]: `http://www.w3.org/2000/09/xmldsig#${name}` }));

  it.each<[string, string, () => string]>([
    // Changed, unsigned, or signed by another.
    [
      "with another subject written in",
      "signature is by no trusted key",
      replace("alice@example.com", "admin@example.com"),
    ],
    ["with a scope written in", "signature is by no trusted key", replace("documents/read", "documents/write")],
    [
      "with its expiry moved",
      "signature is by no trusted key",
      replace(/NotOnOrAfter="[^"]*"/, `NotOnOrAfter="${time(900)}"`),
    ],
    ["with its signature stripped", "Signature is there 0 times", replace(/<ds:Signature[^]*<\/ds:Signature>/, "")],
    ["never signed", "Signature is there 0 times", () => bearer(assertion())],
    [
      "with an empty signature value",
      "signature is by no trusted key",
      replace(/<ds:SignatureValue>[^<]*/, "<ds:SignatureValue>"),
    ],
    [
      "signed by an attacker whose certificate is in KeyInfo",
      "signature is by no trusted key",
      () => bearer(signXml(assertion(), attacker)),
    ],
    [
      "signed by an attacker under the provider's certificate in KeyInfo",
      "signature is by no trusted key",
      () => bearer(signXml(assertion(), { ...attacker, certificatePem: idp.certificatePem })),
    ],
    // Signature wrapping.
    [
      "wrapped: the genuine one in the forged one's Signature as an Object",
      "Assertion is there 2 times",
      () => {
        const signed = genuine();
        const signature = signatureOf(signed).replace(
          "</ds:Signature>",
          `<ds:Object>${signed}</ds:Object></ds:Signature>`,
        );
        return bearer(forged().replace("<saml:Subject>", `${signature}<saml:Subject>`));
      },
    ],
    [
      "wrapped: the genuine one in the forged one's Advice",
      "Assertion is there 2 times",
      () => {
        const signed = genuine();
        const advice = `<saml:Advice>${signed}</saml:Advice>`;
        return bearer(forged().replace("<saml:AttributeStatement>", `${advice}<saml:AttributeStatement>`));
      },
    ],
    [
      "wrapped: the genuine one's signature on the forged one, the genuine one at its end",
      "Assertion is there 2 times",
      () => {
        const signed = genuine();
        const signature = signatureOf(signed);
        const bare = signed.replace(signature, "");
        return bearer(
          forged()
            .replace("<saml:Subject>", `${signature}<saml:Subject>`)
            .replace(/<\/saml:Assertion>$/, `${bare}$&`),
        );
      },
    ],
    [
      "wrapped: the forged one inside the genuine one's extension point",
      "Assertion is there 2 times",
      () => bearer(genuine().replace("</saml:AttributeStatement>", `</saml:AttributeStatement>${forged()}`)),
    ],
    [
      "wrapped: both under the same ID",
      "Assertion is there 2 times",
      () => {
        const signed = genuine({ id: "_same" });
        return bearer(forged().replace("_forged", "_same").replace("<saml:Subject>", `${signed}<saml:Subject>`));
      },
    ],
    [
      "beside another in one Response",
      "root is not an Assertion",
      () => bearer(`<Response>${forged()}${genuine()}</Response>`),
    ],
    ["in a Response", "root is not an Assertion", () => bearer(`<Response>${genuine()}</Response>`)],
    ["after another root", "XML is not well formed", () => bearer(`${forged()}${genuine()}`)],
    [
      "with its signature moved below the subject",
      "Signature is not there exactly once",
      () => {
        const signed = genuine();
        const signature = signatureOf(signed);
        return bearer(signed.replace(signature, "").replace("</saml:Subject>", `${signature}</saml:Subject>`));
      },
    ],
    ["with two signatures", "Signature is there 2 times", replace(/<ds:Signature[^]*<\/ds:Signature>/, "$&$&")],
    ["with two SignedInfo", "SignedInfo is there 2 times", replace(/<ds:SignedInfo>[^]*<\/ds:SignedInfo>/, "$&$&")],
    ["without a digest", "Signature cannot be read", replace(/<ds:DigestValue>[^]*<\/ds:DigestValue>/, "")],
    [
      "with a SignedInfo hidden in KeyInfo",
      "SignedInfo is there 2 times",
      replace(/<ds:KeyInfo>/, "$&<ds:SignedInfo><ds:SignatureMethod/></ds:SignedInfo>"),
    ],
    // References and transforms.
    [
      "whose signature covers the subject alone",
      "reference is not to the assertion",
      () =>
        bearer(
          signXml(assertion().replace("<saml:Subject>", '<saml:Subject ID="_subject">'), idp, {
            xpaths: ["//*[local-name(.)='Subject']"],
          }),
        ),
    ],
    [
      "whose signature has two references",
      "SignedInfo has other parts",
      () =>
        bearer(
          signXml(assertion().replace("<saml:Subject>", '<saml:Subject ID="_subject">'), idp, {
            xpaths: ["/*[local-name(.)='Assertion']", "//*[local-name(.)='Subject']"],
          }),
        ),
    ],
    [
      "whose reference has an empty URI",
      "reference is not to the assertion",
      () => bearer(signXml(assertion(), idp, { emptyUri: true })),
    ],
    [
      "canonicalized with comments",
      "transforms are not admitted",
      () => bearer(signXml(assertion(), idp, { transforms: [ENVELOPED, `${EXCLUSIVE}WithComments`] })),
    ],
    [
      "canonicalized inclusively",
      "canonicalization is not admitted",
      () =>
        bearer(
          signXml(assertion(), idp, { canonicalizationAlgorithm: "http://www.w3.org/TR/2001/REC-xml-c14n-20010315" }),
        ),
    ],
    // Algorithms.
    ["signed with RSA-SHA1", "signature algorithm is not admitted", sha1("signatureAlgorithm", "rsa-sha1")],
    ["digested with SHA-1", "digest is not admitted", sha1("digestAlgorithm", "sha1")],
    ["signed by HMAC with the public key as the secret", "signature algorithm is not admitted", hmacOverPublicKey],
    // XML.
    [
      "with a document type",
      "assertion has a document type, comment, CDATA section or processing instruction",
      () => bearer(`<!DOCTYPE saml:Assertion [<!ENTITY e "x">]>${genuine()}`),
    ],
    [
      "with a comment in its NameID",
      "assertion has a document type, comment, CDATA section or processing instruction",
      replace("alice@example.com", "alice@example.com<!---->.evil.example"),
    ],
    [
      "signed over a NameID with a comment",
      "assertion has a document type, comment, CDATA section or processing instruction",
      () => bearer(genuine({ nameId: "admin@example.com<!-- -->.evil.example" })),
    ],
    [
      "with a comment in its digest",
      "assertion has a document type, comment, CDATA section or processing instruction",
      replace(/<ds:DigestValue>/, "$&<!--x-->"),
    ],
    [
      "with a CDATA section",
      "assertion has a document type, comment, CDATA section or processing instruction",
      replace("alice@example.com", "<![CDATA[alice@example.com]]>"),
    ],
    [
      "with a processing instruction",
      "assertion has a document type, comment, CDATA section or processing instruction",
      replace("<saml:Subject>", "<?x y?><saml:Subject>"),
    ],
    ["whose end tag is missing", "signature is by no trusted key", replace("</saml:Subject>", "")],
    ["with an attribute twice", "XML is not well formed", replace('Version="2.0"', 'Version="2.0" Version="2.0"')],
    ["larger than a header can be", "assertion is too long", () => bearer(genuine({ nameId: "a".repeat(9000) }))],
    // Genuine, but not to be relied on here.
    ["that has expired", "Conditions has expired", () => bearer(genuine({ notOnOrAfter: -1 }))],
    [
      "whose confirmation has expired",
      "SubjectConfirmationData has expired",
      () => bearer(genuine({ confirmedUntil: -1 })),
    ],
    ["not valid yet", "Conditions is not valid yet", () => bearer(genuine({ notBefore: 120 }))],
    [
      "whose session has ended",
      "AuthnStatement has expired",
      () => bearer(genuine({ authnStatement: `<saml:AuthnStatement SessionNotOnOrAfter="${time(-1)}"/>` })),
    ],
    ["of another issuer", "issuer is another", () => bearer(genuine({ issuer: "https://idp.example/metadata/" }))],
    ["for another audience", "audience is another", () => bearer(genuine({ audience: "https://other.example" }))],
    [
      "for this audience and, in a second restriction, another",
      "audience is another",
      () => {
        const more =
          "<saml:AudienceRestriction><saml:Audience>https://b.example</saml:Audience></saml:AudienceRestriction>";
        return bearer(genuine({ moreConditions: more }));
      },
    ],
    [
      "for another recipient",
      "recipient is another",
      () => bearer(genuine({ recipient: "https://other.example/saml" })),
    ],
    [
      "confirmed by holder of key",
      "there is no bearer confirmation",
      () => bearer(genuine({ method: "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key" })),
    ],
    ["for one use", "a condition is not admitted", () => bearer(genuine({ moreConditions: "<saml:OneTimeUse/>" }))],
    [
      "under an unknown condition",
      "a condition is not admitted",
      () => bearer(genuine({ moreConditions: "<saml:Condition/>" })),
    ],
    ["of SAML 1.1", "version is not 2.0", () => bearer(genuine({ version: "1.1" }))],
    ["about nobody", "NameID is not text", () => bearer(genuine({ nameId: "" }))],
    [
      "with a NameID that holds an element",
      "NameID is not text",
      () => bearer(genuine({ nameId: "<a>alice</a>@example.com" })),
    ],
    ["with an ID that is an XPath", "ID is not a name", () => bearer(genuine({ id: "a' or '1'='1" }))],
    // Its wrapping in the header.
    [
      "after a scheme in small letters",
      "header is not Bearer and base64",
      () => bearer(genuine()).replace("Bearer", "bearer"),
    ],
    [
      "in base64 with junk between",
      "header is not Bearer and base64",
      () => bearer(genuine()).replace(/.{40}$/, " $&"),
    ],
    ["in base64 with loose last bits", "base64 is not strict", () => bearer(genuine().padEnd(6001)).replace(/.$/, "B")],
    [
      "in bytes that are not UTF-8",
      "assertion is not UTF-8",
      () => `Bearer ${Buffer.from([0xff, 0xfe, 0x3c]).toString("base64url")}`,
    ],
  ])("answers exactly Unauthorized to an assertion %s: %s", async (_what, reason, authorization) => {
    const logged = container.logs().length;
    expect(await container.invoke(tokenEvent(authorization(), "GET", "/documents/1"))).toEqual({
      error: "Unauthorized",
    });
    expect(await reasonSince(logged)).toBe(reason);
  });
});
