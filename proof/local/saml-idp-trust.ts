import { createHash } from "node:crypto";
import type { Model } from "../model/types";

/** A SAML identity provider that a function trusts, read from its environment. */
export interface SamlTrust {
  /** Entity id of the identity provider. */
  readonly issuer: string;
  readonly audience?: string;
  readonly recipient?: string;
  /** Where the function reads the provider's certificates. */
  readonly metadataUrl?: string;
  /** Name of the attribute that holds the scopes. */
  readonly scopesAttribute: string;
  /** Address of the function that trusts it. */
  readonly functionAddress: string;
}

/**
 * Variables whose name ends in `SAML_ISSUER`, with those of the same prefix that end in `SAML_AUDIENCE`,
 * `SAML_RECIPIENT`, `SAML_METADATA_URL` and `SAML_SCOPES_ATTRIBUTE` (`scopes` where absent).
 */
export function samlTrusts(model: Pick<Model, "functions">): readonly SamlTrust[] {
  return model.functions.flatMap(({ environment, address }) =>
    Object.keys(environment).flatMap((name): SamlTrust[] => {
      const issuer = environment[name];
      if (!name.endsWith("SAML_ISSUER") || issuer === undefined || issuer === "") return [];
      const prefix = name.slice(0, -"ISSUER".length);
      const [audience, recipient, metadataUrl] = ["AUDIENCE", "RECIPIENT", "METADATA_URL"].map(
        (end) => environment[prefix + end],
      );
      return [
        {
          issuer,
          ...(audience === undefined ? {} : { audience }),
          ...(recipient === undefined ? {} : { recipient }),
          ...(metadataUrl?.startsWith("https://") === true ? { metadataUrl } : {}),
          scopesAttribute: environment[`${prefix}SCOPES_ATTRIBUTE`] ?? "scopes",
          functionAddress: address,
        },
      ];
    }),
  );
}

/** Entity ids are any URI, so the path holds a digest of it. */
export function samlMetadataPath(issuer: string): string {
  return `/.portcullis/saml/${createHash("sha256").update(issuer).digest("hex").slice(0, 16)}/metadata.xml`;
}
