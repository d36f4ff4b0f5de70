import { readFileSync } from "node:fs";
import { loadModel } from "../../proof/model/load";
import type { Model, Route } from "../../proof/model/types";
import { fixture, scratch } from "../terraform/scratch";

/** An API whose OpenAPI document stands in a local value. */
const model = loadModel(fixture("theatre"));
const [api] = model.apis;
const route = (of: Model, method: string, path: string): Route | undefined =>
  of.apis[0]?.routes.find((one) => one.method === method && one.path === path);

describe("an API written as an OpenAPI body", () => {
  it.each<[method: string, path: string, auth: unknown]>([
    ["GET", "/shows", { type: "NONE" }],
    ["OPTIONS", "/shows", { type: "NONE" }],
    ["POST", "/tickets", { type: "COGNITO_USER_POOLS", scopes: ["tickets/buy"] }],
    ["GET", "/tickets/{id}", { type: "CUSTOM", authorizer: { type: "TOKEN", name: "badge" } }],
    ["DELETE", "/tickets/{id}", { type: "AWS_IAM" }],
    ["ANY", "/tickets/{id}", { type: "CUSTOM", authorizer: { type: "REQUEST", name: "signed" } }],
    ["GET", "/seats", { type: "AWS_IAM" }],
  ])("%s %s", (method, path, auth) => {
    expect(route(model, method, path)).toMatchObject({ auth });
  });

  it("reads a TOKEN authorizer from its scheme's header", () => {
    expect(api?.authorizers.find(({ name }) => name === "badge")).toMatchObject({
      identitySources: ["method.request.header.X-Badge"],
      identityValidationExpression: "^[0-9]{6}$",
      resultTtlSeconds: 60,
      functionArn: "arn:aws:lambda:eu-west-1:777777777777:function:badge",
    });
  });

  it("gives a REQUEST authorizer its own sources in order, and AWS's default time to live", () => {
    expect(api?.authorizers.find(({ name }) => name === "signed")).toMatchObject({
      identitySources: ["method.request.querystring.signature", "context.httpMethod"],
      resultTtlSeconds: 300,
    });
  });

  it("requires the API key beside the authorizer", () => {
    expect(route(model, "POST", "/tickets")?.apiKeyRequired).toBe(true);
    expect(route(model, "GET", "/tickets/{id}")?.apiKeyRequired).toBe(false);
  });

  it("takes parameters of the path, referenced ones too, with the validator of the root", () => {
    expect(route(model, "GET", "/shows")).toMatchObject({
      requestParameters: { "method.request.querystring.page": true },
      requestValidator: { body: true, parameters: true },
    });
    expect(route(model, "GET", "/tickets/{id}")?.requestParameters).toEqual({ "method.request.path.id": true });
  });

  it("gives models their document's definitions", () => {
    expect(route(model, "POST", "/tickets")?.requestModels).toEqual({
      "application/json": {
        $ref: "#/components/schemas/Ticket",
        components: {
          schemas: {
            Ticket: { type: "object", required: ["seat"], properties: { seat: { $ref: "#/components/schemas/Seat" } } },
            Seat: { type: "string" },
          },
        },
      },
    });
  });

  it("reads integrations, referenced ones too", () => {
    expect(route(model, "GET", "/shows")?.integration).toMatchObject({
      type: "AWS_PROXY",
      functionArn: "arn:aws:lambda:eu-west-1:777777777777:function:tickets",
      timeoutMs: 10_000,
    });
    expect(route(model, "GET", "/seats")?.integration).toMatchObject({
      type: "HTTP_PROXY",
      uri: "https://seats.example/${stageVariables.hall}",
    });
    expect(route(model, "OPTIONS", "/shows")?.integration).toMatchObject({
      type: "MOCK",
      responses: [{ statusCode: "200" }],
    });
  });

  it("reads policy, binary types and gateway responses of the root", () => {
    expect(api?.binaryMediaTypes).toEqual(["application/pdf"]);
    expect(api?.policy).toMatchObject({ document: { Statement: [{ Effect: "Allow", Resource: "execute-api:/*" }] } });
    expect(api?.gatewayResponses).toMatchObject([
      {
        responseType: "UNAUTHORIZED",
        statusCode: "401",
        responseParameters: { "gatewayresponse.header.WWW-Authenticate": "'Bearer'" },
      },
    ]);
  });

  it("warns that security at the root protects nothing, and of nothing else", () => {
    expect(model.problems.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      expect.stringMatching(/^warning: security at the root of an OpenAPI document is ignored by API Gateway/),
    ]);
  });
});

