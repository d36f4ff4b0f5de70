/** Configurations of any size, to measure the analysis with. */
import type { Api, Model, Role, Route } from "../proof/model/types";

const ACCOUNT = "111122223333";
const ARN = `arn:aws:execute-api:eu-west-1:${ACCOUNT}:a1b2c3d4e5`;
const source = (address: string) => ({ file: "bench", address });

function route(method: string, path: string, index: number): Route {
  return {
    method,
    path,
    auth: { type: "AWS_IAM" },
    apiKeyRequired: false,
    requestParameters: {},
    requestModels: {},
    source: source(`aws_api_gateway_method.m${index}`),
  };
}

function modelOf(routes: readonly Route[], statements: readonly unknown[], roles: readonly Role[] = []): Model {
  const api: Api = {
    address: "aws_api_gateway_rest_api.api",
    name: "bench",
    id: "a1b2c3d4e5",
    accountId: ACCOUNT,
    region: "eu-west-1",
    partition: "aws",
    endpointType: "REGIONAL",
    disableExecuteApiEndpoint: false,
    apiKeySource: "HEADER",
    binaryMediaTypes: [],
    policy: { document: { Version: "2012-10-17", Statement: statements }, source: source("policy") },
    routes,
    authorizers: [],
    stages: [{ name: "dev", variables: {}, source: source("stage") }],
    gatewayResponses: [],
    source: source("api"),
  };
  const none = {
    functions: [],
    userPools: [],
    oidcIssuers: [],
    users: [],
    secrets: [],
    vpcEndpoints: [],
    problems: [],
  };
  return { apis: [api], roles, ...none };
}

const account = (index: number): string => String(200_000_000_000 + index);
const cidr = (index: number): string => `10.${index >> 8}.${index & 255}.0/24`;

/** So many routes, a third of them with a parameter, under so many statements about parts of them. */
export function manyRoutes(routes: number, statements: number): Model {
  const templates = Array.from({ length: routes }, (_, index) =>
    route("GET", `/s${index % 50}/r${index}${index % 3 === 0 ? "/{id}" : ""}`, index),
  );
  const list = Array.from({ length: statements }, (_, index) => ({
    Effect: index % 10 === 0 ? "Deny" : "Allow",
    Principal: index % 10 === 0 ? "*" : { AWS: account(index) },
    Action: "execute-api:Invoke",
    Resource: [`${ARN}/dev/GET/s${index % 50}/*`, `${ARN}/*/GET/s${index % 50}/r${index}/1*`],
    Condition: { [index % 10 === 0 ? "NotIpAddress" : "IpAddress"]: { "aws:SourceIp": ["10.0.0.0/8", cidr(index)] } },
  }));
  return modelOf(templates, list);
}

/** So many accounts, each admitted from its share of so many CIDRs to its share of so many route patterns. */
export function manyAccounts(accounts: number, cidrs: number, patterns: number): Model {
  const templates = Array.from({ length: patterns }, (_, index) => route("GET", `/team${index}/{item}`, index));
  const share = Math.ceil(cidrs / accounts);
  const list = Array.from({ length: accounts }, (_, index) => ({
    Effect: "Allow",
    Principal: { AWS: account(index) },
    Action: "execute-api:Invoke",
    Resource: [`${ARN}/dev/GET/team${index % patterns}/*`, `${ARN}/dev/GET/team${(index * 7) % patterns}/a*`],
    Condition: {
      IpAddress: { "aws:SourceIp": Array.from({ length: share }, (_unused, at) => cidr(index * share + at)) },
    },
  }));
  return modelOf(templates, list);
}
