import type { Model } from "../model/types";
import type { LocalIssuers } from "./issuer";
import { externalIssuers } from "./issuer-clients";
import type { HttpAnswer, HttpRequest, LocalEndpoint } from "./http";
import { OidcSignIn } from "./oidc-sign-in";
import { oidcTokens } from "./oidc-tokens";
import type { OidcClients } from "./oidc-clients";
import { samlMetadataPath, samlTrusts } from "./saml-idp-trust";

/** Requests to URLs that begin with `from` go to the URL with `to` in its place. */
export interface Redirect {
  readonly from: string;
  readonly to: string;
}

/** No stage can be named like this (stage names have no dot), so nothing here hides a route. */
export const LOCAL_PATH = "/.portcullis";

/**
 * Where the HTTPS requests of functions to issuers go instead, most specific first: the issuers' own discovery and
 * keys, the user pools' hosts, the hosted sign-in domains, and SAML metadata.
 *
 * @param localOrigin e.g. `http://127.0.0.1:3000`, without a slash at the end
 */
export function redirects(model: Model, localOrigin: string): readonly Redirect[] {
  const issuers = externalIssuers(model).flatMap(({ issuer, jwksUris }) => [
    { from: withoutSlash(issuer), to: localOrigin + oidcPath(issuer) },
    ...jwksUris.map((from) => ({ from, to: `${localOrigin}${oidcPath(issuer)}${KEYS}` })),
  ]);
  const pools = model.userPools.flatMap((pool) => [
    { from: pool.issuer, to: `${localOrigin}/${pool.id}` },
    { from: new URL(pool.issuer).origin, to: localOrigin },
    ...(pool.domain === undefined
      ? []
      : [{ from: hostedOrigin(pool.domain, pool.region), to: `${localOrigin}${hostedUiPath(pool.id)}` }]),
  ]);
  const metadata = samlTrusts(model).flatMap(({ issuer, metadataUrl }) =>
    metadataUrl === undefined ? [] : [{ from: metadataUrl, to: localOrigin + samlMetadataPath(issuer) }],
  );
  const all = new Map([...issuers, ...pools, ...metadata].map((redirect) => [redirect.from, redirect]));
  return [...all.values()].sort((a, b) => b.from.length - a.from.length);
}

/** The local path that stands for an issuer's URL: `/.portcullis/oidc/login.example.com/tenant`. */
export function oidcPath(issuer: string): string {
  const { host, pathname } = new URL(issuer);
  return `${LOCAL_PATH}/oidc/${host}${withoutSlash(pathname)}`;
}

/** The local path that stands for a pool's domain; `http://<domain>.localhost:PORT` answers the same. */
export function hostedUiPath(poolId: string): string {
  return `${LOCAL_PATH}/hosted-ui/${poolId}`;
}

/** A domain with a dot is a custom one (`aws_cognito_user_pool_domain.domain`). */
function hostedOrigin(domain: string, region: string): string {
  return domain.includes(".") ? `https://${domain}` : `https://${domain}.auth.${region}.amazoncognito.com`;
}

const KEYS = "/.well-known/jwks.json";
const TOKEN = "/oauth2/token";
const AUTHORIZE = "/oauth2/authorize";
const DISCOVERY = "/.well-known/openid-configuration";

/** Discovery, keys, sign-in page and token endpoint of the OIDC issuers that functions trust. */
export function oidcEndpoint(model: Model, issuers: LocalIssuers, clients: OidcClients): LocalEndpoint {
  const answers = new Map<string, (request: HttpRequest) => HttpAnswer>();
  for (const trusted of externalIssuers(model)) {
    const { issuer, jwksUris } = trusted;
    const path = oidcPath(issuer);
    const signIn = new OidcSignIn(trusted.clientIds, trusted.audiences);
    answers.set(path + AUTHORIZE, (request) => signIn.authorize(request));
    answers.set(path + TOKEN, oidcTokens(trusted, issuers, clients, signIn));
    answers.set(path + KEYS, (request) => publicJson(request, issuers.of(issuer).jwks()));
    answers.set(path + DISCOVERY, (request) =>
      publicJson(request, {
        issuer,
        authorization_endpoint: `http://${request.host}${path}${AUTHORIZE}`,
        token_endpoint: `http://${request.host}${path}${TOKEN}`,
        grant_types_supported: ["authorization_code", "client_credentials"],
        code_challenge_methods_supported: ["S256"],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
        jwks_uri: jwksUris[0] ?? withoutSlash(issuer) + KEYS,
        response_types_supported: ["code"],
        scopes_supported: ["openid"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
      }),
    );
  }
  return {
    name: "OIDC issuers",
    handle: async (request) => answers.get(request.rawPath)?.(request),
  };
}

/** A public document, readable from any web page, as discovery and keys are. */
export function publicJson(request: HttpRequest, value: unknown): HttpAnswer {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { status: 405, headers: [["allow", "GET, HEAD"]], body: "" };
  }
  return {
    status: 200,
    headers: [
      ["content-type", "application/json"],
      ["cache-control", "no-store"],
      ["access-control-allow-origin", "*"],
    ],
    body: request.method === "HEAD" ? "" : JSON.stringify(value),
  };
}

function withoutSlash(url: string): string {
  return url.endsWith("/") ? url.slice(0, -1) : url;
}
