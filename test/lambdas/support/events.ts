/** Events with the members API Gateway sends to authorizers and proxy integrations of REST APIs. */
export const STAGE_ARN = "arn:aws:execute-api:eu-west-1:111111111111:abcdef1234/dev";

export const methodArn = (verb: string, path: string): string => `${STAGE_ARN}/${verb}${path}`;

/** Exactly the three members a TOKEN authorizer gets. */
export const tokenEvent = (authorizationToken: string, verb = "GET", path = "/reports/1") => ({
  type: "TOKEN",
  authorizationToken,
  methodArn: methodArn(verb, path),
});

const IDENTITY = {
  accessKey: null,
  accountId: null,
  caller: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp: "203.0.113.7",
  user: null,
  userAgent: "curl/8.5.0",
  userArn: null,
};

interface RequestParts {
  readonly verb?: string;
  readonly path?: string;
  readonly resource?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly query?: Readonly<Record<string, string | string[]>>;
  readonly pathParameters?: Readonly<Record<string, string>> | null;
  readonly stageVariables?: Readonly<Record<string, string>> | null;
  readonly identity?: Readonly<Record<string, string>>;
  readonly authorizer?: Readonly<Record<string, unknown>>;
}

const many = (values: RequestParts["headers"] = {}) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat()]));
const last = (values: RequestParts["headers"] = {}) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat().at(-1)]));

function common({ verb = "GET", path = "/exports/1", resource = path, ...parts }: RequestParts) {
  return {
    resource,
    path,
    httpMethod: verb,
    headers: last(parts.headers),
    multiValueHeaders: many(parts.headers),
    requestContext: {
      accountId: "111111111111",
      apiId: "abcdef1234",
      deploymentId: "d3p10y",
      domainName: "abcdef1234.execute-api.eu-west-1.amazonaws.com",
      domainPrefix: "abcdef1234",
      extendedRequestId: "JKJaXmPLvHcESHA=",
      httpMethod: verb,
      identity: { ...IDENTITY, ...parts.identity },
      path: `/dev${path}`,
      protocol: "HTTP/1.1",
      requestId: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
      requestTime: "18/May/2026:15:32:21 +0000",
      requestTimeEpoch: 1779118341000,
      resourceId: "123456",
      resourcePath: resource,
      stage: "dev",
      ...(parts.authorizer === undefined ? {} : { authorizer: parts.authorizer }),
    },
  };
}

/** A REQUEST authorizer's event: no body, and empty maps where there is nothing. */
export const requestEvent = (parts: RequestParts) => ({
  ...common(parts),
  type: "REQUEST",
  methodArn: methodArn(parts.verb ?? "GET", parts.path ?? "/exports/1"),
  queryStringParameters: last(parts.query),
  multiValueQueryStringParameters: many(parts.query),
  pathParameters: parts.pathParameters ?? {},
  stageVariables: parts.stageVariables ?? {},
});

/** A proxy integration's event: null where there is nothing. */
export const proxyEvent = (parts: RequestParts) => ({
  ...common(parts),
  queryStringParameters: parts.query === undefined ? null : last(parts.query),
  multiValueQueryStringParameters: parts.query === undefined ? null : many(parts.query),
  pathParameters: parts.pathParameters ?? null,
  stageVariables: parts.stageVariables ?? null,
  body: null,
  isBase64Encoded: false,
});
