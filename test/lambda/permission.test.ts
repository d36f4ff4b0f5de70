import { apiGatewayMayInvoke, arnLike } from "../../proof/lambda/permission";
import type { LambdaPermission } from "../../proof/model/types";
import { lambdaFunction } from "./zips";

const execution = "arn:aws:execute-api:eu-west-1:111111111111:abcdefghij";
const method = `${execution}/dev/GET/orders/7`;
const arn = "arn:aws:lambda:eu-west-1:111111111111:function:fn";
const may = (permission: Partial<LambdaPermission>, functionArn = arn, sourceArn = method) =>
  apiGatewayMayInvoke(
    lambdaFunction("", {
      zipFile: "unused.zip",
      permissions: [
        {
          principal: "apigateway.amazonaws.com",
          action: "lambda:InvokeFunction",
          source: { file: "f", address: "a" },
          ...permission,
        },
      ],
    }),
    functionArn,
    sourceArn,
    "111111111111",
  );

describe("API Gateway's permission to invoke a function", () => {
  it.each<[string, Partial<LambdaPermission>]>([
    ["names no source", {}],
    ["covers the whole API", { sourceArn: `${execution}/*` }],
    ["covers the method", { sourceArn: `${execution}/*/GET/orders/*` }],
    ["is the method", { sourceArn: method }],
    ["names the API's account", { sourceAccount: "111111111111" }],
    ["allows every action on functions", { action: "lambda:*" }],
  ])("is given where the permission %s", (_name, permission) => {
    expect(may(permission)).toBe(true);
  });

  it.each<[string, Partial<LambdaPermission>]>([
    ["covers another verb", { sourceArn: `${execution}/*/POST/orders/*` }],
    ["covers another stage", { sourceArn: `${execution}/prod/*` }],
    ["covers another API", { sourceArn: `${execution.replace("abcdefghij", "other")}/*` }],
    ["is the bare execution ARN", { sourceArn: execution }],
    ["is for an authorizer", { sourceArn: `${execution}/authorizers/abc` }],
    ["is another service's", { principal: "events.amazonaws.com" }],
    ["is everybody's", { principal: "*" }],
    ["is for another action", { action: "lambda:GetFunction" }],
    ["names another account", { sourceAccount: "222222222222" }],
    ["is for an alias", { qualifier: "live" }],
  ])("is not given where the permission %s", (_name, permission) => {
    expect(may(permission)).toBe(false);
  });

  it("of an alias admits that alias alone", () => {
    expect(may({ qualifier: "live" }, `${arn}:live`)).toBe(true);
    expect(may({ qualifier: "live" }, `${arn}:beta`)).toBe(false);
    expect(may({}, `${arn}:live`)).toBe(false);
  });

  it.each([
    ["arn:aws:execute-api:*:1:a/*", "arn:aws:execute-api:eu-west-1:1:a/b/c", true],
    ["arn:aws:execute-api:*", "arn:aws:execute-api:eu-west-1:1:a/b/c", false],
    ["arn:aws:execute-api:eu-west-1:1:a.b", "arn:aws:execute-api:eu-west-1:1:axb", false],
    ["arn:aws:execute-api:eu-west-1:1:a?b", "arn:aws:execute-api:eu-west-1:1:axb", true],
    ["arn:aws:execute-api:eu-west-1:1:A", "arn:aws:execute-api:eu-west-1:1:a", false],
  ])("compares %s with %s part by part: %s", (pattern, value, expected) => {
    expect(arnLike(pattern, value)).toBe(expected);
  });
});
