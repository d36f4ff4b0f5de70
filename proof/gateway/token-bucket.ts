/** Requests a second, and how many at once; an absent limit limits nothing. */
export interface Rate {
  readonly rateLimit?: number;
  readonly burstLimit?: number;
}

/** An account's own limit in most regions, in requests a second; it holds where no other is set. */
const accountRate = 10_000;

/**
 * The token bucket of API Gateway's throttling (docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html):
 * it holds `burstLimit` requests and fills with `rateLimit` a second. Where only a rate is set, a second's worth is the
 * burst; AWS takes the account's burst then.
 */
export class TokenBucket {
  readonly #rate: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  /** @param now milliseconds */
  constructor({ rateLimit = accountRate, burstLimit }: Rate, now: number) {
    this.#rate = rateLimit;
    this.#burst = burstLimit ?? (rateLimit === 0 ? 0 : Math.max(1, rateLimit));
    this.#tokens = this.#burst;
    this.#at = now;
  }

  /** Whether one more request may pass now; it then counts. */
  take(now: number): boolean {
    if (this.#rate === 0) return false;
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#rate);
    this.#at = now;
    if (!(this.#tokens >= 1)) return false;
    this.#tokens -= 1;
    return true;
  }
}
