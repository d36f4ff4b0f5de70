import type { UserPool } from "../../model/types";
import type { HttpRequest, LocalEndpoint } from "../http";
import { publicJson } from "../oidc";
import { hostedUiUrl } from "./hosted-url";
import type { CognitoContext } from "./pool-data";

/**
 * `/<pool id>/.well-known/openid-configuration` and `jwks.json`, as `cognito-idp.<region>.amazonaws.com` answers
 * them. The issuer is the real one, as in the tokens; the other URLs are those of this server.
 */
export function discoveryEndpoint(context: CognitoContext): LocalEndpoint {
  const pools = new Map(context.model.userPools.map((pool) => [pool.id, pool]));
  return {
    name: "Cognito discovery",
    handle: async (request) => {
      const [, id, document] =
        /^\/([^/]+)\/\.well-known\/(openid-configuration|jwks\.json)$/.exec(request.rawPath) ?? [];
      const pool = id === undefined ? undefined : pools.get(id);
      if (pool === undefined) return undefined;
      const jwks = document === "jwks.json";
      return publicJson(request, jwks ? context.issuers.of(pool.issuer).jwks() : metadata(context, pool, request));
    },
  };
}

function metadata(context: CognitoContext, pool: UserPool, request: HttpRequest): object {
  const hosted = hostedUiUrl(context.model, pool, request);
  const endpoints =
    hosted === undefined
      ? {}
      : {
          authorization_endpoint: `${hosted}/oauth2/authorize`,
          end_session_endpoint: `${hosted}/logout`,
          revocation_endpoint: `${hosted}/oauth2/revoke`,
          token_endpoint: `${hosted}/oauth2/token`,
          userinfo_endpoint: `${hosted}/oauth2/userInfo`,
        };
  return {
    ...endpoints,
    code_challenge_methods_supported: ["S256"],
    id_token_signing_alg_values_supported: ["RS256"],
    issuer: pool.issuer,
    jwks_uri: `http://${request.host}/${pool.id}/.well-known/jwks.json`,
    response_types_supported: ["code"],
    scopes_supported: ["openid", "email", "phone", "profile"],
    subject_types_supported: ["public"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
  };
}
