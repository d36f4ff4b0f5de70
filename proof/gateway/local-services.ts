import { cognitoEndpoints } from "../local/cognito";
import { createCredentialRegistry } from "../local/credentials";
import { LocalIssuers } from "../local/issuer";
import { oidcEndpoint, redirects } from "../local/oidc";
import { OidcClients } from "../local/oidc-clients";
import type * as SamlModule from "../local/saml-idp";
import { samlTrusts } from "../local/saml-idp-trust";
import { secretsEndpoint } from "../local/secrets";
import { SecretStore } from "../local/secrets-store";
import type { StateFolder } from "../local/state";
import { stsEndpoint } from "../local/sts";
import type { Model } from "../model/types";
import type { LocalServices } from "./backend";

export interface LocalServicesOptions {
  readonly model: Model;
  readonly state: StateFolder;
  /** Path of the callers file. */
  readonly callersFile?: string | undefined;
  /** `http://127.0.0.1:9300` */
  readonly origin: string;
  /** Told why a local endpoint refused a request. */
  readonly onRefusal?: (because: string) => void;
}

/**
 * The parts of AWS and of identity providers that stand behind the gateway, for one model.
 * @throws InputError with every problem of the callers file
 */
export function localServices(options: LocalServicesOptions): LocalServices {
  const { model, state, callersFile, origin, onRefusal = () => undefined } = options;
  const registry = createCredentialRegistry({ model, state, ...(callersFile === undefined ? {} : { callersFile }) });
  const issuers = new LocalIssuers(state);
  const pools = new Set(model.userPools.map((pool) => pool.issuer));
  const roles = new Map(model.roles.map((role) => [role.arn, role]));
  return {
    endpoints: (invoke) => [
      oidcEndpoint(model, issuers, new OidcClients(state)),
      stsEndpoint(registry, model, { onRefusal }),
      secretsEndpoint(registry, new SecretStore(model, state), { onRefusal }),
      ...cognitoEndpoints({ model, issuers, state, invoke, administrators: registry, onRefusal }),
      ...(samlTrusts(model).length === 0 ? [] : [loadSaml().samlEndpoint(model, state)]),
    ],
    redirects: redirects(model, origin),
    ports: {
      findCredential: (accessKeyId, sessionToken) => registry.find(accessKeyId, sessionToken),
      // A pool of another configuration has no keys here, so its tokens cannot be verified.
      jwks: (issuer) => (pools.has(issuer) ? issuers.of(issuer).jwks() : undefined),
    },
    credentialsOf: (roleArn) => {
      const role = roles.get(roleArn);
      if (role === undefined) return undefined;
      const session = { role, sessionName: "function", durationSeconds: role.maxSessionSeconds };
      return registry.mintRoleSession(session);
    },
  };
}

/** Its XML libraries are loaded only where a function trusts a SAML identity provider. */
function loadSaml(): typeof SamlModule {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("../local/saml-idp") as typeof SamlModule;
}
