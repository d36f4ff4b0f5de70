/** Tokens of a client at one moment. */
import { LocalIssuers } from "../../proof/local/issuer";
import { findTokenClient } from "../../proof/local/issuer-clients";
import type { TokenClient } from "../../proof/local/issuer-clients";
import { mintToken } from "../../proof/local/issuer-mint";
import type { MintOptions } from "../../proof/local/issuer-mint";
import type { TokenRequest } from "../../proof/local/issuer-request";
import type { Model } from "../../proof/model/types";
import { decode, model, temporaryState } from "./issuer-fixture";

export const NOW = Date.UTC(2026, 4, 1, 12, 0, 0, 500);
export const SECOND = Math.floor(NOW / 1000);
export const issuers = new LocalIssuers(temporaryState().state);

/** A client that is none of SAML's. */
export function find(of: Model, name: string): Exclude<TokenClient, { kind: "saml" }> {
  const found = findTokenClient(of, name);
  if (found.kind === "saml") throw new Error(`${name} is a SAML issuer`);
  return found;
}

export async function mint(
  name: string,
  over: Partial<TokenRequest> = {},
  of = model(),
  options: MintOptions = {},
): Promise<Record<string, unknown>> {
  const request: TokenRequest = { scopes: [], groups: [], claims: {}, now: NOW, ...over };
  const { token, claims } = await mintToken(issuers, find(of, name), request, options);
  expect(decode(token).claims).toEqual(claims);
  return decode(token).claims;
}
