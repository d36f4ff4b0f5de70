import { attribute, children, elements, only, SAML, textOf, XmlError, type XmlElement } from "./xml";

/** Whom the assertion must come from and be for. */
export interface Expected {
  readonly issuer: string;
  readonly audience: string;
  /** The URL that assertions for this API are addressed to. */
  readonly recipient: string;
}

export interface Subject {
  /** The assertion's ID. */
  readonly id: string;
  readonly name: string;
  /** Seconds since the epoch: the earliest of the assertion's limits. */
  readonly expires: number;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

const BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/** Identity providers' clocks run ahead a little; only a beginning is tolerated early, never an end late. */
const CLOCK_SKEW_SECONDS = 60;

/**
 * What a signed assertion says, where RFC 7522, section 3, and SAML core, section 2.5, let it be relied on: version,
 * issuer, audience, one named subject, a bearer confirmation for this recipient that has not ended, and conditions that
 * are all understood. OneTimeUse is not admitted: API Gateway answers later requests from its cache.
 *
 * @param now Seconds since the epoch.
 * @throws XmlError that names the rule.
 */
export function subjectOf(assertion: XmlElement, expected: Expected, now: number): Subject {
  if (attribute(assertion, "Version") !== "2.0") throw new XmlError("version is not 2.0");
  if (textOf(only(assertion, SAML, "Issuer")) !== expected.issuer) throw new XmlError("issuer is another");
  const subject = only(assertion, SAML, "Subject");
  const ends = [
    conditionsEnd(only(assertion, SAML, "Conditions"), expected.audience, now),
    confirmationEnd(children(subject, SAML, "SubjectConfirmation"), expected.recipient, now),
    ...children(assertion, SAML, "AuthnStatement")
      .filter((statement) => attribute(statement, "SessionNotOnOrAfter") !== undefined)
      .map((statement) => end(statement, "SessionNotOnOrAfter", now)),
  ];
  return {
    id: attribute(assertion, "ID") ?? "",
    name: textOf(only(subject, SAML, "NameID")),
    expires: Math.min(...ends),
    attributes: attributesOf(assertion),
  };
}

function conditionsEnd(conditions: XmlElement, audience: string, now: number): number {
  begins(conditions, now);
  const restrictions = children(conditions, SAML, "AudienceRestriction");
  if (restrictions.length !== elements(conditions).length) throw new XmlError("a condition is not admitted");
  // Several restrictions must all hold (SAML core, 2.5.1.4); none would mean an assertion for everybody.
  const meant = restrictions.every((restriction) =>
    children(restriction, SAML, "Audience").map(textOf).includes(audience),
  );
  if (restrictions.length === 0 || !meant) throw new XmlError("audience is another");
  return end(conditions, "NotOnOrAfter", now);
}

/** One of the confirmations must hold; the reason given is the last one's. */
function confirmationEnd(confirmations: readonly XmlElement[], recipient: string, now: number): number {
  let reason = new XmlError("there is no bearer confirmation");
  for (const confirmation of confirmations) {
    if (attribute(confirmation, "Method") !== BEARER) continue;
    try {
      const data = only(confirmation, SAML, "SubjectConfirmationData");
      if (attribute(data, "Recipient") !== recipient) throw new XmlError("recipient is another");
      begins(data, now);
      return end(data, "NotOnOrAfter", now);
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      reason = error;
    }
  }
  throw reason;
}

function begins(element: XmlElement, now: number): void {
  const from = instant(element, "NotBefore");
  if (from !== undefined && from > now + CLOCK_SKEW_SECONDS)
    throw new XmlError(`${element.localName} is not valid yet`);
}

function end(element: XmlElement, name: string, now: number): number {
  const until = instant(element, name);
  if (until === undefined) throw new XmlError(`${element.localName} has no ${name}`);
  if (until <= now) throw new XmlError(`${element.localName} has expired`);
  return until;
}

/** SAML times are in UTC and say so (SAML core, section 1.3.3). */
function instant(element: XmlElement, name: string): number | undefined {
  const text = attribute(element, name);
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw new XmlError(`${name} is not a time in UTC`);
  return time / 1000;
}

function attributesOf(assertion: XmlElement): Map<string, readonly string[]> {
  const attributes = new Map<string, string[]>();
  for (const statement of children(assertion, SAML, "AttributeStatement")) {
    for (const element of children(statement, SAML, "Attribute")) {
      const name = attribute(element, "Name");
      if (name === undefined) throw new XmlError("Attribute has no Name");
      const values = children(element, SAML, "AttributeValue").map(({ textContent }) => textContent.trim());
      attributes.set(name, [...(attributes.get(name) ?? []), ...values]);
    }
  }
  return attributes;
}
