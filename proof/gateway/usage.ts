import type { Denial, TraceStep } from "../decision/types";
import { headerValues } from "../decision/wire";
import type { Api, ApiKey, Model, Source, UsagePlan, UsagePlanStage } from "../model/types";
import type { Exchange } from "./exchange";
import { QuotaCounter } from "./quota";
import type { Rate } from "./token-bucket";
import { TokenBucket } from "./token-bucket";

/** What the checks between authorization and integration came to. */
export type Check =
  | { readonly outcome: "pass"; readonly apiKey?: ApiKey }
  | { readonly outcome: "refuse"; readonly denial: Denial; readonly step: TraceStep };

const passed: Check = { outcome: "pass" };

interface Membership {
  readonly plan: UsagePlan;
  readonly stage: UsagePlanStage;
}

/**
 * API keys, usage plans and throttles of one API (docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html).
 * Limits are applied in AWS's order: of the key in its plan, first for the method, then for the stage's method. The
 * account's own limits are not applied. Counts begin anew with the process.
 */
export class Usage {
  readonly #api: Api;
  /** Keys by value. */
  readonly #keys: ReadonlyMap<string, ApiKey>;
  /** `stage key-id` to the plan the key has for that stage. */
  readonly #memberships: ReadonlyMap<string, Membership>;
  /** `stage VERB /path` to the throttle of the stage's settings. */
  readonly #stageRates: ReadonlyMap<string, Rate>;
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #quotas = new Map<string, QuotaCounter>();
  readonly #active: boolean;

  constructor(api: Api, model: Pick<Model, "usagePlans" | "apiKeys">) {
    this.#api = api;
    this.#keys = new Map((model.apiKeys ?? []).filter(({ value }) => value !== "").map((key) => [key.value, key]));
    this.#memberships = memberships(api, model.usagePlans ?? []);
    this.#stageRates = stageRates(api);
    this.#active = this.#stageRates.size > 0 || api.routes.some(({ apiKeyRequired }) => apiKeyRequired);
  }

  /** Whether one admitted request may pass now; it then counts. */
  check(exchange: Exchange): Check {
    const { route, stage } = exchange.decision;
    if (!this.#active || route === undefined || stage === undefined) return passed;
    const now = exchange.startedAt;
    let apiKey: ApiKey | undefined;
    if (route.apiKeyRequired) {
      const found = this.#find(exchange, stage.name);
      if (!("key" in found)) return found.refusal;
      apiKey = found.key;
      const limited = this.#limited(found.key, found.membership, exchange, now);
      if (limited !== undefined) return limited;
    }
    const rate = this.#stageRates.get(`${stage.name} ${route.method} ${route.path}`);
    if (rate !== undefined && !this.#take(`${stage.name} ${route.method} ${route.path}`, rate, now)) {
      return throttled(`Stage ${stage.name} admits ${words(rate)} for ${route.method} ${route.path}.`, stage.source);
    }
    return apiKey === undefined ? passed : { outcome: "pass", apiKey };
  }

  #find(exchange: Exchange, stage: string): { key: ApiKey; membership: Membership } | { refusal: Check } {
    const fromAuthorizer = this.#api.apiKeySource === "AUTHORIZER";
    const value = fromAuthorizer
      ? exchange.decision.authorization.usageIdentifierKey
      : headerValues(exchange.request, "x-api-key").at(-1);
    const source = exchange.decision.route?.source ?? this.#api.source;
    if (value === undefined || value === "") {
      const next = fromAuthorizer
        ? "The authorizer returned no usageIdentifierKey, from which this API takes its keys."
        : "Send the value of a key in the header x-api-key.";
      return { refusal: invalidKey("missing", `The method needs an API key. ${next}`, source) };
    }
    const key = this.#keys.get(value);
    if (key === undefined) return { refusal: invalidKey("unknown", "No API key has the value that was sent.", source) };
    if (!key.enabled) return { refusal: invalidKey("disabled", `The API key ${key.name} is disabled.`, key.source) };
    const membership = this.#memberships.get(`${stage} ${key.id}`);
    if (membership === undefined) {
      const because = `The API key ${key.name} is in no usage plan that covers stage ${stage} of this API. Add an aws_api_gateway_usage_plan_key.`;
      return { refusal: invalidKey("no plan", because, key.source) };
    }
    return { key, membership };
  }

