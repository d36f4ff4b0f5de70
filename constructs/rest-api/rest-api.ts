import { ApiGatewayRestApiPolicy } from "@cdktf/provider-aws/lib/api-gateway-rest-api-policy";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { Construct } from "constructs";
import type { LogSettings } from "../encryption/log-group";
import { HANDLER_TIMEOUT_SECONDS, type Functions } from "../lambda/functions";
import { refuse, type Problem } from "../problems";
import { problemsOfResources, type Quotas } from "../quotas/quotas";
import { compileResourcePolicy, type NetworkRule, type PolicyInput } from "../resource-policy/compile";
import { problemsOfLength } from "../resource-policy/limit";
import { sampleExecutionArn } from "../resource-policy/size";
import { routeName, type Route, type Throttle } from "../routes/route";
import type { RouteTable } from "../routes/route-table";
import { ApiAuthorizers, type Trust } from "./api-authorizers";
import { CorsPreflight, preflightsOf, type Cors } from "./cors-preflight";
import { Deployment, type Canary } from "./deployment";
import { GatewayResponses } from "./gateway-responses";
import { HandlerPermissions } from "./handler-permissions";
import { RequestChecks } from "./request-rules";
import { ResourceTree } from "./resource-tree";
import { RouteMethod } from "./route-method";
import type { SigningSecret } from "./signing-secret";
import { Stage } from "./stage";

export interface RestApiProps {
  readonly name: string;
  readonly description: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly endpoint: { readonly type: "REGIONAL" } | { readonly type: "PRIVATE"; readonly vpcEndpointIds: string[] };
  /** Refuses calls at the name AWS gives, so that a custom domain (and its mutual TLS) cannot be gone around. */
  readonly disableDefaultEndpoint: boolean;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly table: RouteTable;
  /** Partner name to account id. */
  readonly partners: Readonly<Record<string, string>>;
  readonly network: NetworkRule;
  readonly functions: Functions;
  readonly trust: Trust;
  readonly signingSecret: () => SigningSecret;
  readonly cors: Cors | undefined;
  readonly throttle: Throttle;
  readonly log: LogSettings;
  readonly canary: Canary | undefined;
  readonly quotas: Quotas;
}

/** A REST API with everything its contract says, deployed to one stage. */
export class RestApi extends Construct {
  readonly api: ApiGatewayRestApi;
  readonly stage: Stage;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RestApiProps,
  ) {
    super(scope, id);
    const { provider } = props.log;
    const { routes } = props.table;
    this.api = new ApiGatewayRestApi(this, "rest-api", {
      provider,
      name: props.name,
      description: props.description,
      disableExecuteApiEndpoint: props.disableDefaultEndpoint,
      endpointConfiguration:
        props.endpoint.type === "PRIVATE"
          ? { types: ["PRIVATE"], vpcEndpointIds: props.endpoint.vpcEndpointIds }
          : { types: ["REGIONAL"] },
    });
    const preflights = props.cors === undefined ? [] : preflightsOf(routes);
    const policyInput = { ...props, routes: [...routes, ...preflights] };
    refuse(this.problems(policyInput));
    const tree = new ResourceTree(this, "paths", this.api, provider);
    this.addRoutes(tree);
    if (props.cors !== undefined) this.addPreflights(tree, preflights, props.cors);
    new GatewayResponses(this, "errors", { provider, api: this.api, corsOrigin: props.cors?.origin });
    this.addPolicy(policyInput);
    const { release } = new Deployment(this, "deployment", {
      provider,
      api: this.api,
      parts: this,
      canary: props.canary,
    });
    this.stage = new Stage(this, "stage", {
      api: this.api,
      apiName: props.name,
      release,
      name: props.stage,
      variables: props.stageVariables,
      log: props.log,
      throttle: props.throttle,
      routes,
    });
  }

  /** Everything over a quota, at once. */
  private problems(policyInput: Omit<PolicyInput, "executionArn">): Problem[] {
    const { name, quotas, table } = this.props;
    return [...problemsOfResources(table.routes, quotas, name), ...problemsOfLength(policyInput, name)];
  }

  private addRoutes(tree: ResourceTree): void {
    const { props, api } = this;
    const { provider } = props.log;
    const authorizers = new ApiAuthorizers(this, "authorizers", {
      ...props,
      provider,
      api,
      answerArnLength: `${sampleExecutionArn(props)}/${props.stage}/`.length,
    });
    const checks = new RequestChecks(this, "request-checks", api, provider);
    for (const route of props.table.routes) {
      new RouteMethod(this, routeName(route), {
        provider,
        api,
        route,
        resourceId: tree.idOf(route.path),
        authorization: authorizers.authorizationOf(route.protection),
        request: checks.requestOf(route),
        handler: props.functions.handler(route.handler),
        timeoutMs: HANDLER_TIMEOUT_SECONDS * 1000,
      });
    }
    const permissions = new Construct(this, "permissions");
    for (const handler of new Set(props.table.routes.map((route) => route.handler))) {
      new HandlerPermissions(permissions, handler, {
        provider,
        api,
        stage: props.stage,
        handler: props.functions.handler(handler),
        routes: props.table.routes.filter((route) => route.handler === handler),
      });
    }
  }

  private addPreflights(tree: ResourceTree, preflights: readonly Pick<Route, "verb" | "path">[], cors: Cors): void {
    for (const preflight of preflights) {
      new CorsPreflight(this, routeName(preflight), {
        provider: this.props.log.provider,
        api: this.api,
        resourceId: tree.idOf(preflight.path),
        cors,
        verbs: this.props.table.routes
          .filter((route) => route.path === preflight.path && route.cors === true)
          .map(({ verb }) => verb),
      });
    }
  }

  private addPolicy(input: Omit<PolicyInput, "executionArn">): void {
    const policy = compileResourcePolicy({ ...input, executionArn: this.api.executionArn });
    if (policy.Statement.length === 0) return;
    new ApiGatewayRestApiPolicy(this, "policy", {
      provider: this.props.log.provider,
      restApiId: this.api.id,
      policy: JSON.stringify(policy),
    });
  }
}
