/**
 * What a directory of Terraform JSON says about its REST APIs, with every reference resolved.
 *
 * This is the only vocabulary the rest of `proof/` speaks: the loader writes it, `decision` decides on it,
 * `gateway` serves it, `analysis` enumerates it. It is plain data: no classes, no functions, no Terraform.
 */

import type { Source } from "./source";
import type { ApiKey, MethodSettings, UsagePlan } from "./usage-types";

export type { Source } from "./source";
export type { ApiKey, MethodSettings, Throttle, UsagePlan, UsagePlanStage } from "./usage-types";

/** A policy document as found, not yet checked: `proof/iam` compiles it. */
export interface PolicyDocument {
  readonly document: unknown;
  readonly source: Source;
  /**
   * Why the document could not be read, where it could not: `document` is null then and a problem says the same.
   * Nothing may be allowed on the strength of such a policy, nor of its absence.
   */
  readonly unresolved?: string;
}

/** Something in the input that cannot be served or proven. What depends on it is refused, never opened. */
export interface Problem {
  readonly message: string;
  readonly source: Source;
  /** `error` stops `serve`; `warning` is printed. */
  readonly severity: "error" | "warning";
}

export interface Model {
  readonly apis: readonly Api[];
  readonly functions: readonly LambdaFunction[];
  readonly userPools: readonly UserPool[];
  /** OIDC issuers that authorizer functions trust (see `OidcIssuer`). */
  readonly oidcIssuers: readonly OidcIssuer[];
  readonly roles: readonly Role[];
  readonly users: readonly User[];
  readonly secrets: readonly Secret[];
  readonly vpcEndpoints: readonly VpcEndpoint[];
  readonly problems: readonly Problem[];
  readonly usagePlans?: readonly UsagePlan[];
  readonly apiKeys?: readonly ApiKey[];
  /** Custom domain names of APIs. */
  readonly domainNames?: readonly string[];
}

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
  /** References in the triggers, through locals: `aws_api_gateway_authorizer.token`, `aws_api_gateway_method.get.id`. */
  readonly triggeredBy: readonly string[];
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

export type Authorizer = CognitoAuthorizer | LambdaAuthorizer;

interface AuthorizerBase {
  readonly address: string;
  readonly id: string;
  readonly name: string;
  readonly source: Source;
}

export interface CognitoAuthorizer extends AuthorizerBase {
  readonly type: "COGNITO_USER_POOLS";
  /** User pool ARNs. */
  readonly providerArns: readonly string[];
  /** Exactly one, e.g. `method.request.header.Authorization`. */
  readonly identitySource: string;
  /** Tested against the token's `aud` claim. */
  readonly identityValidationExpression?: string;
}

export interface LambdaAuthorizer extends AuthorizerBase {
  readonly type: "TOKEN" | "REQUEST";
  /** ARN of the function (with its qualifier where the URI has one). */
  readonly functionArn: string;
  /** Role that API Gateway assumes to invoke; absent where the function's own policy must admit API Gateway. */
  readonly credentialsArn?: string;
  /** In the order written; it is the order of the cache key. */
  readonly identitySources: readonly string[];
  /** Seconds, 0 to 3600; 0 is no caching. */
  readonly resultTtlSeconds: number;
  /** TOKEN only: a Java regular expression the header must match. */
  readonly identityValidationExpression?: string;
}

export type Integration =
  | {
      readonly type: "AWS_PROXY";
      readonly functionArn: string;
      readonly credentialsArn?: string;
      readonly timeoutMs: number;
      readonly source: Source;
    }
  | {
      readonly type: "HTTP_PROXY";
      readonly httpMethod: string;
      readonly uri: string;
      readonly requestParameters: Readonly<Record<string, string>>;
      readonly timeoutMs: number;
      readonly source: Source;
    }
  | {
      readonly type: "MOCK";
      readonly requestTemplates: Readonly<Record<string, string>>;
      readonly responses: readonly IntegrationResponse[];
      readonly source: Source;
    };