  #limited(key: ApiKey, { plan, stage }: Membership, { decision }: Exchange, now: number): Check | undefined {
    const method = `${decision.route?.path ?? ""}/${decision.route?.method ?? ""}`;
    const ofMethod = stage.throttle[method];
    const rate = ofMethod ?? plan.throttle;
    const bucket = `${plan.id} ${key.id}${ofMethod === undefined ? "" : ` ${stage.stage} ${method}`}`;
    if (rate !== undefined && !this.#take(bucket, rate, now)) {
      return throttled(`Usage plan ${plan.name} admits ${words(rate)} for the API key ${key.name}.`, plan.source);
    }
    if (plan.quota === undefined) return undefined;
    const { limit, period } = plan.quota;
    let counter = this.#quotas.get(`${plan.id} ${key.id}`);
    if (counter === undefined) {
      counter = new QuotaCounter(plan.quota, now);
      this.#quotas.set(`${plan.id} ${key.id}`, counter);
    }
    if (counter.take(now)) return undefined;
    return {
      outcome: "refuse",
      denial: {
        responseType: "QUOTA_EXCEEDED",
        status: 429,
        errorType: "LimitExceededException",
        message: "Limit Exceeded",
        messageKey: "message",
      },
      step: {
        step: "api-key",
        result: "deny",
        because: `Usage plan ${plan.name} admits ${limit} requests a ${period.toLowerCase()} for the API key ${key.name}, and they are used up.`,
        source: plan.source,
      },
    };
  }

  #take(name: string, rate: Rate, now: number): boolean {
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      bucket = new TokenBucket(rate, now);
      this.#buckets.set(name, bucket);
    }
    return bucket.take(now);
  }
}

function memberships(api: Api, plans: readonly UsagePlan[]): ReadonlyMap<string, Membership> {
  const found = new Map<string, Membership>();
  for (const plan of plans) {
    for (const stage of plan.stages) {
      if (stage.apiId !== api.id) continue;
      for (const keyId of plan.apiKeyIds) found.set(`${stage.stage} ${keyId}`, { plan, stage });
    }
  }
  return found;
}

/** `stage VERB /path` of the methods that a throttle of the stage shuts, as nothing is admitted there. */
export function shutRoutes(api: Api): ReadonlySet<string> {
  return new Set([...stageRates(api)].flatMap(([name, rate]) => (new TokenBucket(rate, 0).take(0) ? [] : [name])));
}

/** The most specific settings win: `path/VERB` before `*` + `/*`. A negative limit is none. */
function stageRates(api: Api): ReadonlyMap<string, Rate> {
  const rates = new Map<string, Rate>();
  for (const { name, methodSettings = [] } of api.stages) {
    for (const route of api.routes) {
      const path = route.path.replace(/^\//, "");
      const settings =
        methodSettings.find((each) => each.method === route.method && each.path.replace(/^\//, "") === path) ??
        methodSettings.find((each) => each.method === "*" && each.path === "*");
      const { throttlingRateLimit: rateLimit = -1, throttlingBurstLimit: burstLimit = -1 } = settings ?? {};
      if (rateLimit < 0 && burstLimit < 0) continue;
      rates.set(`${name} ${route.method} ${route.path}`, {
        ...(rateLimit < 0 ? {} : { rateLimit }),
        ...(burstLimit < 0 ? {} : { burstLimit }),
      });
    }
  }
  return rates;
}

/** Body and error type as observed; the same answer for every reason, so that keys cannot be probed. */
function invalidKey(result: string, because: string, source: Source): Check {
  return {
    outcome: "refuse",
    denial: {
      responseType: "INVALID_API_KEY",
      status: 403,
      errorType: "ForbiddenException",
      message: "Forbidden",
      messageKey: "message",
    },
    step: { step: "api-key", result, because, source },
  };
}

function throttled(because: string, source: Source): Check {
  return {
    outcome: "refuse",
    denial: {
      responseType: "THROTTLED",
      status: 429,
      errorType: "TooManyRequestsException",
      message: "Too Many Requests",
      messageKey: "message",
    },
    step: { step: "api-key", result: "throttled", because: `${because} Send fewer, or raise the limit.`, source },
  };
}

function words({ rateLimit, burstLimit }: Rate): string {
  const rate = rateLimit === undefined ? [] : [`${rateLimit} requests a second`];
  return [...rate, ...(burstLimit === undefined ? [] : [`${burstLimit} at once`])].join(" and ");
}
