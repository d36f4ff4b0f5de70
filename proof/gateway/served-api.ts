import type { Api, Model, Route, Stage } from "../model/types";
import { compileAccessLogs } from "./access-log";
import { binaryMatcher } from "./binary";
import type { GatewayResponses } from "./gateway-responses";
import { compileGatewayResponses } from "./gateway-responses";
import type { Integrate } from "./integrate";
import { compileIntegration } from "./integration";
import type { RequestValidator } from "./request-validation";
import { compileRequestValidator } from "./request-validation";
import { Usage } from "./usage";
import type { Template } from "./variables";

/** One API with all that can be worked out before the first request. */
export interface ServedApi {
  readonly api: Api;
  readonly stages: ReadonlyMap<string, Stage>;
  readonly responses: GatewayResponses;
  readonly isBinary: (mediaType: string | undefined) => boolean;
  readonly usage: Usage;
  readonly integrations: ReadonlyMap<Route, Integrate>;
  readonly validators: ReadonlyMap<Route, RequestValidator>;
  /** Stage to the format of its access log. */
  readonly accessLogs: ReadonlyMap<string, Template>;
}

/** @throws InputError where a model of a request validator cannot be enforced */
export function prepareApi(api: Api, model: Pick<Model, "usagePlans" | "apiKeys"> = {}): ServedApi {
  return {
    api,
    stages: new Map(api.stages.map((stage) => [stage.name, stage])),
    responses: compileGatewayResponses(api.gatewayResponses),
    isBinary: binaryMatcher(api.binaryMediaTypes),
    usage: new Usage(api, model),
    integrations: new Map(api.routes.map((route) => [route, compileIntegration(route)])),
    validators: new Map(
      api.routes.flatMap((route) => {
        const validator = compileRequestValidator(route);
        return validator === undefined ? [] : [[route, validator] as const];
      }),
    ),
    accessLogs: compileAccessLogs(api.stages),
  };
}