export interface IntegrationResponse {
  readonly statusCode: string;
  readonly selectionPattern?: string;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}

export interface GatewayResponse {
  /** `ACCESS_DENIED`, `UNAUTHORIZED`, `DEFAULT_4XX`, … */
  readonly responseType: string;
  readonly statusCode?: string;
  /** `gatewayresponse.header.<name>` to a literal in single quotes or a mapping. */
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
  readonly source: Source;
}

export interface LambdaFunction {
  readonly address: string;
  readonly name: string;
  /** Unqualified ARN. */
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  /** Qualifiers (aliases, versions) that resolve to this same code. */
  readonly qualifiers: readonly string[];
  readonly runtime: string;
  readonly handler: string;
  /** Absolute path of the zip; absent where the code stands elsewhere (S3, image), which is a problem of its own. */
  readonly zipFile?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly permissions: readonly LambdaPermission[];
  /** ARN of the execution role. */
  readonly roleArn?: string;
  readonly source: Source;
}

export interface LambdaPermission {
  /** `apigateway.amazonaws.com`, an account id, an ARN, or `*`. */
  readonly principal: string;
  readonly action: string;
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
  readonly qualifier?: string;
  readonly source: Source;
}

export interface UserPool {
  readonly address: string;
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  /** `https://cognito-idp.<region>.amazonaws.com/<id>` */
  readonly issuer: string;
  readonly clients: readonly UserPoolClient[];
  /** Full scopes, `identifier/scope`. */
  readonly scopes: readonly string[];
  readonly groups: readonly string[];
  readonly domain?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** All attributes of the resource as resolved, for the local Cognito endpoints. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly source: Source;
}

export interface UserPoolClient {
  readonly address: string;
  readonly clientId: string;
  readonly name: string;
  readonly generateSecret: boolean;
  readonly allowedOAuthFlows: readonly string[];
  readonly allowedOAuthScopes: readonly string[];
  readonly callbackUrls: readonly string[];
  readonly explicitAuthFlows: readonly string[];
  /** Seconds. */
  readonly accessTokenSeconds: number;
  /** Seconds. */
  readonly idTokenSeconds: number;
  /** Seconds. */
  readonly refreshTokenSeconds: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly source: Source;
}

/**
 * An OpenID Connect issuer that a function trusts, read from its environment: a variable whose name ends in
 * `ISSUER` and holds an `https://` URL, with the variables of the same prefix that end in `AUDIENCE`
 * (comma-separated), `CLIENT_ID` and `JWKS_URI`. The local issuer signs for it; the JSON stays as it is.
 */
export interface OidcIssuer {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly clientIds: readonly string[];
  readonly jwksUri?: string;
  /** Address of the function that trusts it. */
  readonly functionAddress: string;
  readonly source: Source;
}

export interface Role {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly trustPolicy: PolicyDocument;
  readonly identityPolicies: readonly PolicyDocument[];
  readonly permissionsBoundary?: PolicyDocument;
  readonly tags: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly maxSessionSeconds: number;
  readonly source: Source;
}

export interface User {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly identityPolicies: readonly PolicyDocument[];
  readonly permissionsBoundary?: PolicyDocument;
  readonly tags: Readonly<Record<string, string>>;
  readonly source: Source;
}

export interface Secret {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  /** Version stages to values where the configuration holds a value; most hold none, and a local one is made. */
  readonly versions: readonly { readonly stages: readonly string[]; readonly value?: string }[];
  /** Its resource policy, where it has one. */
  readonly policy?: PolicyDocument;
  readonly tags?: Readonly<Record<string, string>>;
  readonly source: Source;
}

export interface VpcEndpoint {
  readonly address: string;
  readonly id: string;
  readonly vpcId: string;
  readonly accountId: string;
  readonly serviceName: string;
  readonly policy?: PolicyDocument;
  readonly source: Source;
}
