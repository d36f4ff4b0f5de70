import { InputError } from "../errors";
import type { Model, UserPool, UserPoolClient } from "../model/types";
import { samlTrusts } from "./saml-idp-trust";
import type { SamlTrust } from "./saml-idp-trust";

/**
 * Who a token can be made for: an app client of a user pool, a client of an OIDC issuer that a function trusts, or the
 * holder of an assertion of a SAML identity provider that a function trusts.
 */
export type TokenClient =
  | { readonly kind: "user-pool"; readonly pool: UserPool; readonly client: UserPoolClient }
  | {
      readonly kind: "oidc";
      readonly issuer: string;
      readonly audiences: readonly string[];
      readonly clientId: string;
    }
  | { readonly kind: "saml"; readonly trust: SamlTrust };

/**
 * The client of that AWS name, client id or Terraform address; or, for an OIDC issuer, of that issuer URL, audience
 * or client id; or, for a SAML identity provider, of that entity id or recipient. Throws `InputError` with the known ones where there is none, and with the candidates where there are
 * several.
 */
export function findTokenClient(model: Model, name: string): TokenClient {
  const found = model.userPools.flatMap((pool) =>
    pool.clients
      .filter(
        (client) => [client.name, client.clientId, client.address].includes(name) || endsWith(client.address, name),
      )
      .map((client): TokenClient => ({ kind: "user-pool", pool, client })),
  );
  const clients = found.length > 0 ? found : [...oidcClients(model, name), ...samlHolders(model, name)];
  const [only] = clients;
  if (only !== undefined && clients.length === 1) return only;
  if (only !== undefined) {
    throw new InputError({
      what: `'${name}' fits ${clients.length} clients: ${clients.map(label).join(", ")}.`,
      next: "Name it by its client id or its Terraform address with the stack in front.",
    });
  }
  const known = knownTokenClients(model);
  throw new InputError({
    what: `There is no client '${name}'.`,
    next:
      known.length === 0
        ? "The directory holds no user pool client, and no function in it trusts an OIDC or SAML issuer."
        : `The known ones are: ${known.join(", ")}.`,
  });
}

/** Names that `findTokenClient` takes, one per client. */
export function knownTokenClients(model: Model): readonly string[] {
  const pools = model.userPools.flatMap((pool) => pool.clients.map((client) => client.name));
  const issuers = externalIssuers(model).flatMap(({ issuer, audiences }) => [issuer, ...audiences]);
  return [...new Set([...pools, ...issuers, ...samlTrusts(model).map(({ issuer }) => issuer)])];
}

/** The client of an OIDC issuer where no function names one. */
const LOCAL_CLIENT = "local-client";

/** OIDC issuers with what all the functions that trust them ask for, without the model's own user pools. */
export function externalIssuers(model: Model): readonly {
  issuer: string;
  audiences: readonly string[];
  clientIds: readonly string[];
  jwksUris: readonly string[];
}[] {
  // The convention that finds OIDC issuers, a variable that ends in ISSUER, finds those of SAML as well.
  const others = new Set([...model.userPools, ...samlTrusts(model)].map(({ issuer }) => issuer));
  const urls = [...new Set(model.oidcIssuers.map(({ issuer }) => issuer))].filter((url) => !others.has(url));
  return urls.map((issuer) => {
    const trusts = model.oidcIssuers.filter((trust) => trust.issuer === issuer);
    const clientIds = [...new Set(trusts.flatMap((trust) => trust.clientIds))];
    return {
      issuer,
      audiences: [...new Set(trusts.flatMap((trust) => trust.audiences))],
      clientIds: clientIds.length === 0 ? [LOCAL_CLIENT] : clientIds,
      jwksUris: [...new Set(trusts.flatMap(({ jwksUri }) => (jwksUri === undefined ? [] : [jwksUri])))],
    };
  });
}

function oidcClients(model: Model, name: string): TokenClient[] {
  return externalIssuers(model).flatMap(({ issuer, audiences, clientIds }): TokenClient[] => {
    const anyClient = clientIds[0] ?? LOCAL_CLIENT;
    if (name === issuer || `${name}/` === issuer || name === `${issuer}/`) {
      return [{ kind: "oidc", issuer, audiences, clientId: anyClient }];
    }
    if (audiences.includes(name)) return [{ kind: "oidc", issuer, audiences: [name], clientId: anyClient }];
    return clientIds.includes(name) ? [{ kind: "oidc", issuer, audiences, clientId: name }] : [];
  });
}

function samlHolders(model: Model, name: string): TokenClient[] {
  const trusts = samlTrusts(model).filter(({ issuer, recipient }) => name === issuer || name === recipient);
  // Functions that ask for the same assertion are one.
  const distinct = new Map(trusts.map((trust) => [`${trust.issuer}\n${trust.audience}\n${trust.recipient}`, trust]));
  return [...distinct.values()].map((trust) => ({ kind: "saml", trust }));
}

/** `aws_cognito_user_pool_client.browser` for `identity/aws_cognito_user_pool_client.browser`. */
function endsWith(address: string, name: string): boolean {
  return name.includes(".") && address.endsWith(`/${name}`);
}

function label(client: TokenClient): string {
  if (client.kind === "user-pool") return `${client.client.address} (${client.client.clientId})`;
  return client.kind === "oidc"
    ? `${client.clientId} of ${client.issuer}`
    : `recipient ${client.trust.recipient ?? "(none)"} of ${client.trust.issuer}`;
}
