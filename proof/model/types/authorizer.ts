import type { Source } from "./source";

export type Authorizer = CognitoAuthorizer | LambdaAuthorizer;

interface AuthorizerBase {
  readonly address: string;
  readonly id: string;
  readonly name: string;
  readonly source: Source;
}

export interface CognitoAuthorizer extends AuthorizerBase {
  readonly type: "COGNITO_USER_POOLS";
  /** User pool ARNs. */
  readonly providerArns: readonly string[];
  /** Exactly one, e.g. `method.request.header.Authorization`. */
  readonly identitySource: string;
  /** Tested against the token's `aud` claim. */
  readonly identityValidationExpression?: string;
}

export interface LambdaAuthorizer extends AuthorizerBase {
  readonly type: "TOKEN" | "REQUEST";
  /** ARN of the function (with its qualifier where the URI has one). */
  readonly functionArn: string;
  /** Role that API Gateway assumes to invoke; absent where the function's own policy must admit API Gateway. */
  readonly credentialsArn?: string;
  /** In the order written; it is the order of the cache key. */
  readonly identitySources: readonly string[];
  /** Seconds, 0 to 3600; 0 is no caching. */
  readonly resultTtlSeconds: number;
  /** TOKEN only: a Java regular expression the header must match. */
  readonly identityValidationExpression?: string;
}