describe("an operation that API Gateway would not protect as written is refused", () => {
  interface Body {
    locals: {
      openapi: {
        paths: Record<string, Record<string, unknown>>;
        components: { securitySchemes: Record<string, unknown> };
      };
    };
  }
  const integration = { $ref: "#/x-integrations/shows" };
  function withOperation(operation: unknown, schemes: Record<string, unknown> = {}): Model {
    const main = JSON.parse(readFileSync(fixture("theatre", "main.tf.json"), "utf8")) as Body;
    main.locals.openapi.paths["/new"] = { get: operation };
    Object.assign(main.locals.openapi.components.securitySchemes, schemes);
    return loadModel(scratch({ "main.tf.json": main }));
  }

  it.each<[why: string, security: unknown, schemes: Record<string, unknown>, message: RegExp]>([
    [
      "a scheme without API Gateway's extensions",
      [{ plain: [] }],
      { plain: { type: "http", scheme: "bearer" } },
      /"plain" has none of API Gateway's extensions/,
    ],
    ["a scheme that is not defined", [{ missing: [] }], {}, /security scheme "missing" is not defined/],
    ["two authorizers", [{ badge: [] }, { members: [] }], {}, /names several: badge, members/],
    [
      "an authorizer of an unknown type",
      [{ odd: [] }],
      { odd: { "x-amazon-apigateway-authorizer": { type: "jwt" } } },
      /authorizer "odd" is of type "JWT"/,
    ],
    [
      "an authorizer without a function",
      [{ odd: [] }],
      { odd: { "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: "https://x" } } },
      /authorizerUri of "odd" names no Lambda function/,
    ],
    [
      "a Cognito authorizer without a pool",
      [{ odd: [] }],
      { odd: { "x-amazon-apigateway-authorizer": { type: "cognito_user_pools" } } },
      /authorizer "odd" names no user pool/,
    ],
  ])("%s", (_why, security, schemes, message) => {
    const loaded = withOperation({ security, "x-amazon-apigateway-integration": integration }, schemes);
    expect(route(loaded, "GET", "/new")?.refused).toMatch(message);
    expect(loaded.problems.filter(({ severity }) => severity === "error").map((one) => one.message)).toEqual(
      expect.arrayContaining([expect.stringMatching(message)]),
    );
  });

  it.each<[why: string, type: unknown, message: RegExp]>([
    [
      "a service integration",
      { type: "aws", uri: "arn:aws:apigateway:eu-west-1:sqs:path/q" },
      /integration type AWS is not supported/,
    ],
    ["a VPC link", { type: "http_proxy", uri: "http://x", connectionType: "VPC_LINK" }, /VPC link/],
    [
      "a proxy of something else than a function",
      { type: "aws_proxy", uri: "arn:aws:apigateway:eu-west-1:s3:path/x" },
      /only Lambda functions are/,
    ],
  ])("%s leaves the route without an integration", (_why, integrationJson, message) => {
    const loaded = withOperation({ "x-amazon-apigateway-integration": integrationJson });
    expect(route(loaded, "GET", "/new")).toMatchObject({
      auth: { type: "NONE" },
      integrationRefused: expect.stringMatching(message) as string,
    });
    expect(route(loaded, "GET", "/new")?.integration).toBeUndefined();
    expect(loaded.problems.map((one) => one.message)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
  });
});
