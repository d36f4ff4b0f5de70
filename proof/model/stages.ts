import type { Resource } from "../terraform/resource";
import type { ByApi } from "./by-api";
import type { Reading } from "./reading";
import type { MethodSettings, Stage } from "./types";

/** The stages of an API: stage resources, and deployments that still name a stage themselves. */
export function buildStages(reading: Reading, byApi: ByApi, api: Resource, apiId: string): Stage[] {
  const settings = byApi("aws_api_gateway_method_settings", apiId);
  const own = byApi("aws_api_gateway_stage", apiId);
  const old = byApi("aws_api_gateway_deployment", apiId).filter((one) => one.configured("stage_name") !== undefined);
  const stages = [...own, ...old].flatMap((resource) => buildStage(reading, resource, settings) ?? []);
  const names = new Set<string>();
  for (const stage of stages) {
    if (names.has(stage.name)) reading.report(`stage "${stage.name}" exists twice`, stage.source);
    names.add(stage.name);
  }
  if (stages.length === 0) {
    reading.report(`${api.address} has no stage: nothing of it can be called`, reading.source(api), "warning");
  }
  return stages;
}

function buildStage(reading: Reading, resource: Resource, settings: readonly Resource[]): Stage | undefined {
  const name = reading.text(resource, "stage_name");
  if (name === undefined) return undefined;
  const [log] = reading.blocks(resource, "access_log_settings", "warning");
  const format = log === undefined ? undefined : reading.text(log, "format", "warning");
  if (reading.blocks(resource, "canary_settings").length > 0) {
    reading.report(
      `${resource.address} sends part of its requests to a canary deployment, which is left out`,
      reading.source(resource, "canary_settings"),
      "warning",
    );
  }
  const own = settings.filter((one) => reading.text(one, "stage_name") === name);
  return {
    name,
    variables: reading.textMap(resource, "variables") ?? {},
    ...(format === undefined ? {} : { accessLogFormat: format }),
    ...(own.length === 0 ? {} : { methodSettings: own.map((one) => methodSettings(reading, one)) }),
    source: reading.source(resource),
  };
}

/** `orders/{id}/GET`, where a path may be written with `~1` for `/`, or `*` and `/*` for all. */
function methodSettings(reading: Reading, resource: Resource): MethodSettings {
  const methodPath = (reading.text(resource, "method_path") ?? "*/*").replaceAll("~1", "/");
  const cut = methodPath.lastIndexOf("/");
  const [block] = reading.blocks(resource, "settings");
  const rate = block === undefined ? undefined : reading.number(block, "throttling_rate_limit");
  const burst = block === undefined ? undefined : reading.number(block, "throttling_burst_limit");
  return {
    method: methodPath.slice(cut + 1),
    path: methodPath.slice(0, Math.max(cut, 0)).replace(/^\//, ""),
    // -1 switches the limit off.
    ...(rate === undefined || rate < 0 ? {} : { throttlingRateLimit: rate }),
    ...(burst === undefined || burst < 0 ? {} : { throttlingBurstLimit: burst }),
  };
}
