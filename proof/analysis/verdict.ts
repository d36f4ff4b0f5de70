import type { Decision } from "../decision/types";

export type Outcome = "allow" | "deny" | "undecided";

/** What one configuration answers to all requests of one class. */
export interface Verdict {
  readonly outcome: Outcome;
  /** 200 where the request reaches its integration, null where it is undecided. */
  readonly status: number | null;
  /** Why it is undecided. */
  readonly doubt?: string;
  /** Equal for equal conditions that are open, where it is undecided. */
  readonly fingerprint?: string;
  /** Absent where the configuration has no such API. */
  readonly decision?: Decision | undefined;
}
