import { loadModel } from "../../proof/model/load";
import { scratch } from "../terraform/scratch";
import { apiId, errors, load, resourceId } from "./small-api";

describe("what a request is checked against", () => {
  const validated = {
    request_validator_id: "${aws_api_gateway_request_validator.v.id}",
    request_parameters: { "method.request.querystring.page": true, "method.request.header.X-Trace": false },
    request_models: { "application/json": "${aws_api_gateway_model.order.name}" },
  };
  const model = (name: string, schema: unknown): unknown => ({
    rest_api_id: apiId,
    name,
    content_type: "application/json",
    schema: JSON.stringify(schema),
  });
  const url = (name: string): string => `https://apigateway.amazonaws.com/restapis/${apiId}/models/${name}`;
  const more = {
    aws_api_gateway_request_validator: { v: { rest_api_id: apiId, name: "v", validate_request_body: true } },
    aws_api_gateway_model: {
      order: model("Order", { type: "object", properties: { lines: { type: "array", items: { $ref: url("Line") } } } }),
      line: model("Line", { type: "object", properties: { of: { $ref: url("Order") } } }),
    },
  };
  const loaded = load(validated, more);
  const route = loaded.apis[0]?.routes[0];

  it("are the validator's two switches and the parameters with whether they are required", () => {
    expect(route).toMatchObject({
      requestValidator: { body: true, parameters: false },
      requestParameters: { "method.request.querystring.page": true, "method.request.header.X-Trace": false },
    });
  });

  it("is the model's schema, with the models that it refers to beside it, in a circle too", () => {
    expect(route?.requestModels).toEqual({
      "application/json": {
        type: "object",
        properties: { lines: { type: "array", items: { $ref: "#/definitions/Line" } } },
        definitions: {
          Line: { type: "object", properties: { of: { $ref: "#/definitions/Order" } } },
          Order: { type: "object", properties: { lines: { type: "array", items: { $ref: "#/definitions/Line" } } } },
        },
      },
    });
    expect(loaded.problems).toEqual([]);
  });

  it("is nothing for the models that every API has", () => {
    expect(load({ request_models: { "application/json": "Empty" } })).toMatchObject({
      problems: [],
      apis: [{ routes: [{ requestModels: {} }] }],
    });
  });

  it.each<[what: string, method: Record<string, unknown>, message: RegExp]>([
    ["model", { request_models: { "application/json": "Missing" } }, /model "Missing" is not in this configuration/],
    ["validator", { request_validator_id: "abc123" }, /validator abc123 is not in this configuration/],
  ])("a %s from elsewhere is an error", (_what, method, message) => {
    expect(errors(load(method)).map((problem) => problem.message)).toEqual([expect.stringMatching(message)]);
  });
});

describe("an API written in Swagger 2.0", () => {
  it("has its security definitions, body parameters and definitions read", () => {
    const swagger = {
      swagger: "2.0",
      consumes: ["application/json"],
      "x-amazon-apigateway-api-key-source": "AUTHORIZER",
      "x-amazon-apigateway-endpoint-configuration": { disableExecuteApiEndpoint: true },
      securityDefinitions: {
        pool: {
          type: "apiKey",
          name: "Authorization",
          in: "header",
          "x-amazon-apigateway-authorizer": {
            type: "cognito_user_pools",
            providerARNs: ["arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_abc"],
          },
        },
      },
      definitions: { Pet: { type: "object" } },
      paths: {
        "/pets/": {
          post: {
            security: [{ pool: [] }],
            parameters: [{ in: "body", name: "pet", schema: { $ref: "#/definitions/Pet" } }],
            "x-amazon-apigateway-integration": { type: "mock" },
          },
        },
      },
    };
    const model = loadModel(
      scratch({
        "main.tf.json": {
          provider: { aws: { region: "eu-west-1", allowed_account_ids: ["111111111111"] } },
          resource: {
            aws_api_gateway_rest_api: { api: { name: "pets", body: '${file("swagger.json")}' } },
            aws_api_gateway_stage: { s: { rest_api_id: apiId, stage_name: "s" } },
          },
        },
        "swagger.json": swagger,
      }),
    );
    expect(model.apis[0]).toMatchObject({
      apiKeySource: "AUTHORIZER",
      disableExecuteApiEndpoint: true,
      routes: [
        {
          method: "POST",
          path: "/pets",
          auth: {
            type: "COGNITO_USER_POOLS",
            authorizer: { name: "pool", identitySource: "method.request.header.Authorization" },
          },
          requestModels: {
            "application/json": { $ref: "#/definitions/Pet", definitions: { Pet: { type: "object" } } },
          },
        },
      ],
    });
  });
});

describe("one API of resources and of a body together", () => {
  it("has the routes of both, and a route in both is an error", () => {
    const body = (path: string): string =>
      JSON.stringify({
        openapi: "3.0.1",
        paths: { [path]: { get: { "x-amazon-apigateway-integration": { type: "mock" } } } },
      });
    const both = load({}, { aws_api_gateway_rest_api: { api: { name: "api", body: body("/other") } } });
    expect(both.apis[0]?.routes.map(({ path }) => path)).toEqual(["/orders", "/other"]);
    expect(both.problems).toEqual([]);
    const clash = load(
      { resource_id: resourceId },
      { aws_api_gateway_rest_api: { api: { name: "api", body: body("/orders") } } },
    );
    expect(errors(clash).map(({ message }) => message)).toEqual([
      "GET /orders is defined twice, here and at aws_api_gateway_method.get",
    ]);
  });
});
