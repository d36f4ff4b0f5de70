import type { Construct } from "constructs";
import type { Environment } from "../environments/schema";
import { ApiStack, type ApiStackProps } from "./api-stack";

/** The regional REST API with all its access controls. */
export class PublicApiStack extends ApiStack {
  constructor(scope: Construct, environment: Environment, props: ApiStackProps) {
    super(scope, environment, "public", props, {
      endpoint: { type: "REGIONAL" },
      network: { kind: "anywhere-but", ranges: environment.deniedRanges },
      disableDefaultEndpoint: environment.domain !== undefined,
      canary: environment.canary,
    });
  }
}
