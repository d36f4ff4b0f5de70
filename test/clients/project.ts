import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { directoryOf, shop } from "../gateway/directory";

export const REGION = "eu-west-1";
/** Who may sign besides the roles: a user of the account, who may assume the role `partner` with the external id. */
export const BUYER = { accessKeyId: "AKIABUYER00000000001", secretAccessKey: "buyers-secret" };
export const PARTNER = "arn:aws:iam::111111111111:role/partner";
export const EXTERNAL_ID = "x-1";

const policy = (statement: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
const buyer = "arn:aws:iam::111111111111:user/buyer";
const rest_api_id = "${aws_api_gateway_rest_api.shop.id}";
const user_pool_id = "${aws_cognito_user_pool.members.id}";

export interface Project {
  readonly directory: string;
  readonly callersFile: string;
}

/**
 * A shop with what each client needs: `GET /signed` for IAM callers, `GET /me` for ID tokens of its members, and
 * `GET /profile` for their access tokens with the scope `orders/read`.
 *
 * @param callbackUrl where the browser goes back to after a sign-in
 */
export function project(callbackUrl = "https://shop.example/signed-in"): Project {
  const directory = directoryOf(shop({ ...iam(), ...members(callbackUrl) }));
  const callersFile = join(directory, "..", "callers.json");
  const caller = {
    ...BUYER,
    arn: buyer,
    policies: [JSON.parse(policy({ Action: ["sts:*", "cognito-idp:Admin*"], Resource: "*" }))],
  };
  writeFileSync(callersFile, JSON.stringify({ callers: [caller] }));
  return { directory, callersFile };
}

function iam() {
  return {
    aws_iam_role: {
      partner: {
        name: "partner",
        assume_role_policy: policy({
          Action: "sts:AssumeRole",
          Principal: { AWS: buyer },
          Condition: { StringEquals: { "sts:ExternalId": EXTERNAL_ID } },
        }),
        inline_policy: [
          {
            name: "invoke",
            policy: policy({
              Action: "execute-api:Invoke",
              Resource: "${aws_api_gateway_rest_api.shop.execution_arn}/live/GET/signed",
            }),
          },
        ],
      },
    },
  };
}

function members(callbackUrl: string) {
  const route = (name: string, scopes: object) => ({
    resource: { rest_api_id, parent_id: "${aws_api_gateway_rest_api.shop.root_resource_id}", path_part: name },
    method: {
      rest_api_id,
      resource_id: `\${aws_api_gateway_resource.${name}.id}`,
      http_method: "GET",
      authorization: "COGNITO_USER_POOLS",
      authorizer_id: "${aws_api_gateway_authorizer.members.id}",
      ...scopes,
    },
    integration: {
      rest_api_id,
      resource_id: `\${aws_api_gateway_resource.${name}.id}`,
      http_method: `\${aws_api_gateway_method.${name}.http_method}`,
      type: "AWS_PROXY",
      integration_http_method: "POST",
      uri: "${aws_lambda_function.echo.invoke_arn}",
    },
  });
  const me = route("me", {});
  const profile = route("profile", { authorization_scopes: ["orders/read"] });
  return {
    aws_api_gateway_resource: { me: me.resource, profile: profile.resource },
    aws_api_gateway_method: { me: me.method, profile: profile.method },
    aws_api_gateway_integration: { me: me.integration, profile: profile.integration },
    aws_api_gateway_authorizer: {
      members: {
        name: "members",
        rest_api_id,
        type: "COGNITO_USER_POOLS",
        provider_arns: ["${aws_cognito_user_pool.members.arn}"],
      },
    },
    aws_cognito_user_pool: { members: { name: "members", auto_verified_attributes: ["email"] } },
    aws_cognito_user_pool_domain: { members: { domain: "shop-members", user_pool_id } },
    aws_cognito_resource_server: {
      orders: {
        identifier: "orders",
        name: "orders",
        user_pool_id,
        scope: [{ scope_name: "read", scope_description: "See orders" }],
      },
    },
    aws_cognito_user_pool_client: {
      app: {
        name: "app",
        user_pool_id,
        explicit_auth_flows: ["ALLOW_USER_PASSWORD_AUTH"],
        allowed_oauth_flows: ["code"],
        allowed_oauth_flows_user_pool_client: true,
        allowed_oauth_scopes: ["openid", "orders/read"],
        supported_identity_providers: ["COGNITO"],
        callback_urls: [callbackUrl],
        refresh_token_rotation: [{ feature: "ENABLED", retry_grace_period_seconds: 0 }],
      },
    },
  };
}
