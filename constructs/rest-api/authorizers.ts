import { ApiGatewayAuthorizer } from "@cdktf/provider-aws/lib/api-gateway-authorizer";
import type { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import type { NodeFunction } from "../lambda/node-function";

interface AuthorizerProps {
  readonly provider: AwsProvider;
  readonly api: ApiGatewayRestApi;
  readonly name: string;
}

export interface CognitoAuthorizerProps extends AuthorizerProps {
  readonly userPoolArns: readonly string[];
}

/** Verifies access tokens of user pools; the route's scopes stand on its method. */
export class CognitoAuthorizer extends Construct {
  readonly authorizer: ApiGatewayAuthorizer;

  constructor(scope: Construct, id: string, props: CognitoAuthorizerProps) {
    super(scope, id);
    this.authorizer = new ApiGatewayAuthorizer(this, "authorizer", {
      provider: props.provider,
      restApiId: props.api.id,
      name: props.name,
      type: "COGNITO_USER_POOLS",
      providerArns: [...props.userPoolArns],
      identitySource: "method.request.header.Authorization",
    });
  }
}

export interface LambdaAuthorizerProps extends AuthorizerProps {
  readonly function: NodeFunction;
  readonly type: "TOKEN" | "REQUEST";
  /** Where the credential stands, in the order of the cache key; all have to be present or the call gets a 401. */
  readonly identitySources: readonly [string, ...string[]];
  /**
   * Seconds a returned policy is reused for the same identity, 0 to 3600. The policy is reused for every method, so
   * the function returns one that is right for all of them. An admitted caller stays admitted this long.
   */
  readonly resultTtlSeconds: number;
  /** TOKEN only: tokens that do not match get a 401 without running the function. */
  readonly tokenPattern?: string;
}

/** Asks a function of `lambdas/` for the caller's policy, and lets this authorizer alone invoke it. */
export class LambdaAuthorizer extends Construct {
  readonly authorizer: ApiGatewayAuthorizer;

  constructor(
    scope: Construct,
    id: string,
    readonly props: LambdaAuthorizerProps,
  ) {
    super(scope, id);
    const { provider, api } = props;
    this.authorizer = new ApiGatewayAuthorizer(this, "authorizer", {
      provider,
      restApiId: api.id,
      name: props.name,
      type: props.type,
      authorizerUri: props.function.function.invokeArn,
      identitySource: props.identitySources.join(","),
      authorizerResultTtlInSeconds: props.resultTtlSeconds,
      ...(props.tokenPattern === undefined ? {} : { identityValidationExpression: props.tokenPattern }),
    });
    new LambdaPermission(this, "permission", {
      provider,
      statementId: `authorizer-${props.name}`,
      action: "lambda:InvokeFunction",
      functionName: props.function.function.functionName,
      principal: "apigateway.amazonaws.com",
      // An authorizer's ARN has no stage part: https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
      sourceArn: `${api.executionArn}/authorizers/${this.authorizer.id}`,
    });
  }
}
