import { InputError } from "../../proof/errors";
import { loadModel } from "../../proof/model/load";
import { scratch } from "../terraform/scratch";
import { apiId, errors, load, resourceId, warnings } from "./small-api";
import type { Resources } from "./small-api";

const everyone = JSON.stringify({ Version: "2012-10-17", Statement: [] });
const denying = everyone.replace(
  "[]",
  '[{"Effect":"Deny","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*"}]',
);

describe("a sound API", () => {
  it("has nothing to report", () => {
    expect(load({}).problems).toEqual([]);
  });
});

describe("a route whose authorization cannot be told is refused, by address", () => {
  const authorizer = (values: Record<string, unknown>): Resources => ({
    aws_api_gateway_authorizer: { a: { name: "a", rest_api_id: apiId, ...values } },
  });
  const lambda =
    "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111111111111:function:f/invocations";
  const use = { authorization: "CUSTOM", authorizer_id: "${aws_api_gateway_authorizer.a.id}" };
  it.each<[why: string, method: Record<string, unknown>, more: Resources, message: RegExp]>([
    [
      "an unknown authorization type",
      { authorization: "JWT" },
      {},
      /authorization "JWT" is not NONE, AWS_IAM, CUSTOM or COGNITO_USER_POOLS/,
    ],
    ["no authorization", { authorization: null }, {}, /aws_api_gateway_method\.get has no authorization/],
    [
      "an authorization known only after apply",
      { authorization: "${aws_thing.a.kind}" },
      { aws_thing: { a: {} } },
      /authorization is not known: aws_thing\.a\.kind is known only after apply/,
    ],
    ["CUSTOM without an authorizer", { authorization: "CUSTOM" }, {}, /has authorization CUSTOM and no authorizer_id/],
    [
      "COGNITO_USER_POOLS with an empty authorizer",
      { authorization: "COGNITO_USER_POOLS", authorizer_id: "" },
      {},
      /has authorization COGNITO_USER_POOLS and no authorizer_id/,
    ],
    [
      "an authorizer from elsewhere",
      { authorization: "CUSTOM", authorizer_id: "abc123" },
      {},
      /names authorizer abc123, which this API does not have/,
    ],
    [
      "an authorizer that is not known",
      { authorization: "CUSTOM", authorizer_id: "${data.x.y.id}" },
      {},
      /authorizer_id is not known: data\.x\.y does not exist/,
    ],
    [
      "a Lambda authorizer on a Cognito method",
      { ...use, authorization: "COGNITO_USER_POOLS" },
      authorizer({ authorizer_uri: lambda }),
      /has authorization COGNITO_USER_POOLS, and its authorizer aws_api_gateway_authorizer\.a is of type TOKEN/,
    ],
    [
      "a Cognito authorizer on a Lambda method",
      use,
      authorizer({ type: "COGNITO_USER_POOLS", provider_arns: ["arn:x"] }),
      /has authorization CUSTOM, and its authorizer .* is of type COGNITO_USER_POOLS/,
    ],
    [
      "an authorizer of an unknown type",
      use,
      authorizer({ type: "JWT", authorizer_uri: lambda }),
      /names authorizer [a-z0-9]{10}, which this API does not have/,
    ],
    ["an authorizer without a function", use, authorizer({}), /which this API does not have/],
    [
      "an authorizer whose time to live is not known",
      use,
      authorizer({ authorizer_uri: lambda, authorizer_result_ttl_in_seconds: "${aws_thing.a.ttl}" }),
      /which this API does not have/,
    ],
    [
      "an authorizer without a pool",
      { ...use, authorization: "COGNITO_USER_POOLS" },
      authorizer({ type: "COGNITO_USER_POOLS" }),
      /which this API does not have/,
    ],
    [
      "a scope that is not known",
      { ...use, authorization: "COGNITO_USER_POOLS", authorization_scopes: ["${aws_thing.a.scope}"] },
      { aws_thing: { a: {} }, ...authorizer({ type: "COGNITO_USER_POOLS", provider_arns: ["arn:x"] }) },
      /authorization_scopes is not known/,
    ],
  ])("%s", (_why, method, more, message) => {
    const model = load(method, more);
    expect(model.apis[0]?.routes[0]?.refused).toMatch(message);
    expect(errors(model).length).toBeGreaterThan(0);
    expect(errors(model).every(({ source }) => source.file === "main.tf.json" && source.address !== "")).toBe(true);
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

describe("a resource policy that cannot be told leaves the API with one that allows nothing", () => {
  const separate = (policy: unknown, api: unknown = apiId): Resources => ({
    aws_api_gateway_rest_api_policy: { p: { rest_api_id: api, policy } },
  });
  it.each<[why: string, more: Resources, message: RegExp]>([
    [
      "it is known only after apply",
      separate("${aws_thing.a.policy}"),
      /policy is not known: aws_thing\.a does not exist/,
    ],
    [
      "a part of it is",
      separate('{"Statement":[{"Resource":"${data.x.y.arn}/*"}]}'),
      /policy is not known: data\.x\.y does not exist/,
    ],
    ["it is no JSON", separate("{"), /is no valid JSON/],
    ["it is a list", separate(["{}"]), /is no JSON text/],
    ["it may be another API's", separate(everyone, "${data.x.y.id}"), /may belong to this API/],
    [
      "it is not known how many there are",
      { aws_api_gateway_rest_api_policy: { p: { for_each: "${data.x.y.all}", rest_api_id: apiId, policy: everyone } } },
      /may belong to this API/,
    ],
    [
      "there are two that differ",
      {
        ...separate(everyone),
        aws_api_gateway_rest_api: { api: { name: "api", policy: denying } },
      },
      /has resource policies that differ/,
    ],
  ])("%s", (_why, more, message) => {
    const model = load({ authorization: "NONE" }, more);
    expect(model.apis[0]?.policy).toMatchObject({
      document: null,
      unresolved: expect.stringMatching(message) as string,
    });
    expect(errors(model).length).toBeGreaterThan(0);
  });

  it("but two that say the same are one, as whichever is applied last", () => {
    const inline = { aws_api_gateway_rest_api: { api: { name: "api", policy: everyone } } };
    const model = load({ authorization: "NONE" }, { ...separate(everyone.replace(",", ", ")), ...inline });
    expect(model.apis[0]?.policy).toMatchObject({ document: JSON.parse(everyone) as object });
    expect(model.problems).toEqual([]);
  });

  it("and an empty policy is none", () => {
    const model = load({}, { aws_api_gateway_rest_api: { api: { name: "api", policy: "" } } });
    expect(model.apis[0]).not.toHaveProperty("policy");
    expect(model.problems).toEqual([]);
  });
});

describe("a directory without a REST API", () => {
  it("is refused", () => {
    const directory = scratch({ "main.tf.json": { resource: { aws_vpc: { v: {} } } } });
    expect(() => loadModel(directory)).toThrow(InputError);
    expect(() => loadModel(directory)).toThrow(/holds no REST API/);
  });
});
