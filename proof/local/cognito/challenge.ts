import type { UserPool, UserPoolClient } from "../../model/types";
import type { Step } from "./sign-in";
import { ShortLived } from "./short-lived";
import type { SrpExchange } from "./srp";

/** Where a sign-in by the API stands between two calls. */
export interface ChallengeSession {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  readonly sub: string;
  readonly step: Exclude<Step, "DONE"> | "PASSWORD_VERIFIER";
  readonly srp?: SrpExchange;
  /** A TOTP secret that was handed out in this session. */
  readonly secret?: string;
  /** Whether the user has shown a code of it. */
  readonly registered?: boolean;
  /** How many answers were wrong. */
  readonly tries?: number;
}

const MOST_TRIES = 3;

/** Sessions are good once, and for three minutes unless the client sets `auth_session_validity`. */
export class ChallengeSessions {
  readonly #byMinutes = new Map<number, ShortLived<ChallengeSession>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  put(session: ChallengeSession, handle?: string): string {
    const minutes = Number(session.client.settings["auth_session_validity"] ?? 3) || 3;
    let store = this.#byMinutes.get(minutes);
    if (store === undefined) {
      store = new ShortLived(minutes * 60_000, this.#now);
      this.#byMinutes.set(minutes, store);
    }
    return store.put(session, handle);
  }

  take(handle: string): ChallengeSession | undefined {
    for (const store of this.#byMinutes.values()) {
      const session = store.take(handle);
      if (session !== undefined) return session;
    }
    return undefined;
  }

  /** Lets a session be answered again after a wrong code or a password too weak, a few times. */
  putBack(handle: string, session: ChallengeSession): void {
    const tries = (session.tries ?? 0) + 1;
    if (tries < MOST_TRIES) this.put({ ...session, tries }, handle);
  }
}
