import type { Resource } from "../terraform/resource";
import type { Reading } from "./reading";
import type { GatewayResponse } from "./types";

export function buildGatewayResponses(reading: Reading, resources: readonly Resource[]): GatewayResponse[] {
  return resources.flatMap((resource): GatewayResponse[] => {
    const responseType = reading.text(resource, "response_type");
    if (responseType === undefined) return [];
    const statusCode = reading.text(resource, "status_code");
    return [
      {
        responseType,
        ...(statusCode === undefined ? {} : { statusCode }),
        responseParameters: reading.textMap(resource, "response_parameters") ?? {},
        responseTemplates: reading.textMap(resource, "response_templates") ?? {},
        source: reading.source(resource),
      },
    ];
  });
}
