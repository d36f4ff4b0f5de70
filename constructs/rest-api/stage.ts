import { ApiGatewayMethodSettings } from "@cdktf/provider-aws/lib/api-gateway-method-settings";
import type { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { logGroup, type LogSettings } from "../encryption/log-group";
import { routeName, type Route, type Throttle } from "../routes/route";
import { accessLogFormat, accessLogName } from "./access-log";
import type { Release } from "./deployment";

export interface StageProps {
  readonly api: ApiGatewayRestApi;
  readonly apiName: string;
  readonly release: Release;
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly log: LogSettings;
  readonly throttle: Throttle;
  readonly routes: readonly Route[];
}

/** The stage: what of the API is live, how fast it may be called, and what is written down about each call. */
export class Stage extends Construct {
  readonly stage: ApiGatewayStage;

  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id);
    const { provider } = props.log;
    const log = logGroup(this, "access-log", accessLogName(props.apiName), props.log);
    // API Gateway would make this one itself: unencrypted, and kept for ever.
    const executionLogName = `API-Gateway-Execution-Logs_${props.api.id}/${props.name}`;
    const executionLog = logGroup(this, "execution-log", executionLogName, props.log);
    const { release } = props;
    this.stage = new ApiGatewayStage(this, "stage", {
      provider,
      restApiId: props.api.id,
      deploymentId: release.live.id,
      stageName: props.name,
      variables: { ...props.variables },
      accessLogSettings: { destinationArn: log.arn, format: accessLogFormat() },
      xrayTracingEnabled: true,
      dependsOn: [executionLog],
      ...(release.canary === undefined
        ? {}
        : { canarySettings: { deploymentId: release.canary.deployment.id, percentTraffic: release.canary.percent } }),
    });
    this.addSettings(props);
  }

  private addSettings(props: StageProps): void {
    const { provider } = props.log;
    const add = (name: string, methodPath: string, throttle: Throttle, after: ITerraformDependable[]) =>
      new ApiGatewayMethodSettings(this, name, {
        provider,
        restApiId: props.api.id,
        stageName: this.stage.stageName,
        methodPath,
        settings: {
          metricsEnabled: true,
          loggingLevel: "ERROR",
          // Traces would hold bodies and tokens.
          dataTraceEnabled: false,
          throttlingRateLimit: throttle.requestsPerSecond,
          throttlingBurstLimit: throttle.burst,
        },
        dependsOn: after,
      });
    // One after the other: settings of a stage written side by side overwrite each other
    // (https://github.com/hashicorp/terraform-provider-aws/issues/41104).
    let last = add("settings", "*/*", props.throttle, []);
    for (const route of props.routes) {
      if (route.throttle === undefined) continue;
      const methodPath = `${route.path.slice(1)}/${route.verb}`;
      last = add(`settings of ${routeName(route)}`, methodPath, route.throttle, [last]);
    }
  }
}
