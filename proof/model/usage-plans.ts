import type { Block } from "../terraform/block";
import type { Resource } from "../terraform/resource";
import type { Reading } from "./reading";
import type { ApiKey, Throttle, UsagePlan, UsagePlanStage } from "./types";

export function buildApiKeys(reading: Reading): ApiKey[] {
  return reading.resources("aws_api_gateway_api_key").map((resource) => ({
    address: reading.address(resource),
    id: reading.text(resource, "id") ?? "",
    name: reading.text(resource, "name") ?? resource.name,
    value: reading.text(resource, "value") ?? "",
    enabled: reading.flag(resource, "enabled") ?? true,
    source: reading.source(resource),
  }));
}

export function buildUsagePlans(reading: Reading): UsagePlan[] {
  const keys = reading.resources("aws_api_gateway_usage_plan_key");
  return reading.resources("aws_api_gateway_usage_plan").map((resource) => {
    const id = reading.text(resource, "id") ?? "";
    const [throttle] = reading.blocks(resource, "throttle_settings");
    const quota = quotaOf(reading, resource);
    return {
      address: reading.address(resource),
      id,
      name: reading.text(resource, "name") ?? resource.name,
      stages: reading.blocks(resource, "api_stages").flatMap((block) => stageOf(reading, block) ?? []),
      ...(throttle === undefined ? {} : { throttle: throttleOf(reading, throttle) }),
      ...(quota === undefined ? {} : { quota }),
      apiKeyIds: keys
        .filter((key) => reading.text(key, "usage_plan_id") === id)
        .flatMap((key) => reading.text(key, "key_id") ?? []),
      source: reading.source(resource),
    };
  });
}

function stageOf(reading: Reading, block: Block): UsagePlanStage | undefined {
  const apiId = reading.text(block, "api_id");
  const stage = reading.text(block, "stage");
  if (apiId === undefined || stage === undefined) return undefined;
  const throttle = reading
    .blocks(block, "throttle")
    .map((one) => [reading.text(one, "path") ?? "", throttleOf(reading, one)] as const);
  return { apiId, stage, throttle: Object.fromEntries(throttle) };
}

function throttleOf(reading: Reading, block: Block): Throttle {
  const rate = reading.number(block, "rate_limit");
  const burst = reading.number(block, "burst_limit");
  return { ...(rate === undefined ? {} : { rateLimit: rate }), ...(burst === undefined ? {} : { burstLimit: burst }) };
}

function quotaOf(reading: Reading, plan: Resource): UsagePlan["quota"] {
  const [block] = reading.blocks(plan, "quota_settings");
  if (block === undefined) return undefined;
  const limit = reading.number(block, "limit");
  const period = reading.text(block, "period");
  if (limit === undefined || (period !== "DAY" && period !== "WEEK" && period !== "MONTH")) {
    reading.report(
      `${plan.address}.quota_settings needs a limit and a period of DAY, WEEK or MONTH`,
      reading.source(plan, "quota_settings"),
    );
    return undefined;
  }
  return { limit, offset: reading.number(block, "offset") ?? 0, period };
}
