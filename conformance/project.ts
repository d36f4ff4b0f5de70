import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";

/** The probes' caller, who may invoke everything. */
export const CALLER = { accessKeyId: "AKIAPROBE00000000001", secretAccessKey: "probe-secret" };
export const ACCOUNT = "111122223333";
export const REGION = "us-east-1";

/** An authorizer that returns the statements which the token holds as JSON in base64url, with the API's ARN filled in. */
const AUTHORIZER = `
exports.handler = async ({ methodArn, authorizationToken, headers }) => {
  const text = Buffer.from(authorizationToken ?? headers.A, "base64url").toString("utf8");
  const Statement = JSON.parse(text.replaceAll("API", methodArn.split("/")[0]));
  return { principalId: "probe", policyDocument: { Version: "2012-10-17", Statement } };
};`;
const ECHO = `exports.handler = async () => ({ statusCode: 200, body: "{}" });`;

/**
 * Writes the REST API of the probes as plain Terraform JSON: an OpenAPI body, the stages `prod` and `nonprod`.
 *
 * @returns the options of `portcullis serve` for it
 */
export function writeProject(folder: string): { readonly directory: string; readonly callersFile: string } {
  const directory = join(folder, "probes");
  mkdirSync(directory, { recursive: true });
  const code = (source: string) => zipSync({ "index.js": strToU8(source) });
  writeFileSync(join(directory, "authorizer.zip"), code(AUTHORIZER));
  writeFileSync(join(directory, "echo.zip"), code(ECHO));
  writeFileSync(join(directory, "main.tf.json"), JSON.stringify(configuration, null, 2));
  const callersFile = join(folder, "callers.json");
  const Statement = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
  const policies = [{ Version: "2012-10-17", Statement }];
  const caller = { ...CALLER, arn: `arn:aws:iam::${ACCOUNT}:user/probe`, policies };
  writeFileSync(callersFile, JSON.stringify({ callers: [caller] }));
  return { directory, callersFile };
}

const operation = (scheme: string) => ({
  get: {
    security: [{ [scheme]: [] }],
    "x-amazon-apigateway-integration": {
      type: "aws_proxy",
      httpMethod: "POST",
      uri: "${aws_lambda_function.echo.invoke_arn}",
    },
  },
});
const custom = (name: string, authorizer: object) => ({
  type: "apiKey",
  in: "header",
  name,
  "x-amazon-apigateway-authtype": "custom",
  "x-amazon-apigateway-authorizer": {
    authorizerUri: "${aws_lambda_function.authorizer.invoke_arn}",
    authorizerResultTtlInSeconds: 0,
    ...authorizer,
  },
});
const rest_api_id = "${aws_api_gateway_rest_api.probes.id}";
const lambda = (name: string) => ({
  function_name: name,
  filename: `${name}.zip`,
  handler: "index.handler",
  runtime: "nodejs20.x",
  role: "${aws_iam_role.fn.arn}",
});
const permission = (name: string, below: string) => ({
  function_name: name,
  action: "lambda:InvokeFunction",
  principal: "apigateway.amazonaws.com",
  source_arn: `\${aws_api_gateway_rest_api.probes.execution_arn}/${below}`,
});
const stage = (stage_name: string) => ({
  rest_api_id,
  stage_name,
  deployment_id: "${aws_api_gateway_deployment.probes.id}",
});

const openapi = {
  openapi: "3.0.1",
  info: { title: "probes", version: "1" },
  components: {
    securitySchemes: {
      token: custom("Authorization", { type: "token" }),
      both: custom("Unused", { type: "request", identitySource: "method.request.header.A, method.request.header.B" }),
      sigv4: { type: "apiKey", in: "header", name: "Authorization", "x-amazon-apigateway-authtype": "awsSigv4" },
    },
  },
  paths: {
    "/items/{id}": operation("token"),
    "/axb": operation("token"),
    "/both": operation("both"),
    "/signed/{name}": operation("sigv4"),
  },
};

const configuration = {
  provider: { aws: [{ region: REGION, allowed_account_ids: [ACCOUNT] }] },
  resource: {
    aws_api_gateway_rest_api: { probes: { name: "probes", body: JSON.stringify(openapi) } },
    aws_api_gateway_deployment: { probes: { rest_api_id } },
    aws_api_gateway_stage: { prod: stage("prod"), nonprod: stage("nonprod") },
    aws_lambda_function: { authorizer: lambda("authorizer"), echo: lambda("echo") },
    aws_lambda_permission: {
      authorizer: permission("authorizer", "authorizers/*"),
      echo: permission("echo", "*"),
    },
    aws_iam_role: {
      fn: {
        name: "fn",
        assume_role_policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
        }),
      },
    },
  },
};
