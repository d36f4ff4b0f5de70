import { loadModel } from "../../proof/model/load";
import { fixture } from "../terraform/scratch";

/** Plain Terraform JSON of several files: for_each over a map of routes, policies as data sources, two accounts. */
const model = loadModel(fixture("library"));
const [api] = model.apis;
const own = (id: string): string => `arn:aws:execute-api:eu-west-1:333333333333:${id}`;

describe("plain Terraform JSON with for_each, data sources and two accounts", () => {
  it("has one regional API in the account that tfvars pins", () => {
    expect(model.apis).toHaveLength(1);
    expect(api).toMatchObject({
      address: "aws_api_gateway_rest_api.library",
      name: "library-default-api",
      accountId: "333333333333",
      region: "eu-west-1",
      partition: "aws",
      endpointType: "REGIONAL",
      binaryMediaTypes: ["image/png"],
      apiKeySource: "HEADER",
    });
  });

  it.each<[method: string, path: string, type: string, integration: string]>([
    ["GET", "/books", "NONE", "AWS_PROXY"],
    ["GET", "/books/{isbn}", "NONE", "AWS_PROXY"],
    ["PUT", "/books/{isbn}", "AWS_IAM", "AWS_PROXY"],
    ["POST", "/loans", "COGNITO_USER_POOLS", "AWS_PROXY"],
    ["DELETE", "/loans/{id}", "CUSTOM", "AWS_PROXY"],
    ["OPTIONS", "/books", "NONE", "MOCK"],
  ])("routes %s %s with %s", (method, path, type, integration) => {
    const route = api?.routes.find((one) => one.method === method && one.path === path);
    expect(route).toMatchObject({ auth: { type }, integration: { type: integration } });
    expect(route?.refused).toBeUndefined();
  });

  it("has no other route", () => {
    expect(api?.routes).toHaveLength(6);
  });

  it("points at the instance that for_each makes", () => {
    const source = api?.routes.find(({ method }) => method === "PUT")?.source;
    expect(source).toEqual({ file: "main.tf.json", address: 'aws_api_gateway_method.route["PUT /books/{isbn}"]' });
  });

  it("invokes the alias of the published function, which API Gateway may", () => {
    const route = api?.routes.find(({ method }) => method === "POST");
    const fn = model.functions.find(({ name }) => name === "library-default-api");
    expect(route?.integration).toMatchObject({ functionArn: `${String(fn?.arn)}:live`, timeoutMs: 29_000 });
    expect(fn).toMatchObject({
      qualifiers: ["$LATEST", "1", "live"],
      timeoutSeconds: 5,
      memoryMb: 256,
      zipFile: fixture("functions", "echo.zip"),
    });
    expect(fn?.permissions).toEqual([
      {
        principal: "apigateway.amazonaws.com",
        action: "lambda:InvokeFunction",
        sourceArn: `${own(String(api?.id))}/*/*/books/{isbn}`,
        qualifier: "live",
        source: { file: "main.tf.json", address: "aws_lambda_permission.api" },
      },
      {
        principal: "apigateway.amazonaws.com",
        action: "lambda:InvokeFunction",
        sourceArn: `${own(String(api?.id))}/*/*/books/*`,
        qualifier: "live",
        source: { file: "main.tf.json", address: "aws_lambda_permission.each_book" },
      },
    ]);
  });

  it("resolves the Cognito authorizer to the pool and the route to its scope", () => {
    const auth = api?.routes.find(({ method }) => method === "POST")?.auth;
    expect(auth).toMatchObject({
      scopes: ["loans/write"],
      authorizer: {
        name: "members",
        providerArns: [model.userPools[0]?.arn],
        identitySource: "method.request.header.Authorization",
      },
    });
  });

  it("reads the REQUEST authorizer with its sources in order, its role and no cache", () => {
    const auth = api?.routes.find(({ method }) => method === "DELETE")?.auth;
    expect(auth).toMatchObject({
      authorizer: {
        type: "REQUEST",
        identitySources: ["method.request.header.X-Badge", "stageVariables.branch"],
        credentialsArn: "arn:aws:iam::333333333333:role/service/library-default-gateway",
        resultTtlSeconds: 0,
      },
    });
  });

  it("merges the resource policy out of its documents", () => {
    const arn = own(String(api?.id));
    expect(api?.policy).toEqual({
      source: { file: "main.tf.json", address: "aws_api_gateway_rest_api_policy.library.policy" },
      document: {
        Version: "2012-10-17",
        Statement: [
          { Sid: "Everyone", Effect: "Allow", Action: "execute-api:Invoke", Resource: `${arn}/*`, Principal: "*" },
          {
            Sid: "Readers",
            Effect: "Allow",
            Action: "execute-api:Invoke",
            Resource: `${arn}/live/PUT/books/*`,
            Principal: { AWS: "444444444444" },
          },
          {
            Sid: "Blocked",
            Effect: "Deny",
            Action: "execute-api:Invoke",
            Resource: `${arn}/*`,
            Principal: "*",
            Condition: { IpAddress: { "aws:SourceIp": ["198.51.100.0/24", "203.0.113.0/24"] } },
          },
        ],
      },
    });
  });

  it("gives the reader its attached policy in its own account, with the policy variable as IAM reads it", () => {
    const reader = model.roles.find(({ name }) => name === "reader");
    expect(reader).toMatchObject({
      arn: "arn:aws:iam::444444444444:role/reader",
      accountId: "444444444444",
      tags: { shelf: "history" },
    });
    expect(reader?.identityPolicies.map(({ document }) => document)).toEqual([
      {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "execute-api:Invoke",
            Resource: `${own(String(api?.id))}/live/PUT/books/\${aws:PrincipalTag/shelf}-*`,
            Condition: { StringEquals: { "aws:PrincipalTag/team": "library" } },
          },
        ],
      },
    ]);
    expect(reader?.trustPolicy.document).toMatchObject({
      Statement: [{ Condition: { StringEquals: { "sts:ExternalId": "${aws:username}" } } }],
    });
  });

  it("gives roles of the default provider its default tags", () => {
    expect(model.roles.find(({ name }) => name === "library-default-function")?.tags).toEqual({ team: "library" });
  });

  it("reads stage, access log and gateway response", () => {
    expect(api?.stages).toMatchObject([
      {
        name: "live",
        variables: { branch: "central" },
        accessLogFormat: "$context.requestId $context.identity.sourceIp $context.status",
      },
    ]);
    expect(api?.gatewayResponses).toMatchObject([
      {
        responseType: "DEFAULT_4XX",
        responseParameters: { "gatewayresponse.header.Access-Control-Allow-Origin": "'https://library.example'" },
      },
    ]);
  });

  it("reads the mock integration with its response", () => {
    const mock = api?.routes.find(({ method }) => method === "OPTIONS")?.integration;
    expect(mock).toMatchObject({
      requestTemplates: { "application/json": '{"statusCode": 204}' },
      responses: [
        {
          statusCode: "204",
          responseParameters: { "method.response.header.Access-Control-Allow-Origin": "'https://library.example'" },
        },
      ],
    });
  });

  it("reads the pool, its scopes and its client's validity", () => {
    expect(model.userPools).toMatchObject([
      {
        name: "library-default-members",
        scopes: ["loans/read", "loans/write"],
        clients: [{ name: "app", accessTokenSeconds: 900, idTokenSeconds: 3600, refreshTokenSeconds: 2_592_000 }],
      },
    ]);
  });

  it("finds the issuer that a function trusts", () => {
    expect(model.oidcIssuers).toMatchObject([
      {
        issuer: "https://staff.library.example",
        audiences: ["loans", "books"],
        clientIds: [],
        functionAddress: "aws_lambda_function.authorizer",
      },
    ]);
  });

  it("has nothing to report: what AWS's own managed policy of a function's role says is known", () => {
    expect(model.problems).toEqual([]);
  });

  it("is the same each time it is loaded", () => {
    expect(loadModel(fixture("library"))).toEqual(model);
  });
});
