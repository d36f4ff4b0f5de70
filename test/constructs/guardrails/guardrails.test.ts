import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import { ApiGatewayRestApiPolicy } from "@cdktf/provider-aws/lib/api-gateway-rest-api-policy";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { App, Fn } from "cdktf";
import { dev } from "../../../environments/dev";
import { BaseStack } from "../../../stacks/base-stack";

/** Synthesizes a stack with what `add` puts into it. */
function synthesizing(add: (stack: BaseStack) => void): () => void {
  return () => {
    const outdir = mkdtempSync(join(tmpdir(), "portcullis-test-"));
    try {
      const app = new App({ outdir });
      add(new (class extends BaseStack {})(app, dev, "test", { accountId: dev.accountId }));
      app.synth();
    } finally {
      rmSync(outdir, { recursive: true });
    }
  };
}

const policy = (statement: object): string => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
const everyone = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*" };
const bucketPolicy = (text: string) => (stack: BaseStack) =>
  new S3BucketPolicy(stack, "it", { provider: stack.provider, bucket: "a", policy: text });
const apiPolicy = (resource: string) => (stack: BaseStack) =>
  new ApiGatewayRestApiPolicy(stack, "it", {
    provider: stack.provider,
    restApiId: "a",
    policy: policy({ ...everyone, Action: "execute-api:Invoke", Resource: resource }),
  });
const apiWithFunction = (permitted: boolean) => (stack: BaseStack) => {
  const { provider } = stack;
  const lambda = new LambdaFunction(stack, "lambda", { provider, functionName: "f", role: "r" });
  new ApiGatewayIntegration(stack, "it", {
    provider,
    restApiId: "a",
    resourceId: "b",
    httpMethod: "GET",
    type: "AWS_PROXY",
    uri: lambda.invokeArn,
  });
  if (!permitted) return;
  new LambdaPermission(stack, "permission", {
    provider,
    functionName: lambda.functionName,
    action: "lambda:InvokeFunction",
    principal: "apigateway.amazonaws.com",
    sourceArn: "arn:aws:execute-api:eu-west-1:111111111111:a/dev/GET/a",
  });
};
const trust = (principal: object) => (stack: BaseStack) =>
  new IamRole(stack, "it", {
    provider: stack.provider,
    assumeRolePolicy: policy({ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }),
  });

describe("A stack is refused, naming the construct,", () => {
  it.each<[string, (stack: BaseStack) => void, RegExp]>([
    [
      "for a method that anyone may call and nobody explained",
      (stack) =>
        new ApiGatewayMethod(stack, "it", {
          provider: stack.provider,
          restApiId: "a",
          resourceId: "b",
          httpMethod: "GET",
          authorization: "NONE",
        }),
      /anyone may call this method and no reason is written down/,
    ],
    [
      "for a bucket policy that allows everyone",
      bucketPolicy(policy(everyone)),
      /statement 0 of policy allows everyone/,
    ],
    [
      "for everyone spelled as an AWS principal",
      bucketPolicy(policy({ ...everyone, Principal: { AWS: ["*"] } })),
      /allows everyone/,
    ],
    ["for an empty condition", bucketPolicy(policy({ ...everyone, Condition: {} })), /allows everyone/],
    ["for a role anybody may assume", trust({ AWS: "*" }), /assume_role_policy allows everyone/],
    [
      "for a policy nobody can read before Terraform runs",
      bucketPolicy(Fn.jsonencode({ Statement: [] })),
      /cannot be checked/,
    ],
    [
      "for an API policy that opens every route",
      apiPolicy("${aws_api_gateway_rest_api.a.execution_arn}/*"),
      /allows everyone/,
    ],
    [
      "for a log that keeps everything for ever",
      (stack) => new CloudwatchLogGroup(stack, "it", { provider: stack.provider, kmsKeyId: "k" }),
      /retention_in_days is missing/,
    ],
    [
      "for a log without a key",
      (stack) => new CloudwatchLogGroup(stack, "it", { provider: stack.provider, retentionInDays: 30 }),
      /kms_key_id is missing/,
    ],
    [
      "for a secret without a key",
      (stack) => new SecretsmanagerSecret(stack, "it", { provider: stack.provider }),
      /kms_key_id is missing/,
    ],
    [
      "for a resource that leaves its account to chance",
      (stack) => new CloudwatchLogGroup(stack, "it", { retentionInDays: 30, kmsKeyId: "k" }),
      /no provider is named/,
    ],
    [
      "for a function that anyone's API may invoke",
      (stack) =>
        new LambdaPermission(stack, "it", {
          provider: stack.provider,
          functionName: "f",
          action: "lambda:InvokeFunction",
          principal: "apigateway.amazonaws.com",
        }),
      /for any of its customers/,
    ],
    [
      "for a function that API Gateway may not invoke",
      apiWithFunction(false),
      /invokes aws_lambda_function\.lambda, which has no aws_lambda_permission/,
    ],
  ])("%s", (_what, add, message) => {
    expect(synthesizing(add)).toThrow(message);
    expect(synthesizing(add)).toThrow("[portcullis-dev-test/it]");
  });
});

describe("A stack is accepted", () => {
  it.each<[string, (stack: BaseStack) => void]>([
    [
      "with everyone under a condition",
      bucketPolicy(policy({ ...everyone, Condition: { Bool: { "aws:SecureTransport": "true" } } })),
    ],
    ["with a Deny for everyone", bucketPolicy(policy({ ...everyone, Effect: "Deny" }))],
    [
      "with an API policy that opens one route",
      apiPolicy("${aws_api_gateway_rest_api.a.execution_arn}/dev/GET/health"),
    ],
    ["with a role of a service", trust({ Service: "lambda.amazonaws.com" })],
    ["with a function that may be invoked", apiWithFunction(true)],
  ])("%s", (_what, add) => expect(synthesizing(add)).not.toThrow());
});
