/** How far an analysis goes before it says `undecided`. */
export interface Budget {
  /** States of a product of patterns that are looked at for one route. Default 20,000. */
  readonly states: number;
  /** Classes of callers of one API. Default 20,000. */
  readonly callers: number;
  /** Positions and circumstances of one class of callers at one path. Default 4,096. */
  readonly positions: number;
  /** Classes of requests at one path: of callers with those of positions and circumstances. Default 100,000. */
  readonly requests: number;
}

export const DEFAULT_BUDGET: Budget = { states: 20_000, callers: 20_000, positions: 4_096, requests: 100_000 };

/** Thrown where an exact answer would take more than the budget; the message says what explodes. */
export class StateBudgetExceeded extends Error {}
