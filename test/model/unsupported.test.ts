import { InputError } from "../../proof/errors";
import { loadModel } from "../../proof/model/load";
import { scratch } from "../terraform/scratch";
import { apiId, errors, load, resourceId, warnings } from "./small-api";
import type { Resources } from "./small-api";

describe("a sound API", () => {
  it("has nothing to report", () => {
    expect(load({}).problems).toEqual([]);
  });
});

describe("what API Gateway has and this does not support is named", () => {
  it.each<[what: string, more: Resources, address: string, message: RegExp]>([
    [
      "a service integration",
      {
        aws_api_gateway_integration: {
          get: { rest_api_id: apiId, resource_id: resourceId, http_method: "GET", type: "AWS", uri: "x" },
        },
      },
      "aws_api_gateway_integration.get.type",
      /integration type AWS is not supported/,
    ],
    [
      "a VPC link",
      {
        aws_api_gateway_integration: {
          get: {
            rest_api_id: apiId,
            resource_id: resourceId,
            http_method: "GET",
            type: "HTTP_PROXY",
            uri: "http://x",
            connection_type: "VPC_LINK",
          },
        },
      },
      "aws_api_gateway_integration.get.connection_type",
      /goes through a VPC link/,
    ],
    [
      "a type to come",
      { aws_api_gateway_rest_api_put: { x: {} } },
      "aws_api_gateway_rest_api_put.x",
      /aws_api_gateway_rest_api_put is not supported/,
    ],
    [
      "a method on a resource from elsewhere",
      {
        aws_api_gateway_method: {
          other: { rest_api_id: apiId, resource_id: "abc", http_method: "GET", authorization: "NONE" },
        },
      },
      "aws_api_gateway_method.other.resource_id",
      /stands on resource abc, which is not in this directory/,
    ],
    [
      "a verb that does not exist",
      {
        aws_api_gateway_method: {
          other: { rest_api_id: apiId, resource_id: resourceId, http_method: "FETCH", authorization: "NONE" },
        },
      },
      "aws_api_gateway_method.other.http_method",
      /"FETCH" is not a verb/,
    ],
    [
      "a route defined twice",
      {
        aws_api_gateway_method: {
          other: { rest_api_id: apiId, resource_id: resourceId, http_method: "GET", authorization: "NONE" },
        },
      },
      "aws_api_gateway_method.other",
      /GET \/orders is defined twice/,
    ],
    [
      "a method without an integration",
      {
        aws_api_gateway_method: {
          other: { rest_api_id: apiId, resource_id: resourceId, http_method: "PUT", authorization: "NONE" },
        },
      },
      "aws_api_gateway_method.other",
      /PUT \/orders has no integration: AWS refuses to deploy an API with such a method/,
    ],
    [
      "a method of an API that is not known",
      {
        aws_api_gateway_method: {
          other: { rest_api_id: "${data.a.b.id}", resource_id: resourceId, http_method: "PUT", authorization: "NONE" },
        },
      },
      "aws_api_gateway_method.other.rest_api_id",
      /rest_api_id is not known/,
    ],
    [
      "methods of which the instances are not known",
      {
        aws_api_gateway_method: { other: { for_each: "${aws_thing.a.all}", rest_api_id: apiId } },
        aws_thing: { a: {} },
      },
      "aws_thing.a.all",
      /instances of aws_api_gateway_method are not known/,
    ],
    [
      "a private API without a policy",
      { aws_api_gateway_rest_api: { api: { name: "api", endpoint_configuration: { types: ["PRIVATE"] } } } },
      "aws_api_gateway_rest_api.api",
      /is private and has no resource policy/,
    ],
    [
      "an endpoint type to come",
      { aws_api_gateway_rest_api: { api: { name: "api", endpoint_configuration: { types: ["GLOBAL"] } } } },
      "aws_api_gateway_rest_api.api.endpoint_configuration.types",
      /endpoint type "GLOBAL"/,
    ],
    [
      "a body that is not known",
      { aws_api_gateway_rest_api: { api: { name: "api", body: "${data.a.b.c}" } } },
      "aws_api_gateway_rest_api.api.body",
      /body is not known/,
    ],
    [
      "a body that is neither JSON nor YAML",
      { aws_api_gateway_rest_api: { api: { name: "api", body: "openapi: [3.0.1" } } },
      "aws_api_gateway_rest_api.api.body",
      /no OpenAPI document in JSON or YAML: Flow sequence .* at line 1/,
    ],
    [
      "a body with a mistake in its JSON",
      { aws_api_gateway_rest_api: { api: { name: "api", body: '{"openapi": }' } } },
      "aws_api_gateway_rest_api.api.body",
      /no OpenAPI document in JSON or YAML: Unexpected token/,
    ],
    [
      "a body that names a path twice",
      { aws_api_gateway_rest_api: { api: { name: "api", body: "paths:\n  /a: {}\n  /a: {}\n" } } },
      "aws_api_gateway_rest_api.api.body",
      /no OpenAPI document in JSON or YAML: Map keys must be unique at line 3/,
    ],
    [
      "a body that is a text",
      { aws_api_gateway_rest_api: { api: { name: "api", body: "openapi" } } },
      "aws_api_gateway_rest_api.api.body",
      /it is no object/,
    ],
  ])("%s", (_what, more, address, message) => {
    const model = load({}, more);
    const found = errors(model).find((problem) => problem.source.address === address);
    expect(found?.message).toMatch(message);
  });

  it.each<[what: string, more: Resources, top: Record<string, unknown>, message: RegExp]>([
    ["AWS WAF", { aws_wafv2_web_acl_association: { w: {} } }, {}, /AWS WAF is left out/],
    [
      "a custom domain",
      { aws_api_gateway_domain_name: { d: {} } },
      {},
      /the custom domain of this resource is left out/,
    ],
    ["an HTTP API", { aws_apigatewayv2_api: { h: {} } }, {}, /HTTP and WebSocket APIs are not read/],
    ["a module that is given nothing of the API", {}, { module: { vpc: { source: "x" } } }, /module\.vpc is not read/],
    [
      "a canary",
      {
        aws_api_gateway_stage: {
          live: { rest_api_id: apiId, stage_name: "live", canary_settings: { percent_traffic: 5 } },
        },
      },
      {},
      /canary deployment/,
    ],
    [
      "a function from elsewhere",
      {
        aws_api_gateway_integration: {
          get: {
            rest_api_id: apiId,
            resource_id: resourceId,
            http_method: "GET",
            type: "AWS_PROXY",
            uri: "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:999999999999:function:far/invocations",
          },
        },
      },
      {},
      /function:far, which is not in this directory/,
    ],
    [
      "a method of an API from elsewhere",
      {
        aws_api_gateway_method: {
          other: { rest_api_id: "abc123", resource_id: "x", http_method: "GET", authorization: "NONE" },
        },
      },
      {},
      /belongs to REST API abc123, which is not in this directory/,
    ],
  ])("%s is left out with a warning", (_what, more, top, message) => {
    const model = load({}, more, top);
    expect(warnings(model).map((problem) => problem.message)).toEqual(
      expect.arrayContaining([expect.stringMatching(message)]),
    );
    expect(errors(model)).toEqual([]);
  });

  it("a module that is given part of the API is an error", () => {
    const model = load({}, {}, { module: { routes: { source: "x", api: apiId } } });
    expect(errors(model).map(({ message }) => message)).toEqual([
      expect.stringMatching(/module\.routes is not read, and it is given part of an API/),
    ]);
  });
});

describe("a directory without a REST API", () => {
  it("is refused", () => {
    const directory = scratch({ "main.tf.json": { resource: { aws_vpc: { v: {} } } } });
    expect(() => loadModel(directory)).toThrow(InputError);
    expect(() => loadModel(directory)).toThrow(/holds no REST API/);
  });
});
