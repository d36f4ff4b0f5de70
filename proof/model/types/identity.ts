import type { Source } from "./source";

export interface UserPool {
  readonly address: string;
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  /** `https://cognito-idp.<region>.amazonaws.com/<id>` */
  readonly issuer: string;
  readonly clients: readonly UserPoolClient[];
  /** Full scopes, `identifier/scope`. */
  readonly scopes: readonly string[];
  readonly groups: readonly string[];
  readonly domain?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** All attributes of the resource as resolved, for the local Cognito endpoints. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly source: Source;
}

export interface UserPoolClient {
  readonly address: string;
  readonly clientId: string;
  readonly name: string;
  readonly generateSecret: boolean;
  readonly allowedOAuthFlows: readonly string[];
  readonly allowedOAuthScopes: readonly string[];
  readonly callbackUrls: readonly string[];
  readonly explicitAuthFlows: readonly string[];
  /** Seconds. */
  readonly accessTokenSeconds: number;
  /** Seconds. */
  readonly idTokenSeconds: number;
  /** Seconds. */
  readonly refreshTokenSeconds: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly source: Source;
}

/**
 * An OpenID Connect issuer that a function trusts, read from its environment: a variable whose name ends in
 * `ISSUER` and holds an `https://` URL, with the variables of the same prefix that end in `AUDIENCE`
 * (comma-separated), `CLIENT_ID` and `JWKS_URI`. The local issuer signs for it; the JSON stays as it is.
 */
export interface OidcIssuer {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly clientIds: readonly string[];
  readonly jwksUri?: string;
  /** Address of the function that trusts it. */
  readonly functionAddress: string;
  readonly source: Source;
}
