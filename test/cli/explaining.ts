/** A small configuration, and the command run on it. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "../../proof/cli/command";
import { explainCommand } from "../../proof/cli/commands/explain";
import type { Api, Model, Role } from "../../proof/model/types";
import {
  ACCOUNT,
  allowing,
  api,
  ARN,
  cognitoAuthorizer,
  denyAll,
  model,
  policy,
  route,
  source,
  tokenAuthorizer,
} from "../decision/support";
import { lambdaFunction } from "../lambda/zips";

export const office = { ...denyAll, Sid: "office", Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } };

export const role = (name: string, more: Partial<Role> = {}): Role => ({
  address: `aws_iam_role.${name}`,
  name,
  arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
  accountId: ACCOUNT,
  trustPolicy: policy([], "trust"),
  identityPolicies: [allowing("GET/orders")],
  tags: {},
  maxSessionSeconds: 3600,
  source: source(`aws_iam_role.${name}`),
  ...more,
});

export const authorizerCode = `exports.handler = async ({ methodArn, authorizationToken }) => {
  if (authorizationToken === "none") throw new Error("Unauthorized");
  return { principalId: "u", policyDocument: { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "execute-api:Invoke", Resource: methodArn } } };
};`;

export const authorizerFunction = lambdaFunction(authorizerCode, {
  name: "authorizer",
  arn: tokenAuthorizer().functionArn,
  permissions: [
    {
      principal: "apigateway.amazonaws.com",
      action: "lambda:InvokeFunction",
      sourceArn: `${ARN}/authorizers/auth01`,
      source: source("p"),
    },
  ],
});

export const orders = (more: Partial<Api> = {}): Api =>
  api({
    policy: policy([office]),
    routes: [
      route("GET", "/orders", { type: "AWS_IAM" }),
      route("GET", "/token", { type: "CUSTOM", authorizer: tokenAuthorizer() }),
      route("GET", "/user", { type: "COGNITO_USER_POOLS", authorizer: cognitoAuthorizer(), scopes: [] }),
    ],
    ...more,
  });

export const world = (more: Partial<Model> = {}, apis: Api[] = [orders()]): Model =>
  model(apis, { roles: [role("reader")], functions: [authorizerFunction], ...more });

export async function run(values: Record<string, string | boolean>, stdin = "", loaded: Model = world()) {
  let [out, err] = ["", ""];
  const io: Io = {
    cwd: mkdtempSync(join(tmpdir(), "portcullis-explain-")),
    env: {},
    out: (text) => (out += text),
    err: (text) => (err += text),
    stdin: () => Promise.resolve(stdin),
  };
  const code = await explainCommand(() => Promise.resolve(loaded)).run(io, values, []);
  return { out, err, code };
}

export const reader = { arn: `arn:aws:iam::${ACCOUNT}:role/reader` };
export const asReader = { method: "GET", path: "/orders", sourceIp: "198.51.100.7", caller: reader };
