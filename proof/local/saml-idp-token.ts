import { InputError } from "../errors";
import type { InputProblem } from "../errors";
import { DEFAULT_USER } from "./issuer-mint";
import type { MintedToken } from "./issuer-mint";
import type { TokenRequest } from "./issuer-request";
import { mintAssertion } from "./saml-idp";
import type { SamlTrust } from "./saml-idp-trust";
import type { StateFolder } from "./state";

/** Assertions for APIs live for minutes, not hours. */
const DEFAULT_SECONDS = 300;

/**
 * An assertion that the trusting function takes, in base64url as it stands behind `Bearer`. Scopes go into the
 * attribute that the function reads, groups into `groups`, and each further claim into an attribute of its name.
 */
export function samlToken(state: StateFolder, trust: SamlTrust, request: TokenRequest): MintedToken {
  const { issuer, audience, recipient, scopesAttribute } = trust;
  const problems: InputProblem[] = [];
  for (const [name, value] of Object.entries({ SAML_AUDIENCE: audience, SAML_RECIPIENT: recipient })) {
    if (value !== undefined && value !== "") continue;
    problems.push({ what: `No ${name} says whom an assertion of ${issuer} is for.`, where: trust.functionAddress });
  }
  if (request.use !== undefined) {
    problems.push({ what: "An assertion has no use.", where: "--use", next: "Leave it out for a SAML issuer." });
  }
  if (audience === undefined || recipient === undefined || problems.length > 0) throw new InputError(problems);
  const attributes: Record<string, readonly string[]> = {};
  if (request.scopes.length > 0) attributes[scopesAttribute] = request.scopes;
  if (request.groups.length > 0) attributes["groups"] = request.groups;
  for (const [name, value] of Object.entries(request.claims)) {
    attributes[name] = (Array.isArray(value) ? (value as unknown[]) : [value]).map((one) =>
      typeof one === "string" ? one : JSON.stringify(one),
    );
  }
  const claims = { issuer, audience, recipient, subject: request.user ?? DEFAULT_USER, attributes };
  const expiresIn = request.expiresIn ?? DEFAULT_SECONDS;
  const xml = mintAssertion(state, { ...claims, expiresIn, now: request.now });
  return { token: Buffer.from(xml).toString("base64url"), claims };
}
