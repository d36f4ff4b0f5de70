import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiGatewayAuthorizer } from "@cdktf/provider-aws/lib/api-gateway-authorizer";
import { ApiGatewayGatewayResponse } from "@cdktf/provider-aws/lib/api-gateway-gateway-response";
import { ApiGatewayRequestValidator } from "@cdktf/provider-aws/lib/api-gateway-request-validator";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { Deployment } from "../../../constructs/rest-api/deployment";

interface Parts {
  readonly identitySource?: string;
  readonly pattern?: string;
  readonly functionUri?: string;
  readonly errorBody?: string;
  readonly checksBody?: boolean;
}

/** The triggers of the deployment of an API with one authorizer, one gateway response and one validator. */
function triggersOf(parts: Parts): unknown {
  const outdir = mkdtempSync(join(tmpdir(), "portcullis-deployment-"));
  try {
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "stack");
    const provider = new AwsProvider(stack, "aws", { region: "eu-west-1" });
    const under = new Construct(stack, "api");
    const api = new ApiGatewayRestApi(under, "rest-api", { provider, name: "api" });
    new ApiGatewayAuthorizer(under, "authorizer", {
      provider,
      restApiId: api.id,
      name: "authorizer",
      type: "TOKEN",
      authorizerUri: parts.functionUri ?? "${aws_lambda_function.first.invoke_arn}",
      identitySource: parts.identitySource ?? "method.request.header.Authorization",
      identityValidationExpression: parts.pattern ?? "^Bearer .+$",
      authorizerResultTtlInSeconds: 300,
    });
    new ApiGatewayGatewayResponse(under, "denied", {
      provider,
      restApiId: api.id,
      responseType: "ACCESS_DENIED",
      responseTemplates: { "application/json": parts.errorBody ?? '{"message":$context.error.messageString}' },
    });
    new ApiGatewayRequestValidator(under, "validator", {
      provider,
      restApiId: api.id,
      name: "validator",
      validateRequestBody: parts.checksBody ?? true,
    });
    new Deployment(under, "deployment", { provider, api, parts: under });
    app.synth();
    const written = JSON.parse(readFileSync(join(outdir, "stacks", "stack", "cdk.tf.json"), "utf8")) as {
      resource: { aws_api_gateway_deployment: Record<string, { triggers: unknown }> };
    };
    return Object.values(written.resource.aws_api_gateway_deployment)[0]?.triggers;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const before = triggersOf({});

it("takes the same snapshot for the same parts", () => expect(triggersOf({})).toEqual(before));

it.each<[string, Parts]>([
  ["the identity source of an authorizer", { identitySource: "method.request.header.X-Token" }],
  ["the validation expression of an authorizer", { pattern: "^Bearer [a-z]+$" }],
  ["the function of an authorizer", { functionUri: "${aws_lambda_function.second.invoke_arn}" }],
  ["the body of a gateway response", { errorBody: '{"error":$context.error.messageString}' }],
  ["what a validator checks", { checksBody: false }],
])("takes a new snapshot when %s changes", (_what, parts) => expect(triggersOf(parts)).not.toEqual(before));
