import { decide } from "../../proof/decision/decide";
import type { EngineOptions } from "../../proof/decision/engine";
import { prepareEngine } from "../../proof/decision/engine";
import type { Assumptions, Ports } from "../../proof/decision/ports";
import type { Caller, Decision, WireRequest } from "../../proof/decision/types";
import type {
  Api,
  CognitoAuthorizer,
  LambdaAuthorizer,
  Model,
  PolicyDocument,
  Route,
  RouteAuth,
} from "../../proof/model/types";

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

export interface World extends Partial<Api> {
  readonly models?: Partial<Model>;
}

/** Decides one request in a world of one API. */
export async function ask(
  world: World,
  wire: WireRequest,
  assumptions: Assumptions = {},
  given: Partial<Ports> = {},
  options: EngineOptions = {},
): Promise<Decision> {
  const { models, ...more } = world;
  const served = api(more);
  return decide(prepareEngine(model([served], models), options), served, wire, ports(given), assumptions);
}

/** `allow`, or status and message of the refusal. */
export function answer(decision: Decision): string {
  const { denial } = decision;
  return denial === undefined ? "allow" : `${denial.status} ${denial.message}`;
}

/** `allow`, or the status of the refusal. */
export function status(decision: Decision): "allow" | number {
  return decision.denial?.status ?? "allow";
}

/** Allows on these resources, below the API's stage `dev`: `GET/orders`. */
export function allowing(...resources: string[]): PolicyDocument {
  const Resource = resources.map((resource) => `${ARN}/dev/${resource}`);
  return policy([{ Effect: "Allow", Action: "execute-api:Invoke", Resource }], "aws_iam_role_policy.caller.policy");
}

/** What an authorizer returns: `GET/orders` and the like are below the stage `dev`, anything else stands as it is. */
export function returned(statements: unknown, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { principalId: "user-1", policyDocument: { Version: "2012-10-17", Statement: statements }, ...more };
}
