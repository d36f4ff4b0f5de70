import type { Source } from "./source";

export interface MethodSettings {
  /** A verb or `*`. */
  readonly method: string;
  /** The resource path without its leading slash, or `*`. */
  readonly path: string;
  /** Requests a second; absent where the account's limit holds. */
  readonly throttlingRateLimit?: number;
  readonly throttlingBurstLimit?: number;
}

export interface UsagePlan {
  readonly address: string;
  readonly id: string;
  readonly name: string;
  readonly stages: readonly UsagePlanStage[];
  readonly throttle?: Throttle;
  readonly quota?: { readonly limit: number; readonly offset: number; readonly period: "DAY" | "WEEK" | "MONTH" };
  /** Ids of the keys that belong to the plan. */
  readonly apiKeyIds: readonly string[];
  readonly source: Source;
}

export interface UsagePlanStage {
  readonly apiId: string;
  readonly stage: string;
  /** Limits of single methods, keyed `/path/GET`. */
  readonly throttle: Readonly<Record<string, Throttle>>;
}

export interface Throttle {
  /** Requests a second. */
  readonly rateLimit?: number;
  readonly burstLimit?: number;
}

export interface ApiKey {
  readonly address: string;
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly enabled: boolean;
  readonly source: Source;
}
