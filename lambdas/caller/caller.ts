import type { APIGatewayProxyEvent } from "aws-lambda";

/** The caller, by the access control that admitted it. */
export type Caller =
  | { readonly type: "anonymous" }
  | { readonly type: "iam"; readonly arn: string; readonly accountId: string | null; readonly userId: string | null }
  | { readonly type: "cognito"; readonly claims: Readonly<Record<string, string>> }
  | {
      readonly type: "authorizer";
      readonly principalId: string;
      readonly context: Readonly<Record<string, unknown>>;
    };

/** Reads `requestContext`: `identity` is filled for IAM, `authorizer` for Cognito (`claims`) and Lambda authorizers. */
export function callerOf({ authorizer, identity }: APIGatewayProxyEvent["requestContext"]): Caller {
  const claims: unknown = authorizer?.["claims"];
  if (isClaims(claims)) return { type: "cognito", claims };
  const principalId: unknown = authorizer?.["principalId"];
  if (typeof principalId === "string") {
    const { principalId: _id, integrationLatency: _latency, ...context } = authorizer ?? {};
    return { type: "authorizer", principalId, context };
  }
  if (identity.userArn !== null && identity.userArn !== undefined) {
    return { type: "iam", arn: identity.userArn, accountId: identity.accountId, userId: identity.user };
  }
  return { type: "anonymous" };
}

const isClaims = (value: unknown): value is Record<string, string> => typeof value === "object" && value !== null;
