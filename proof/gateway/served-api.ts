import type { Api, Stage } from "../model/types";
import { binaryMatcher } from "./binary";
import type { GatewayResponses } from "./gateway-responses";
import { compileGatewayResponses } from "./gateway-responses";

/** One API with all that can be worked out before the first request. */
export interface ServedApi {
  readonly api: Api;
  readonly stages: ReadonlyMap<string, Stage>;
  readonly responses: GatewayResponses;
  readonly isBinary: (mediaType: string | undefined) => boolean;
}

export function prepareApi(api: Api): ServedApi {
  return {
    api,
    stages: new Map(api.stages.map((stage) => [stage.name, stage])),
    responses: compileGatewayResponses(api.gatewayResponses),
    isBinary: binaryMatcher(api.binaryMediaTypes),
  };
}
