import type { Api, Integration, LambdaFunction, Model, Route, Stage } from "../../proof/model/types";
import { lambdaFunction } from "../lambda/zips";

const source = { file: "cdk.tf.json", address: "test" };
export const accountId = "111111111111";
export const region = "eu-west-1";

/** A function that answers with the event it was given. */
export const echo = "exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })";

/** A function that API Gateway may invoke for every method of the test API. */
export function invocable(name: string, code: string, overrides: Partial<LambdaFunction> = {}): LambdaFunction {
  return lambdaFunction(code, {
    name,
    permissions: [
      {
        principal: "apigateway.amazonaws.com",
        action: "lambda:InvokeFunction",
        sourceArn: `arn:aws:execute-api:${region}:${accountId}:abcdefghij/*`,
        source,
      },
    ],
    ...overrides,
  });
}

export function proxyTo(fn: LambdaFunction, timeoutMs = 29_000): Integration {
  return { type: "AWS_PROXY", functionArn: fn.arn, timeoutMs, source };
}

export function route(method: string, path: string, overrides: Partial<Route> = {}): Route {
  return {
    method,
    path,
    auth: { type: "NONE" },
    apiKeyRequired: false,
    requestParameters: {},
    requestModels: {},
    source: { file: "cdk.tf.json", address: `aws_api_gateway_method.${method}${path}` },
    ...overrides,
  };
}

export function stage(name: string, overrides: Partial<Stage> = {}): Stage {
  return { name, variables: {}, source, ...overrides };
}

export function api(routes: readonly Route[], overrides: Partial<Api> = {}): Api {
  return {
    address: "aws_api_gateway_rest_api.api",
    name: "orders",
    id: "abcdefghij",
    accountId,
    region,
    partition: "aws",
    endpointType: "REGIONAL",
    disableExecuteApiEndpoint: false,
    apiKeySource: "HEADER",
    binaryMediaTypes: [],
    routes,
    authorizers: routes.flatMap(({ auth }) => ("authorizer" in auth ? [auth.authorizer] : [])),
    stages: [stage("dev")],
    gatewayResponses: [],
    source,
    ...overrides,
  };
}

export function model(apis: readonly Api[], functions: readonly LambdaFunction[], more: Partial<Model> = {}): Model {
  return {
    apis,
    functions,
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
