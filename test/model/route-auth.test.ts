import { apiId, errors, load } from "./small-api";
import type { Resources } from "./small-api";

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
