import { own } from "../terraform/json";
import type { Resource } from "../terraform/resource";
import type { Block } from "../terraform/block";
import { groupBy } from "./group-by";
import { ownerOf } from "./owner";
import type { Reading } from "./reading";
import type { UserPool, UserPoolClient } from "./types";

export function buildUserPools(reading: Reading): UserPool[] {
  const clients = byPool(reading, "aws_cognito_user_pool_client");
  const servers = byPool(reading, "aws_cognito_resource_server");
  const groups = byPool(reading, "aws_cognito_user_group");
  const domains = byPool(reading, "aws_cognito_user_pool_domain");
  return reading.resources("aws_cognito_user_pool").map((resource) => {
    const id = reading.text(resource, "id") ?? "";
    const owner = ownerOf(resource);
    const domain = (domains.get(id) ?? []).flatMap((one) => reading.text(one, "domain") ?? [])[0];
    return {
      address: reading.address(resource),
      id,
      arn: reading.text(resource, "arn") ?? "",
      name: reading.text(resource, "name") ?? resource.name,
      accountId: owner.accountId,
      region: owner.region,
      issuer: `https://cognito-idp.${owner.region}.${resource.provider.dnsSuffix}/${id}`,
      clients: (clients.get(id) ?? []).map((client) => buildClient(reading, client)),
      scopes: (servers.get(id) ?? []).flatMap((server) => scopesOf(reading, server)),
      groups: (groups.get(id) ?? []).flatMap((group) => reading.text(group, "name") ?? []),
      ...(domain === undefined ? {} : { domain }),
      tags: reading.tags(resource),
      settings: reading.settings(resource),
      source: reading.source(resource),
    };
  });
}

const byPool = (reading: Reading, type: string): Map<string, Resource[]> =>
  groupBy(reading.resources(type), (resource) => reading.text(resource, "user_pool_id"));

function scopesOf(reading: Reading, server: Resource): string[] {
  const identifier = reading.text(server, "identifier");
  if (identifier === undefined) return [];
  return reading
    .blocks(server, "scope")
    .flatMap((scope) => reading.text(scope, "scope_name") ?? [])
    .map((name) => `${identifier}/${name}`);
}

function buildClient(reading: Reading, resource: Resource): UserPoolClient {
  const [units] = reading.blocks(resource, "token_validity_units");
  const texts = (name: string): string[] => reading.texts(resource, name) ?? [];
  return {
    address: reading.address(resource),
    clientId: reading.text(resource, "id") ?? "",
    name: reading.text(resource, "name") ?? resource.name,
    generateSecret: reading.flag(resource, "generate_secret") ?? false,
    allowedOAuthFlows: texts("allowed_oauth_flows"),
    allowedOAuthScopes: texts("allowed_oauth_scopes"),
    callbackUrls: texts("callback_urls"),
    explicitAuthFlows: texts("explicit_auth_flows"),
    accessTokenSeconds: validity(reading, resource, units, "access_token", "hours", 1),
    idTokenSeconds: validity(reading, resource, units, "id_token", "hours", 1),
    refreshTokenSeconds: validity(reading, resource, units, "refresh_token", "days", 30),
    settings: reading.settings(resource),
    source: reading.source(resource),
  };
}

const secondsOf: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** Cognito's units and values where none are given (API reference, `UserPoolClientType`). */
function validity(
  reading: Reading,
  client: Resource,
  units: Block | undefined,
  token: string,
  unit: string,
  fallback: number,
): number {
  const given = units === undefined ? undefined : reading.text(units, token);
  const value = reading.number(client, `${token}_validity`);
  if (value === undefined || value === 0) return fallback * (secondsOf[unit] ?? 1);
  const seconds = own(secondsOf, given ?? unit);
  if (seconds === undefined)
    reading.report(`"${given ?? unit}" is no unit of time`, reading.source(client, "token_validity_units"));
  return value * (seconds ?? 1);
}
