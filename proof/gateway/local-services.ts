import { discoveryEndpoint } from "../local/cognito/discovery";
import { messageBox } from "../local/cognito/messages";
import type { CognitoContext } from "../local/cognito/pool-data";
import { createCredentialRegistry } from "../local/credentials";
import { LocalIssuers } from "../local/issuer";
import { oidcEndpoint, redirects } from "../local/oidc";
import type { StateFolder } from "../local/state";
import type { Model } from "../model/types";
import type { LocalServices } from "./backend";

export interface LocalServicesOptions {
  readonly model: Model;
  readonly state: StateFolder;
  /** Path of the callers file. */
  readonly callersFile?: string | undefined;
  /** `http://127.0.0.1:9300` */
  readonly origin: string;
}

/**
 * The parts of AWS and of identity providers that stand behind the gateway, for one model.
 * @throws InputError with every problem of the callers file
 */
export function localServices({ model, state, callersFile, origin }: LocalServicesOptions): LocalServices {
  const registry = createCredentialRegistry({ model, state, ...(callersFile === undefined ? {} : { callersFile }) });
  const issuers = new LocalIssuers(state);
  const pools = new Set(model.userPools.map((pool) => pool.issuer));
  const cognito: CognitoContext = { model, issuers, state, now: Date.now, deliver: messageBox(state) };
  const roles = new Map(model.roles.map((role) => [role.arn, role]));
  return {
    endpoints: [oidcEndpoint(model, issuers), discoveryEndpoint(cognito)],
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
