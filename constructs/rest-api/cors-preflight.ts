import { ApiGatewayIntegrationResponse } from "@cdktf/provider-aws/lib/api-gateway-integration-response";
import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayMethodResponse } from "@cdktf/provider-aws/lib/api-gateway-method-response";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import type { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import { explainPublicMethod } from "../guardrails/public-method";
import { publicRoute } from "../routes/protection";
import type { Route } from "../routes/route";

/** Which browsers may call. */
export interface Cors {
  /** One origin, e.g. `https://app.example.com`; a wildcard would let every site call with a token it got hold of. */
  readonly origin: string;
  /** How long a browser remembers the answer; browsers cap it (Chromium at 7200). */
  readonly maxAgeSeconds: number;
}

const PREFLIGHT = publicRoute({
  reason:
    "Browsers send the preflight without credentials, and the answer says only which origin and verbs are allowed.",
});

/** What a route's caller may send: the credentials of every protection, and a body's type. */
const HEADERS = "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Amz-Content-Sha256,X-Api-Key,X-Client-Id";

/** One `OPTIONS` route for each path that has a route open to browsers. */
export function preflightsOf(routes: readonly Route[]): readonly Omit<Route, "handler">[] {
  const paths = new Set(routes.filter(({ cors }) => cors === true).map(({ path }) => path));
  return [...paths].map((path) => ({ verb: "OPTIONS", path, protection: PREFLIGHT }));
}

export interface CorsPreflightProps {
  readonly provider: AwsProvider;
  readonly api: ApiGatewayRestApi;
  readonly resourceId: string;
  readonly cors: Cors;
  /** Verbs of the path that are open to browsers. */
  readonly verbs: readonly string[];
}

/**
 * Answers the browser's preflight without authentication, as the Fetch standard requires: a preflight carries no
 * credentials, so an authorizer in front of it would refuse every browser.
 */
export class CorsPreflight extends Construct {
  constructor(scope: Construct, id: string, props: CorsPreflightProps) {
    super(scope, id);
    const { provider, api, resourceId, cors } = props;
    const restApiId = api.id;
    const headers = {
      "Access-Control-Allow-Origin": cors.origin,
      "Access-Control-Allow-Methods": [...props.verbs].sort().join(","),
      "Access-Control-Allow-Headers": HEADERS,
      "Access-Control-Max-Age": String(cors.maxAgeSeconds),
      Vary: "Origin",
    };
    const method = new ApiGatewayMethod(this, "method", {
      provider,
      restApiId,
      resourceId,
      httpMethod: "OPTIONS",
      authorization: "NONE",
      apiKeyRequired: false,
    });
    explainPublicMethod(method, PREFLIGHT.reason);
    const integration = new ApiGatewayIntegration(this, "integration", {
      provider,
      restApiId,
      resourceId,
      httpMethod: method.httpMethod,
      type: "MOCK",
      requestTemplates: { "application/json": '{"statusCode":204}' },
    });
    const response = new ApiGatewayMethodResponse(this, "method-response", {
      provider,
      restApiId,
      resourceId,
      httpMethod: method.httpMethod,
      statusCode: "204",
      responseParameters: Object.fromEntries(
        Object.keys(headers).map((name) => [`method.response.header.${name}`, true]),
      ),
    });
    new ApiGatewayIntegrationResponse(this, "integration-response", {
      provider,
      restApiId,
      resourceId,
      httpMethod: method.httpMethod,
      statusCode: response.statusCode,
      responseParameters: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, `'${value}'`]),
      ),
      dependsOn: [integration],
    });
  }
}
