import type { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import type { NodeFunction } from "../lambda/node-function";
import { fitsFunctionPolicy } from "../quotas/quotas";
import type { RoutePattern } from "../routes/folded";
import { invokeResource } from "../routes/invoke-resource";
import { routeHash, routeName } from "../routes/route";

export interface HandlerPermissionsProps {
  readonly provider: AwsProvider;
  readonly api: ApiGatewayRestApi;
  readonly stage: string;
  readonly handler: NodeFunction;
  /** The routes the function handles. */
  readonly routes: readonly RoutePattern[];
}

const EVERY_ROUTE: RoutePattern = { verb: "ANY", path: "/{path+}" };

/**
 * API Gateway's right to invoke a handler: for its routes and no others or, where the function's resource policy has no
 * room for that many permissions, for any route of this API's stage. Which route invokes which function is the API's own
 * configuration either way.
 */
export class HandlerPermissions extends Construct {
  constructor(scope: Construct, id: string, props: HandlerPermissionsProps) {
    super(scope, id);
    for (const route of fitsFunctionPolicy(props.routes) ? props.routes : [EVERY_ROUTE]) {
      new LambdaPermission(this, routeName(route), {
        provider: props.provider,
        statementId: statementId(route),
        action: "lambda:InvokeFunction",
        functionName: props.handler.function.functionName,
        principal: "apigateway.amazonaws.com",
        sourceArn: invokeResource(props.api.executionArn, props.stage, route),
      });
    }
  }
}

/** A statement id takes letters, digits, hyphens and underscores, so `/a-b` and `/a/b` would have the same one. */
function statementId(route: RoutePattern): string {
  return `${nameInWords(route)}-${routeHash(route)}`;
}

function nameInWords(route: RoutePattern): string {
  return routeName(route)
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/-$/, "")
    .slice(0, 80);
}
