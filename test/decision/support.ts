import type { Caller, WireRequest } from "../../proof/decision/types";
import type {
  Api,
  CognitoAuthorizer,
  LambdaAuthorizer,
  Model,
  PolicyDocument,
  Route,
  RouteAuth,
} from "../../proof/model/types";
import type { Ports } from "../../proof/decision/ports";

export const ACCOUNT = "111122223333";
export const PARTNER = "444455556666";
export const API_ID = "a1b2c3d4e5";
export const ARN = `arn:aws:execute-api:us-east-1:${ACCOUNT}:${API_ID}`;
/** Sunday, 2026-11-22T12:00:00Z */
export const NOW = Date.UTC(2026, 10, 22, 12);

export const source = (address: string, file = "main.tf.json") => ({ file, address });

export function policy(statements: unknown, address = "aws_api_gateway_rest_api_policy.api.policy"): PolicyDocument {
  return { document: { Version: "2012-10-17", Statement: statements }, source: source(address) };
}

export const allowAll = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
export const denyAll = { ...allowAll, Effect: "Deny" };

export function route(method: string, path: string, auth: RouteAuth = { type: "NONE" }): Route {
  return {
    method,
    path,
    auth,
    apiKeyRequired: false,
    requestParameters: {},
    requestModels: {},
    source: source(`aws_api_gateway_method.${method.toLowerCase()}`),
  };
}

export function tokenAuthorizer(more: Partial<LambdaAuthorizer> = {}): LambdaAuthorizer {
  return {
    type: "TOKEN",
    address: "aws_api_gateway_authorizer.token",
    id: "auth01",
    name: "token-authorizer",
    functionArn: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:authorizer`,
    identitySources: ["method.request.header.Authorization"],
    resultTtlSeconds: 0,
    source: source("aws_api_gateway_authorizer.token"),
    ...more,
  };
}

export function cognitoAuthorizer(more: Partial<CognitoAuthorizer> = {}): CognitoAuthorizer {
  return {
    type: "COGNITO_USER_POOLS",
    address: "aws_api_gateway_authorizer.pool",
    id: "auth02",
    name: "pool",
    providerArns: [`arn:aws:cognito-idp:us-east-1:${ACCOUNT}:userpool/us-east-1_Pool00001`],
    identitySource: "method.request.header.Authorization",
    source: source("aws_api_gateway_authorizer.pool"),
    ...more,
  };
}

export function api(more: Partial<Api> = {}): Api {
  return {
    address: "aws_api_gateway_rest_api.api",
    name: "orders",
    id: API_ID,
    accountId: ACCOUNT,
    region: "us-east-1",
    partition: "aws",
    endpointType: "REGIONAL",
    disableExecuteApiEndpoint: false,
    apiKeySource: "HEADER",
    binaryMediaTypes: [],
    routes: [],
    authorizers: [],
    stages: [{ name: "dev", variables: {}, source: source("aws_api_gateway_stage.dev") }],
    gatewayResponses: [],
    source: source("aws_api_gateway_rest_api.api"),
    ...more,
  };
}

export function model(apis: readonly Api[], more: Partial<Model> = {}): Model {
  return {
    apis,
    functions: [],
    userPools: [],
    oidcIssuers: [],
    roles: [],
    users: [],
    secrets: [],
    vpcEndpoints: [],
    problems: [],
    ...more,
  };
}

export function request(method: string, rawPath: string, more: Partial<WireRequest> = {}): WireRequest {
  return {
    method,
    rawPath,
    rawQuery: "",
    headers: [["Host", "orders.localhost"]],
    body: new Uint8Array(),
    network: { sourceIp: "203.0.113.7" },
    requestId: "6f1e9a0c-0000-4000-8000-000000000001",
    ...more,
  };
}

export function caller(more: Partial<Caller> & { readonly account?: string; readonly role?: string } = {}): Caller {
  const { account = ACCOUNT, role = "reader", ...rest } = more;
  return {
    principal: {
      kind: "aws",
      arn: `arn:aws:sts::${account}:assumed-role/${role}/session`,
      accountId: account,
      principalArn: `arn:aws:iam::${account}:role/${role}`,
    },
    accessKeyId: "ASIAEXAMPLE000000001",
    identityPolicies: [],
    sessionPolicies: [],
    serviceControlPolicies: [],
    tags: {},
    userId: "AROAEXAMPLE0000000001:session",
    issuedAt: NOW - 60_000,
    ...rest,
  };
}

/** Ports of a world without credentials, keys or functions; an authorizer that is asked all the same fails the test. */
export function ports(more: Partial<Ports> = {}): Ports {
  return {
    now: () => NOW,
    findCredential: () => undefined,
    jwks: () => undefined,
    invokeAuthorizer: () => Promise.reject(new Error("No authorizer was to be called.")),
    ...more,
  };
}
