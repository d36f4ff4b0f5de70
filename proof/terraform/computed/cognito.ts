import { alphanumeric, lowerAlphanumeric, standIn } from "../stand-in";
import { compose, regionalArn, same } from "./table";
import type { AttributeTable } from "./table";
import { Unknown } from "../value";
import type { Value } from "../value";
import type { Resource } from "../resource";

/** `identifier/scope` for each scope of a resource server. */
function scopeIdentifiers(server: Resource): Value {
  const scopes = server.blocks("scope").map((scope) => {
    if (scope instanceof Unknown) return scope;
    return compose(server.attribute("identifier"), "/", scope.configured("scope_name") ?? "");
  });
  return scopes.sort((a, b) => (String(a) < String(b) ? -1 : 1));
}

export const cognito: Readonly<Record<string, AttributeTable>> = {
  aws_cognito_user_pool: {
    // `<region>_` and nine letters and digits, as AWS makes them.
    id: (pool) => `${pool.provider.region}_${standIn(pool.seed, 9, alphanumeric)}`,
    arn: (pool) => regionalArn(pool, "cognito-idp", "userpool/", pool.attribute("id")),
    endpoint: (pool) =>
      compose(`cognito-idp.${pool.provider.region}.${pool.provider.dnsSuffix}/`, pool.attribute("id")),
  },
  aws_cognito_user_pool_client: {
    id: (client) => standIn(client.seed, 26, lowerAlphanumeric),
  },
  aws_cognito_resource_server: {
    id: (server) => compose(server.attribute("user_pool_id"), "|", server.attribute("identifier")),
    scope_identifiers: scopeIdentifiers,
  },
  aws_cognito_user_pool_domain: {
    id: same("domain"),
    cloudfront_distribution: (domain) => `d${standIn(domain.seed, 13, lowerAlphanumeric)}.cloudfront.net`,
  },
  aws_cognito_user_group: {
    id: (group) => compose(group.attribute("user_pool_id"), "/", group.attribute("name")),
  },
  aws_cognito_identity_provider: {
    id: (provider) => compose(provider.attribute("user_pool_id"), ":", provider.attribute("provider_name")),
  },
};
