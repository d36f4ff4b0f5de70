import { invokePermission } from "../../proof/gateway/invoke-permission";
import type { LambdaPermission, Role } from "../../proof/model/types";
import { lambdaFunction } from "../lambda/zips";
import { model } from "./models";

const source = { file: "f", address: "a" };
const execution = "arn:aws:execute-api:eu-west-1:111111111111:abcdefghij";
const method = `${execution}/dev/GET/orders/7`;
const arn = "arn:aws:lambda:eu-west-1:111111111111:function:fn";
const from = { service: "apigateway.amazonaws.com", sourceArn: method, sourceAccount: "111111111111" } as const;
const may = (permission: Partial<LambdaPermission>, functionArn = arn) => {
  const permissions = [
    { principal: "apigateway.amazonaws.com", action: "lambda:InvokeFunction", source, ...permission },
  ];
  const fn = lambdaFunction("", { zipFile: "unused.zip", permissions });
  const question = { ...from, functionArn };
  return invokePermission(model([], [fn]))(question) === undefined;
};

describe("API Gateway's permission to invoke a function", () => {
  it.each<[string, Partial<LambdaPermission>]>([
    ["names no source", {}],
    ["covers the whole API", { sourceArn: `${execution}/*` }],
    ["covers the method", { sourceArn: `${execution}/*/GET/orders/*` }],
    ["is the method", { sourceArn: method }],
    ["names the API's account", { sourceAccount: "111111111111" }],
    ["allows every action on functions", { action: "lambda:*" }],
    ["admits everybody", { principal: "*" }],
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
    ["names a principal that is none", { principal: "someone" }],
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

  it("is refused with the function, the source and what to add", () => {
    const fn = lambdaFunction("", { zipFile: "unused.zip" });
    const because = invokePermission(model([], [fn]))({ ...from, functionArn: arn });
    expect(because).toContain("aws_lambda_function.fn");
    expect(because).toContain(method);
    expect(because).toContain("Add an aws_lambda_permission");
  });
});

describe("a role with which API Gateway invokes a function", () => {
  const roleArn = "arn:aws:iam::111111111111:role/invoker";
  const trust = (service: string) => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
  const allows = (action: string, resource: string) => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: action, Resource: resource }],
  });
  const role = (trustPolicy: object, policy: object, more: Partial<Role> = {}): Role => ({
    address: "aws_iam_role.invoker",
    name: "invoker",
    arn: roleArn,
    accountId: "111111111111",
    trustPolicy: { document: trustPolicy, source },
    identityPolicies: [{ document: policy, source }],
    tags: {},
    maxSessionSeconds: 3600,
    source,
    ...more,
  });
  const apigateway = trust("apigateway.amazonaws.com");
  const invoke = allows("lambda:InvokeFunction", arn);
  const because = (roles: Role[], functionArn = arn, permissions: LambdaPermission[] = []) => {
    const fn = lambdaFunction("", { zipFile: "unused.zip", permissions, arn: functionArn });
    return invokePermission(model([], [fn], { roles }))({ ...from, functionArn, credentialsArn: roleArn });
  };

  it("needs no permission of the function in its own account", () => {
    expect(because([role(apigateway, invoke)])).toBeUndefined();
  });

  it.each([
    ["is not in the configuration", [], /is not in the loaded configuration/],
    ["trusts another service", [role(trust("lambda.amazonaws.com"), invoke)], /cannot assume the role/],
    [
      "trusts API Gateway for some accounts, which nothing says it names",
      [
        role(
          {
            ...apigateway,
            Statement: apigateway.Statement.map((one) => ({
              ...one,
              Condition: { StringEqualsIfExists: { "aws:SourceAccount": "111111111111" } },
            })),
          },
          invoke,
        ),
      ],
      /cannot assume the role '[^']*': It cannot be told whether statement 0 of .* nothing says what aws:SourceAccount holds/,
    ],
    [
      "may invoke another function",
      [role(apigateway, allows("lambda:InvokeFunction", `${arn}2`))],
      /may not lambda:InvokeFunction/,
    ],
    [
      "is limited by its boundary",
      [role(apigateway, invoke, { permissionsBoundary: { document: allows("s3:*", "*"), source } })],
      /No permissions-boundary policy allows it/,
    ],
  ])("cannot where it %s", (_name, roles, expected) => {
    expect(because(roles)).toMatch(expected);
  });

  it("needs the function's permission as well in another account", () => {
    const foreign = arn.replace("111111111111", "222222222222");
    const roles = [role(apigateway, allows("lambda:InvokeFunction", foreign))];
    expect(because(roles, foreign)).toMatch(/No resource policy allows it/);
    const permission = { principal: roleArn, action: "lambda:InvokeFunction", source };
    expect(because(roles, foreign, [permission])).toBeUndefined();
  });
});
