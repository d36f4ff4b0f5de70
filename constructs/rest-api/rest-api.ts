import { ApiGatewayMethodSettings } from "@cdktf/provider-aws/lib/api-gateway-method-settings";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { ApiGatewayRestApiPolicy } from "@cdktf/provider-aws/lib/api-gateway-rest-api-policy";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import type { NodeFunction } from "../lambda/node-function";
import { refuse } from "../problems";
import { compileResourcePolicy } from "../resource-policy/compile";
import { problemsOfLength } from "../resource-policy/limit";
import type { Protection } from "../routes/protection";
import type { Route, RouteTable } from "../routes/route";
import { routeName } from "../routes/route";
import { accessLogFormat } from "./access-log";
import { Deployment } from "./deployment";
import { ResourceTree } from "./resource-tree";
import { RouteMethod, type MethodAuthorization } from "./route-method";

/** Turns a protection into the method's arguments; makes the API's authorizers when first asked for one. */
export type Authorization = (api: RestApi, protection: Protection) => MethodAuthorization;

export interface RestApiProps {
  readonly provider: AwsProvider;
  readonly name: string;
  readonly description: string;
  readonly region: string;
  readonly partition: string;
  readonly accountId: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly table: RouteTable;
  /** Partner name to account id. */
  readonly partners: Readonly<Record<string, string>>;
  readonly deniedRanges: readonly string[];
  readonly authorization: Authorization;
  readonly handler: (name: string) => NodeFunction;
  readonly throttle: { readonly requestsPerSecond: number; readonly burst: number };
  readonly logRetentionDays: number;
  readonly integrationTimeoutMs: number;
}

/** A REST API with everything its contract says, deployed to one stage. */
export class RestApi extends Construct {
  readonly api: ApiGatewayRestApi;
  readonly stage: ApiGatewayStage;

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    const { provider, table } = props;
    this.api = new ApiGatewayRestApi(this, "rest-api", {
      provider,
      name: props.name,
      description: props.description,
      endpointConfiguration: { types: ["REGIONAL"] },
    });
    const tree = new ResourceTree(this, "paths", this.api, provider);
    for (const route of table.routes) this.addRoute(route, tree, props);
    this.addPolicy(props);
    const { deployment } = new Deployment(this, "deployment", { provider, api: this.api, parts: this });
    const log = new CloudwatchLogGroup(this, "access-log", {
      provider,
      name: `/aws/apigateway/${props.name}/access`,
      retentionInDays: props.logRetentionDays,
    });
    this.stage = new ApiGatewayStage(this, "stage", {
      provider,
      restApiId: this.api.id,
      deploymentId: deployment.id,
      stageName: props.stage,
      variables: { ...props.stageVariables },
      accessLogSettings: { destinationArn: log.arn, format: accessLogFormat() },
      xrayTracingEnabled: true,
    });
    new ApiGatewayMethodSettings(this, "settings", {
      provider,
      restApiId: this.api.id,
      stageName: this.stage.stageName,
      // One entry for all methods: per-path entries need a second apply
      // (https://github.com/hashicorp/terraform-provider-aws/issues/41104).
      methodPath: "*/*",
      settings: {
        metricsEnabled: true,
        loggingLevel: "ERROR",
        // Traces would hold bodies and tokens.
        dataTraceEnabled: false,
        throttlingRateLimit: props.throttle.requestsPerSecond,
        throttlingBurstLimit: props.throttle.burst,
      },
    });
  }

  private addRoute(route: Route, tree: ResourceTree, props: RestApiProps): void {
    new RouteMethod(this, routeName(route), {
      provider: props.provider,
      api: this.api,
      stage: props.stage,
      route,
      resourceId: tree.idOf(route.path),
      authorization: props.authorization(this, route.protection),
      handler: props.handler(route.handler),
      timeoutMs: props.integrationTimeoutMs,
    });
  }

  private addPolicy(props: RestApiProps): void {
    refuse(problemsOfLength(props, props.region, props.name));
    const policy = compileResourcePolicy({ ...props, executionArn: this.api.executionArn });
    if (policy.Statement.length === 0) return;
    new ApiGatewayRestApiPolicy(this, "policy", {
      provider: props.provider,
      restApiId: this.api.id,
      policy: JSON.stringify(policy),
    });
  }
}
