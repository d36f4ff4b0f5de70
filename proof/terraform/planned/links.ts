/** What an attribute holds: types, each with the attribute that is taken from it. */
export type LinkKinds = Readonly<Record<string, readonly string[]>>;

const functions: LinkKinds = {
  aws_lambda_function: ["invoke_arn", "qualified_invoke_arn"],
  aws_lambda_alias: ["invoke_arn"],
};
const role: LinkKinds = { aws_iam_role: ["arn"] };
const gatewayResource: LinkKinds = {
  aws_api_gateway_resource: ["id"],
  aws_api_gateway_rest_api: ["root_resource_id"],
};

/**
 * Attributes that hold another resource's id or ARN and nothing else. Where a plan does not know the value yet, the one
 * reference of the right kind says which resource it will be; any other attribute may be composed, so it stays unknown.
 */
export const links: Readonly<Record<string, LinkKinds>> = {
  rest_api_id: { aws_api_gateway_rest_api: ["id"] },
  resource_id: gatewayResource,
  parent_id: gatewayResource,
  authorizer_id: { aws_api_gateway_authorizer: ["id"] },
  request_validator_id: { aws_api_gateway_request_validator: ["id"] },
  deployment_id: { aws_api_gateway_deployment: ["id"] },
  usage_plan_id: { aws_api_gateway_usage_plan: ["id"] },
  key_id: { aws_api_gateway_api_key: ["id"] },
  uri: functions,
  authorizer_uri: functions,
  credentials: role,
  authorizer_credentials: role,
  // An ARN for a function, a name for a policy of the role.
  role: { aws_iam_role: ["arn", "id", "name"] },
  policy_arn: { aws_iam_policy: ["arn", "id"] },
  function_name: { aws_lambda_function: ["function_name", "arn", "id"] },
  user_pool_id: { aws_cognito_user_pool: ["id"] },
  provider_arns: { aws_cognito_user_pool: ["arn"] },
  secret_id: { aws_secretsmanager_secret: ["id", "arn"] },
  secret_arn: { aws_secretsmanager_secret: ["arn", "id"] },
  vpc_id: { aws_vpc: ["id"] },
  vpc_endpoint_id: { aws_vpc_endpoint: ["id"] },
  vpc_endpoint_ids: { aws_vpc_endpoint: ["id"] },
};

/** Attributes above that are lists: every reference is an element. */
export const listLinks: ReadonlySet<string> = new Set(["provider_arns", "vpc_endpoint_ids"]);

/** What the `source_arn` of a Lambda permission begins with. */
export const sources: LinkKinds = {
  aws_api_gateway_rest_api: ["execution_arn"],
  aws_api_gateway_stage: ["execution_arn"],
  aws_api_gateway_deployment: ["execution_arn"],
  aws_cognito_user_pool: ["arn"],
};
