import type { UsagePlan } from "../model/types";

export type Quota = NonNullable<UsagePlan["quota"]>;

/**
 * Counts the requests of one key in one plan. The offset is taken off the first period only (API reference of
 * QuotaSettings). Periods begin at midnight UTC: a day, a week from Sunday, a month from its first day; when AWS begins
 * a week is UNCONFIRMED.
 */
export class QuotaCounter {
  readonly #quota: Quota;
  #period: number;
  #left: number;

  /** @param now milliseconds since the epoch */
  constructor(quota: Quota, now: number) {
    this.#quota = quota;
    this.#period = periodStart(quota.period, now);
    this.#left = quota.limit - quota.offset;
  }

  /** Whether one more request may pass now; it then counts. */
  take(now: number): boolean {
    const period = periodStart(this.#quota.period, now);
    if (period !== this.#period) {
      this.#period = period;
      this.#left = this.#quota.limit;
    }
    if (this.#left <= 0) return false;
    this.#left -= 1;
    return true;
  }
}

const dayMs = 24 * 60 * 60 * 1000;

function periodStart(period: Quota["period"], now: number): number {
  const at = new Date(now);
  if (period === "MONTH") return Date.UTC(at.getUTCFullYear(), at.getUTCMonth());
  const day = Math.floor(now / dayMs) * dayMs;
  return period === "DAY" ? day : day - at.getUTCDay() * dayMs;
}
