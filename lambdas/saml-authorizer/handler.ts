import type { APIGatewayTokenAuthorizerEvent } from "aws-lambda";
import { authorizer, BadCredentials } from "../shared/authorizer";
import {
  EnvironmentError,
  httpsUrl,
  optional,
  readEnvironment,
  required,
  text,
  withDefault,
} from "../shared/environment";
import { fetchText } from "../shared/fetch-text";
import { refreshed, type Refreshed } from "../shared/refreshed";
import { routes } from "../shared/routes";
import { bearerAssertion } from "./bearer-assertion";
import { certificates, certificatesOfMetadata } from "./certificates";
import { seenAssertions } from "./replay";
import { subjectOf } from "./rules";
import { signedAssertion } from "./signature";
import { XmlError, type XmlElement } from "./xml";

const settings = readEnvironment(process.env, {
  SAML_ISSUER: required(text),
  SAML_AUDIENCE: required(text),
  SAML_RECIPIENT: required(text),
  SAML_CERTIFICATES: optional(certificates),
  SAML_METADATA_URL: optional(httpsUrl),
  SAML_SCOPES_ATTRIBUTE: withDefault(text, "scopes"),
  SAML_TENANT_ATTRIBUTE: withDefault(text, "tenant"),
  ROUTES: required(routes),
});
const expected = {
  issuer: settings.SAML_ISSUER,
  audience: settings.SAML_AUDIENCE,
  recipient: settings.SAML_RECIPIENT,
};
const trusted = trustedCertificates();
const seen = seenAssertions();

/** Admits holders of a SAML 2.0 bearer assertion to the routes that the scopes in its attributes grant. */
export const handler = authorizer(settings.ROUTES, async (event: APIGatewayTokenAuthorizerEvent) => {
  const now = Date.now() / 1000;
  const xml = bearerAssertion(event.authorizationToken);
  const assertion = (await verified(xml, false)) ?? (await verified(xml, true));
  if (assertion === undefined) throw new BadCredentials("signature is by no trusted key");
  const subject = refusing(() => subjectOf(assertion, expected, now));
  if (seen.isReplay(subject.id, event.authorizationToken, subject.expires, now)) {
    throw new BadCredentials("assertion came in another text before");
  }
  const scopes = subject.attributes.get(settings.SAML_SCOPES_ATTRIBUTE) ?? [];
  const [tenant] = subject.attributes.get(settings.SAML_TENANT_ATTRIBUTE) ?? [];
  return {
    principalId: subject.name,
    client: undefined,
    scopes,
    expires: subject.expires,
    context: { subject: subject.name, scopes: scopes.join(" "), issuer: expected.issuer, tenant },
  };
});

async function verified(xml: string, afterMismatch: boolean): Promise<XmlElement | undefined> {
  const keys = await trusted({ afterMismatch });
  return refusing(() => signedAssertion(xml, keys));
}

/** What is wrong with the caller's document is the caller's fault. */
function refusing<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof XmlError) throw new BadCredentials(error.message);
    throw error;
  }
}

function trustedCertificates(): Refreshed<readonly string[]> {
  const { SAML_CERTIFICATES: fixed, SAML_METADATA_URL: url } = settings;
  if (fixed !== undefined && url === undefined) return async () => fixed;
  if (fixed === undefined && url !== undefined) {
    return refreshed(async () => certificatesOfMetadata(await fetchText(url), expected.issuer, Date.now()), {
      maximumAgeMs: 60 * 60 * 1000,
      afterMismatchMs: 60 * 1000,
    });
  }
  throw new EnvironmentError(["Exactly one of SAML_CERTIFICATES and SAML_METADATA_URL must be set."]);
}
