import type { Authorizer, CognitoAuthorizer, LambdaAuthorizer } from "./authorizer";
import type { Integration } from "./integration";
import type { PolicyDocument } from "./policy";
import type { Source } from "./source";
import type { MethodSettings } from "./usage";

export type EndpointType = "EDGE" | "REGIONAL" | "PRIVATE";

export interface Api {
  /** Terraform address, with the stack in front where several stacks were loaded: `public-api/aws_api_gateway_rest_api.api`. */
  readonly address: string;
  readonly name: string;
  /** Deterministic stand-in for the id AWS will give: ten lower-case letters and digits. */
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly endpointType: EndpointType;
  /** Endpoints associated with a PRIVATE API. */
  readonly vpcEndpointIds?: readonly string[];
  readonly disableExecuteApiEndpoint: boolean;
  readonly apiKeySource: "HEADER" | "AUTHORIZER";
  readonly binaryMediaTypes: readonly string[];
  /** Absent where the API has none; that is not the same as a policy with no statement. */
  readonly policy?: PolicyDocument;
  readonly routes: readonly Route[];
  readonly authorizers: readonly Authorizer[];
  readonly stages: readonly Stage[];
  readonly deployments?: readonly Deployment[];
  readonly gatewayResponses: readonly GatewayResponse[];
  readonly source: Source;
}

/** A snapshot of the API: what changes afterwards is not served until there is a new one. */
export interface Deployment {
  readonly address: string;
  readonly hasTriggers: boolean;
  /** References in the triggers, through locals, for which Terraform waits: `aws_api_gateway_method.get.id`. */
  readonly triggeredBy: readonly string[];
  /**
   * What the triggers hold the content of: `aws_api_gateway_authorizer.token`; so are attributes that are a local or a
   * policy document which they hold, `aws_api_gateway_rest_api_policy.api.policy`.
   */
  readonly triggeredWith: readonly string[];
  /** Whether a trigger is a digest, a variable, a file or the like, so that what it covers cannot be told. */
  readonly computedElsewhere: boolean;
  /** Terraform addresses, as written. */
  readonly dependsOn: readonly string[];
  readonly source: Source;
}

export interface Stage {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The access-log format with its `$context` variables, where access logging is on. */
  readonly accessLogFormat?: string;
  /** In the order written. */
  readonly methodSettings?: readonly MethodSettings[];
  readonly source: Source;
}

export interface Route {
  /** An HTTP verb in capitals, or `ANY`. */
  readonly method: string;
  /** The resource's path template: `/`, `/orders/{id}`, `/files/{proxy+}`. */
  readonly path: string;
  readonly auth: RouteAuth;
  readonly apiKeyRequired: boolean;
  readonly requestParameters: Readonly<Record<string, boolean>>;
  /** Content type to JSON schema. */
  readonly requestModels: Readonly<Record<string, unknown>>;
  readonly requestValidator?: { readonly body: boolean; readonly parameters: boolean };
  readonly integration?: Integration;
  /** Why there is no integration, where one is configured that is not supported. */
  readonly integrationRefused?: string;
  /**
   * Why it is not known how callers must authenticate: deny every request, with this reason. `auth` is then a place
   * holder, and the route still hides less specific ones from its requests.
   */
  readonly refused?: string;
  readonly source: Source;
}

export type RouteAuth =
  | { readonly type: "NONE" }
  | { readonly type: "AWS_IAM" }
  | { readonly type: "COGNITO_USER_POOLS"; readonly authorizer: CognitoAuthorizer; readonly scopes: readonly string[] }
  | { readonly type: "CUSTOM"; readonly authorizer: LambdaAuthorizer };

export interface GatewayResponse {
  /** `ACCESS_DENIED`, `UNAUTHORIZED`, `DEFAULT_4XX`, … */
  readonly responseType: string;
  readonly statusCode?: string;
  /** `gatewayresponse.header.<name>` to a literal in single quotes or a mapping. */
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
  readonly source: Source;
}
