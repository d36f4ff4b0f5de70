import { randomBytes } from "node:crypto";
import type { StateFolder } from "./state";

/** Where the secrets stand, in the state folder. */
export const OIDC_CLIENTS_FILE = "oidc-clients.json";

/** Issuer, then client id, to the secret. */
type Secrets = Record<string, Record<string, string>>;

/**
 * The local secrets of OIDC issuers' machine clients. The configuration of an API holds none, so each client gets one of
 * its own when it is first asked for; a person copies it into the client's configuration.
 */
export class OidcClients {
  readonly #state: StateFolder;

  constructor(state: StateFolder) {
    this.#state = state;
  }

  /** Makes the secrets that are not there yet, so that they can be read before the first request. */
  prepare(issuer: string, clientIds: readonly string[]): void {
    const stored = this.#read();
    const known = stored[issuer] ?? {};
    const missing = clientIds.filter((id) => !Object.hasOwn(known, id));
    if (missing.length === 0) return;
    const made = missing.map((id) => [id, randomBytes(32).toString("base64url")] as const);
    this.#state.write(OIDC_CLIENTS_FILE, { ...stored, [issuer]: { ...known, ...Object.fromEntries(made) } });
  }

  /** The secret of a client; undefined for one that the issuer does not have. */
  secretOf(issuer: string, clientId: string): string | undefined {
    const known = this.#read()[issuer] ?? {};
    return Object.hasOwn(known, clientId) ? known[clientId] : undefined;
  }

  #read(): Secrets {
    const stored = this.#state.read(OIDC_CLIENTS_FILE);
    return typeof stored === "object" && stored !== null ? (stored as Secrets) : {};
  }
}
