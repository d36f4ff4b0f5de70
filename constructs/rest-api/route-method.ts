import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import type { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import { explainPublicMethod } from "../guardrails/public-method";
import type { NodeFunction } from "../lambda/node-function";
import type { Route } from "../routes/route";
import type { MethodRequest } from "./request-rules";

/** The three arguments of a method that decide who may call it. */
export interface MethodAuthorization {
  readonly authorization: "NONE" | "AWS_IAM" | "COGNITO_USER_POOLS" | "CUSTOM";
  readonly authorizerId?: string;
  readonly authorizationScopes?: string[];
}

export interface RouteMethodProps {
  readonly provider: AwsProvider;
  readonly api: ApiGatewayRestApi;
  readonly route: Route;
  readonly resourceId: string;
  readonly authorization: MethodAuthorization;
  readonly request: MethodRequest;
  readonly handler: NodeFunction;
  /** Milliseconds API Gateway waits for the function. */
  readonly timeoutMs: number;
}

/** A route as API Gateway knows it: the method and its integration. */
export class RouteMethod extends Construct {
  constructor(scope: Construct, id: string, props: RouteMethodProps) {
    super(scope, id);
    const { provider, api, route, resourceId } = props;
    const method = new ApiGatewayMethod(this, "method", {
      provider,
      restApiId: api.id,
      resourceId,
      httpMethod: route.verb,
      ...props.authorization,
      ...props.request,
      apiKeyRequired: route.metered ?? false,
    });
    if (route.protection.kind === "public") explainPublicMethod(method, route.protection.reason);
    new ApiGatewayIntegration(this, "integration", {
      provider,
      restApiId: api.id,
      resourceId,
      httpMethod: method.httpMethod,
      type: "AWS_PROXY",
      // Lambda is always invoked with POST, whatever the caller's verb.
      integrationHttpMethod: "POST",
      uri: props.handler.function.invokeArn,
      timeoutMilliseconds: props.timeoutMs,
    });
  }
}
