import type { APIGatewayTokenAuthorizerEvent } from "aws-lambda";
import { authorizer } from "../shared/authorizer";
import { httpsUrl, list, optional, readEnvironment, required } from "../shared/environment";
import { routes } from "../shared/routes";
import { bearerToken } from "./bearer-token";
import { callerOf } from "./claims";
import { tokenVerifier } from "./verifier";

const { OIDC_ISSUER, OIDC_AUDIENCE, OIDC_JWKS_URI, ROUTES } = readEnvironment(process.env, {
  OIDC_ISSUER: required(httpsUrl),
  OIDC_AUDIENCE: required(list),
  OIDC_JWKS_URI: optional(httpsUrl),
  ROUTES: required(routes),
});

const verify = tokenVerifier({
  issuer: OIDC_ISSUER,
  audiences: OIDC_AUDIENCE,
  jwksUri: OIDC_JWKS_URI ?? `${OIDC_ISSUER.replace(/\/$/, "")}/.well-known/jwks.json`,
});

/** Admits callers of an OAuth 2.0 or OpenID Connect bearer token to the routes its scopes grant. */
export const handler = authorizer(ROUTES, async (event: APIGatewayTokenAuthorizerEvent) =>
  callerOf(await verify(bearerToken(event.authorizationToken))),
);
