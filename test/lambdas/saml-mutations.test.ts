import fc from "fast-check";
import { BadCredentials } from "../../lambdas/shared/authorizer";
import { bearerAssertion } from "../../lambdas/saml-authorizer/bearer-assertion";
import { type Subject, subjectOf } from "../../lambdas/saml-authorizer/rules";
import { signedAssertion } from "../../lambdas/saml-authorizer/signature";
import { XmlError } from "../../lambdas/saml-authorizer/xml";
import { selfSigned } from "./support/certificate";
import { assertion, bearer, PARTS, signXml } from "./support/saml";

const idp = selfSigned("idp");
const attacker = selfSigned("attacker");
const genuine = signXml(assertion(), idp);
const forged = signXml(assertion({ nameId: "root@example.com", scopes: ["documents/write"] }), attacker);
const now = Date.now() / 1000;

/** What the authorizer would believe, or undefined where it refuses; any other error is a fault of its own. */
function believed(authorization: string): Omit<Subject, "id"> | undefined {
  try {
    const signed = signedAssertion(bearerAssertion(authorization), [idp.certificatePem]);
    return signed === undefined ? undefined : subjectOf(signed, PARTS, now);
  } catch (error) {
    if (error instanceof XmlError || error instanceof BadCredentials) return undefined;
    throw error;
  }
}

/** A document cut between its tags: what an attacker rearranges. */
const pieces = (xml: string): string[] => xml.split(/(?=<)/);

/** Takes `length` pieces of one document from `from` and puts them into the genuine one in place of `replaced` at `to`. */
const splice = fc.record({
  forged: fc.boolean(),
  from: fc.nat({ max: 60 }),
  length: fc.integer({ min: 0, max: 50 }),
  to: fc.nat({ max: 60 }),
  replaced: fc.integer({ min: 0, max: 20 }),
});

describe("the SAML authorizer, for any rearrangement of a genuine and a forged assertion", () => {
  const truth = believed(bearer(genuine));

  it("believes the genuine one as it is", () => {
    expect(truth).toMatchObject({ name: PARTS.nameId });
    expect(truth?.attributes.get("scopes")).toEqual(PARTS.scopes);
  });

  it("believes nothing but what the provider signed", () => {
    fc.assert(
      fc.property(fc.array(splice, { minLength: 1, maxLength: 3 }), (splices) => {
        const document = pieces(genuine);
        for (const { forged: fromForged, from, length, to, replaced } of splices) {
          document.splice(to, replaced, ...pieces(fromForged ? forged : genuine).slice(from, from + length));
        }
        const subject = believed(bearer(document.join("")));
        if (subject !== undefined) expect(subject).toEqual(truth);
      }),
      { numRuns: 500 },
    );
  });

  it("believes nothing but what the provider signed where single characters change", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: genuine.length - 1 }),
        fc.constantFrom("", "x", "<", ">", '"', "&", "/", " "),
        (at, by) => {
          const subject = believed(bearer(genuine.slice(0, at) + by + genuine.slice(at + 1)));
          if (subject !== undefined) expect(subject).toEqual(truth);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("refuses any other text without a fault of its own", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }).map(bearer)), (text) => {
        expect(believed(text)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});
