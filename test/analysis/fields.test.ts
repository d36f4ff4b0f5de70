/** Every field of the model: a change of it is told if it can alter who is admitted, by what, or for how long. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChanges } from "../../proof/analysis/diff";
import type { Api, LambdaFunction, Model, Role, Route, Stage, UserPool, VpcEndpoint } from "../../proof/model/types";
import {
  allow,
  ARN,
  deny,
  internal,
  invoking,
  modelOf,
  orders,
  policy,
  pool,
  request,
  route,
  source,
  tokenAuthorizer,
} from "./changes/configuration";
import { cognito, everything, iam, lambda, only } from "./changes/words";

const folder = mkdtempSync(join(tmpdir(), "portcullis-fields-"));
const zip = (name: string): string => {
  const file = join(folder, name);
  writeFileSync(file, name);
  return file;
};

const authorizer = tokenAuthorizer({ resultTtlSeconds: 300, identityValidationExpression: "^Bearer [a-z]+$" });
const called: LambdaFunction = {
  address: "aws_lambda_function.authorizer",
  name: "authorizer",
  arn: authorizer.functionArn,
  accountId: "111122223333",
  region: "us-east-1",
  qualifiers: ["$LATEST"],
  runtime: "nodejs22.x",
  handler: "index.handler",
  zipFile: zip("one.zip"),
  environment: { ISSUER: "https://login.example/", SAML_ISSUER: "https://idp.example/" },
  timeoutSeconds: 3,
  memoryMb: 128,
  permissions: [{ principal: "apigateway.amazonaws.com", action: "lambda:InvokeFunction", source: source("p") }],
  source: source("aws_lambda_function.authorizer"),
};
const userPool: UserPool = {
  address: "aws_cognito_user_pool.pool",
  id: "us-east-1_Pool00001",
  arn: pool.providerArns[0] ?? "",
  name: "pool",
  accountId: "111122223333",
  region: "us-east-1",
  issuer: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Pool00001",
  clients: [],
  scopes: ["orders/read"],
  groups: [],
  settings: {},
  source: source("aws_cognito_user_pool.pool"),
};
const parts = only(
  route("GET", "/orders", iam),
  route("GET", "/health"),
  route("GET", "/me", cognito(["orders/read"])),
  route("GET", "/reports", lambda(authorizer)),
  route("POST", "/hooks", lambda(request)),
);
const base: Model = { ...modelOf({ ...parts, roles: orders.roles }), functions: [called], userPools: [userPool] };
const endpoint: VpcEndpoint = {
  address: "aws_vpc_endpoint.api",
  id: "vpce-0b1",
  vpcId: "vpc-0a1b",
  accountId: "111122223333",
  serviceName: "com.amazonaws.us-east-1.execute-api",
  policy: policy([allow("*", "*")], "aws_vpc_endpoint.api.policy"),
  source: source("aws_vpc_endpoint.api"),
};
const closed: Model = { ...modelOf(internal), vpcEndpoints: [endpoint] };

const api = (more: Partial<Api>) => (model: Model) => ({
  ...model,
  apis: model.apis.map((one) => ({ ...one, ...more })),
});
const at = (path: string, more: Partial<Route>) => (model: Model) =>
  api({ routes: (model.apis[0]?.routes ?? []).map((one) => (one.path === path ? { ...one, ...more } : one)) })(model);
const stage = (more: Partial<Stage>) => (model: Model) =>
  api({ stages: (model.apis[0]?.stages ?? []).map((one) => ({ ...one, ...more })) })(model);
const fn = (more: Partial<LambdaFunction>) => (model: Model) => ({ ...model, functions: [{ ...called, ...more }] });
const users = (more: Partial<UserPool>) => (model: Model) => ({ ...model, userPools: [{ ...userPool, ...more }] });
const role = (more: Partial<Role>) => (model: Model) => ({
  ...model,
  roles: model.roles.map((one) => ({ ...one, ...more })),
});
const inVpc = (more: Partial<VpcEndpoint>) => (model: Model) => ({
  ...model,
  vpcEndpoints: [{ ...endpoint, ...more }],
});
const token = (more: Partial<typeof authorizer>) => at("/reports", { auth: lambda({ ...authorizer, ...more }) });
const hooks = (more: Partial<typeof request>) => at("/hooks", { auth: lambda({ ...request, ...more }) });
const users2 = "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_Other0001";
const granting = (...statements: object[]) => api({ policy: policy(statements) });
const trusting = (AWS: string) => ({ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" });
const partnerAllowed = granting(allow("*", everything));

type Row = readonly [name: string, change: (model: Model) => Model, kinds: string, before?: (model: Model) => Model];

const told: readonly Row[] = [
  ["policy", granting(deny("*", everything)), "lost"],
  [
    "policy: not known",
    api({ policy: { document: null, unresolved: "known after apply", source: source("p") } }),
    "undecided",
  ],
  ["accountId", api({ accountId: "999900001111" }), "gained lost"],
  ["disableExecuteApiEndpoint", api({ disableExecuteApiEndpoint: true }), "lost"],
  ["method", at("/health", { method: "POST" }), "gained lost"],
  ["path", at("/health", { path: "/status" }), "gained lost"],
  ["authorization", at("/health", { auth: iam }), "changed lost"],
  ["authorization: not known", at("/health", { refused: "known after apply" }), "undecided"],
  ["authorization_scopes", at("/me", { auth: cognito(["orders/write"]) }), "gained lost"],
  ["api_key_required", at("/health", { apiKeyRequired: true }), "changed"],
  ["api_key_source", api({ apiKeySource: "AUTHORIZER" }), "changed", at("/health", { apiKeyRequired: true })],
  ["provider_arns", at("/me", { auth: cognito(["orders/read"], { ...pool, providerArns: [users2] }) }), "gained lost"],
  [
    "identity_source of a user pool authorizer",
    at("/me", { auth: cognito(["orders/read"], { ...pool, identitySource: "method.request.header.X-Token" }) }),
    "changed",
  ],
  [
    "identity_validation_expression of a user pool authorizer",
    at("/me", { auth: cognito([], { ...pool, identityValidationExpression: "^(web|app)$" }) }),
    "gained",
    at("/me", { auth: cognito([], { ...pool, identityValidationExpression: "^web$" }) }),
  ],
  ["type of an authorizer", token({ type: "REQUEST" }), "changed gained"],
  ["authorizer_uri", token({ functionArn: "arn:aws:lambda:us-east-1:111122223333:function:other" }), "changed"],
  ["identity_source", hooks({ identitySources: ["method.request.header.X-Client-Id"] }), "changed gained"],
  ["authorizer_result_ttl_in_seconds", token({ resultTtlSeconds: 3600 }), "changed"],
  ["identity_validation_expression: wider", token({ identityValidationExpression: "^Bearer [a-z0-9]+$" }), "gained"],
  ["identity_validation_expression: narrower", token({ identityValidationExpression: "^Bearer [a-f]+$" }), "lost"],
  ["identity_validation_expression: other", token({ identityValidationExpression: "^Token [a-z]+$" }), "gained lost"],
  ["identity_validation_expression: gone", token({ identityValidationExpression: "" }), "gained"],
  ["identity_validation_expression: looks ahead", token({ identityValidationExpression: "^(?=B).+$" }), "undecided"],
  ["the code of an authorizer", fn({ zipFile: zip("two.zip") }), "changed"],
  ["the handler of an authorizer", fn({ handler: "index.other" }), "changed"],
  ["who may invoke an authorizer's function", fn({ permissions: [] }), "lost"],
  [
    "from where an authorizer's function may be invoked",
    fn({ permissions: called.permissions.map((one) => ({ ...one, sourceArn: `${ARN}/dev/*` })) }),
    "lost",
  ],
  ["the role that an authorizer is invoked with", token({ credentialsArn: orders.roles[0]?.arn ?? "" }), "lost"],
  [
    "an OIDC issuer in an authorizer's environment",
    fn({ environment: { ...called.environment, ISSUER: "x" } }),
    "changed",
  ],
  [
    "a SAML issuer in an authorizer's environment",
    fn({ environment: { ISSUER: "https://login.example/" } }),
    "changed",
  ],
  ["a role's identity policy", role({ identityPolicies: [invoking("GET/x")] }), "lost", partnerAllowed],
  ["a role's permissions boundary", role({ permissionsBoundary: invoking("GET/x") }), "lost", partnerAllowed],
  [
    "a role's trust policy",
    role({ trustPolicy: policy([trusting("arn:aws:iam::777788889999:root")], "trust") }),
    "gained lost",
    partnerAllowed,
  ],
  ["a role's longest session", role({ maxSessionSeconds: 43_200 }), "changed", partnerAllowed],
  [
    "a role's tags",
    role({ tags: { team: "orders" } }),
    "gained",
    granting(allow("*", everything, { StringEquals: { "aws:PrincipalTag/team": "orders" } })),
  ],
];

const silent: readonly Row[] = [
  ["the name of an authorizer", token({ name: "renamed" }), ""],
  ["identity_validation_expression: in other words", token({ identityValidationExpression: "Bearer [a-z]{1,}" }), ""],
  ["the order of identity sources", hooks({ identitySources: [...request.identitySources].reverse() }), ""],
  ["authorizer_credentials", token({ credentialsArn: "arn:aws:iam::111122223333:role/invoke" }), ""],
  ["binary_media_types", api({ binaryMediaTypes: ["image/png"] }), ""],
  ["api_key_source where no key is required", api({ apiKeySource: "AUTHORIZER" }), ""],
  ["request validation", at("/health", { requestValidator: { body: true, parameters: true } }), ""],
  ["an integration", at("/health", { integrationRefused: "not supported" }), ""],
  [
    "gateway responses",
    api({
      gatewayResponses: [
        {
          responseType: "DEFAULT_4XX",
          statusCode: "400",
          responseParameters: {},
          responseTemplates: {},
          source: source("r"),
        },
      ],
    }),
    "",
  ],
  ["the access log of a stage", stage({ accessLogFormat: "$context.requestId" }), ""],
  ["a stage variable that nothing reads", stage({ variables: { colour: "blue" } }), ""],
  [
    "the memory, the time and the runtime of an authorizer",
    fn({ memoryMb: 512, timeoutSeconds: 9, runtime: "nodejs24.x" }),
    "",
  ],
  ["the settings and groups of a user pool", users({ settings: { mfa: "OFF" }, groups: ["staff"], scopes: [] }), ""],
];

const closedTold: readonly Row[] = [
  ["the policy of an interface endpoint", inVpc({ policy: policy([deny("*", "*")], "p") }), "lost"],
  [
    "an interface endpoint's policy, not known",
    inVpc({ policy: { document: null, unresolved: "later", source: source("p") } }),
    "undecided",
  ],
  ["the endpoint type", api({ endpointType: "REGIONAL" }), "lost"],
];
const closedSilent: readonly Row[] = [
  ["the endpoints that a private API is associated with", api({ vpcEndpointIds: ["vpce-0b1"] }), ""],
  ["the service name of an endpoint", inVpc({ serviceName: "com.amazonaws.us-east-1.execute-api.v2" }), ""],
];

describe.each([
  ["a public API", base, [...told, ...silent]],
  ["a private API", closed, [...closedTold, ...closedSilent]],
] as const)("Of %s", (_, model, rows) => {
  it.each(rows.map((row) => [row[0], row] as const))("a change of %s", (_name, row) => {
    const [, change, kinds, before] = row as Row;
    const from = before === undefined ? model : before(model);
    const found = findChanges(from, change(from));
    expect([...new Set(found.map(({ kind }) => kind))].sort().join(" ")).toBe(kinds);
    for (const { because, reason } of found) expect([because.address, reason]).not.toContain("");
  });
});

describe("A change of a validation expression", () => {
  it("is told with a value that only one of both matches", () => {
    const [gained] = findChanges(base, token({ identityValidationExpression: "^Bearer [a-z0-9]+$" })(base));
    expect(gained).toMatchObject({
      kind: "gained",
      who: "authorizer token-authorizer allows with a value like ^Bearer [a-z0-9]+$ that is not like ^Bearer [a-z]+$",
      because: { address: `${authorizer.source.address}.identity_validation_expression` },
    });
    const [value = ""] = gained?.witness?.headers?.["Authorization"] ?? [];
    expect([/^Bearer [a-z0-9]+$/.test(value), /^Bearer [a-z]+$/.test(value)]).toEqual([true, false]);
  });

  it("names the expression that it cannot follow", () => {
    const [open] = findChanges(base, token({ identityValidationExpression: "^(?=B).+$" })(base));
    expect(open).toMatchObject({ kind: "undecided", who: "authorizer token-authorizer allows" });
    expect(open?.reason).toContain("token-authorizer");
  });
});

it("tells the environment of an authorizer by the names of its variables, not their values", () => {
  const [changed] = findChanges(base, fn({ environment: { ...called.environment, ISSUER: "secret-value" } })(base));
  expect(changed?.reason).toContain("ISSUER");
  expect(JSON.stringify(changed)).not.toContain("secret-value");
});

it("tells whom a default endpoint is closed to by a request that names it", () => {
  const [lost] = findChanges(base, api({ disableExecuteApiEndpoint: true })(base)).filter(({ who }) =>
    who.startsWith("anonymous"),
  );
  expect(lost).toMatchObject({ path: "/health", who: "anonymous through the default endpoint", kind: "lost" });
  expect(lost?.witness?.headers?.["Host"]).toEqual([
    expect.stringMatching(/\.execute-api\.us-east-1\.amazonaws\.com$/),
  ]);
});
