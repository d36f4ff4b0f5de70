import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zip } from "../lambda/zips";

const apiArn = "${aws_api_gateway_rest_api.shop.execution_arn}";

/** TOKEN authorizer: `allow` and `deny` as tokens say what they do; it counts its calls in its context. */
const authorizer = `
let calls = 0;
exports.handler = async (event) => {
  calls += 1;
  const token = event.authorizationToken ?? event.headers["x-token"];
  if (token === "unknown") throw new Error("Unauthorized");
  if (token === "broken") throw new Error("database is down");
  const [, , , , , api] = event.methodArn.split(":");
  const resource = token === "one" ? event.methodArn : event.methodArn.split("/")[0] + "/live/*";
  return {
    principalId: "user-" + token,
    policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect: token === "deny" ? "Deny" : "Allow", Resource: resource }] },
    context: { calls, admin: true },
  };
};`;

const echo =
  "exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify({ path: event.path, authorizer: event.requestContext.authorizer, identity: event.requestContext.identity }) });";

/** Plain Terraform JSON configuration of one team's REST API, with the four authorization types and a mock preflight. */
export function shop(more: Readonly<Record<string, Readonly<Record<string, object>>>> = {}): Record<string, unknown> {
  const method = (resource: string, http_method: string, authorization: object) => ({
    rest_api_id: "${aws_api_gateway_rest_api.shop.id}",
    resource_id: `\${aws_api_gateway_resource.${resource}.id}`,
    http_method,
    ...authorization,
  });
  const integration = (resource: string, name: string, fn: string, permission = {}) => ({
    rest_api_id: "${aws_api_gateway_rest_api.shop.id}",
    resource_id: `\${aws_api_gateway_resource.${resource}.id}`,
    http_method: `\${aws_api_gateway_method.${name}.http_method}`,
    type: "AWS_PROXY",
    integration_http_method: "POST",
    uri: `\${aws_lambda_function.${fn}.invoke_arn}`,
    ...permission,
  });
  const resource = (path_part: string) => ({
    rest_api_id: "${aws_api_gateway_rest_api.shop.id}",
    parent_id: "${aws_api_gateway_rest_api.shop.root_resource_id}",
    path_part,
  });
  const fn = (name: string) => ({
    function_name: name,
    role: "${aws_iam_role.fn.arn}",
    runtime: "nodejs20.x",
    handler: "index.handler",
    filename: `${name}.zip`,
    timeout: 3,
  });
  const permission = (name: string, source: string) => ({
    statement_id: "api",
    action: "lambda:InvokeFunction",
    function_name: `\${aws_lambda_function.${name}.function_name}`,
    principal: "apigateway.amazonaws.com",
    source_arn: source,
  });
  const custom = { authorization: "CUSTOM", authorizer_id: "${aws_api_gateway_authorizer.token.id}" };
  const resources: Record<string, Record<string, object>> = {
    aws_api_gateway_rest_api: { shop: { name: "shop", endpoint_configuration: [{ types: ["REGIONAL"] }] } },
    aws_api_gateway_resource: {
      open: resource("open"),
      signed: resource("signed"),
      a: resource("a"),
      b: resource("b"),
      unlinked: resource("unlinked"),
    },
    aws_api_gateway_method: {
      open: method("open", "GET", { authorization: "NONE" }),
      preflight: method("open", "OPTIONS", { authorization: "NONE" }),
      signed: method("signed", "GET", { authorization: "AWS_IAM" }),
      a: method("a", "GET", custom),
      b: method("b", "GET", custom),
      unlinked: method("unlinked", "GET", { authorization: "NONE" }),
    },
    aws_api_gateway_integration: {
      open: integration("open", "open", "echo"),
      preflight: {
        rest_api_id: "${aws_api_gateway_rest_api.shop.id}",
        resource_id: "${aws_api_gateway_resource.open.id}",
        http_method: "OPTIONS",
        type: "MOCK",
        request_templates: { "application/json": "{ statusCode: 204 }" },
      },
      signed: integration("signed", "signed", "echo"),
      a: integration("a", "a", "echo"),
      b: integration("b", "b", "echo"),
      unlinked: integration("unlinked", "unlinked", "unlinked"),
    },
    aws_api_gateway_method_response: {
      preflight: {
        rest_api_id: "${aws_api_gateway_rest_api.shop.id}",
        resource_id: "${aws_api_gateway_resource.open.id}",
        http_method: "OPTIONS",
        status_code: "204",
        response_parameters: { "method.response.header.Access-Control-Allow-Origin": true },
      },
    },
    aws_api_gateway_integration_response: {
      preflight: {
        rest_api_id: "${aws_api_gateway_rest_api.shop.id}",
        resource_id: "${aws_api_gateway_resource.open.id}",
        http_method: "OPTIONS",
        status_code: "204",
        response_parameters: {
          "method.response.header.Access-Control-Allow-Origin": "'https://shop.example'",
          "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'",
        },
      },
    },
    aws_api_gateway_authorizer: {
      token: {
        name: "token",
        rest_api_id: "${aws_api_gateway_rest_api.shop.id}",
        type: "TOKEN",
        authorizer_uri: "${aws_lambda_function.authorizer.invoke_arn}",
        identity_source: "method.request.header.X-Token",
        authorizer_result_ttl_in_seconds: 300,
      },
    },
    aws_api_gateway_deployment: { shop: { rest_api_id: "${aws_api_gateway_rest_api.shop.id}" } },
    aws_api_gateway_stage: {
      live: {
        rest_api_id: "${aws_api_gateway_rest_api.shop.id}",
        deployment_id: "${aws_api_gateway_deployment.shop.id}",
        stage_name: "live",
      },
    },
    aws_lambda_function: { echo: fn("echo"), authorizer: fn("authorizer"), unlinked: fn("unlinked") },
    aws_lambda_permission: {
      echo: permission("echo", `${apiArn}/*`),
      authorizer: permission("authorizer", `${apiArn}/authorizers/\${aws_api_gateway_authorizer.token.id}`),
      unlinked: permission("unlinked", `${apiArn}/*/POST/unlinked`),
    },
    aws_iam_role: {
      fn: {
        name: "fn",
        assume_role_policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
        }),
      },
    },
  };
  for (const [type, named] of Object.entries(more)) resources[type] = { ...resources[type], ...named };
  return {
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
    provider: { aws: [{ region: "eu-west-1", allowed_account_ids: ["111111111111"] }] },
    resource: resources,
  };
}

/** Writes a configuration with its functions into a folder of its own, and gives the folder. */
export function directoryOf(configuration: object): string {
  const directory = join(mkdtempSync(join(tmpdir(), "portcullis-test-")), "out");
  zip({ "index.js": echo }, join(directory, "echo.zip"));
  zip({ "index.js": authorizer }, join(directory, "authorizer.zip"));
  zip({ "index.js": echo }, join(directory, "unlinked.zip"));
  writeConfiguration(directory, configuration);
  return directory;
}

export function writeConfiguration(directory: string, configuration: object): void {
  writeFileSync(join(directory, "main.tf.json"), JSON.stringify(configuration, null, 2));
}
