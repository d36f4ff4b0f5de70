import { authorizerArn, maskAccount } from "../../proof/decision/arn";
import {
  accessDenied,
  apiConfiguration,
  authorizerConfiguration,
  authorizerDenied,
  forbidden,
  missingAuthenticationToken,
  resourceNotFound,
  tokenExpired,
  unauthorized,
  uriTooLong,
} from "../../proof/decision/denials";
import type { Denial } from "../../proof/decision/types";

const arn = "arn:aws:execute-api:us-west-2:123456787089:u1hp5d8r0b/api/GET/prod";
const refusal = { explicit: true, party: "resource-based policy" } as const;

describe("a denial has AWS's status, error type, gateway response and spelling of its message", () => {
  it.each<[string, Denial, number, string, Denial["responseType"], Denial["messageKey"], string | null, string]>([
    ["no stage", forbidden(), 403, "ForbiddenException", undefined, "message", "Forbidden", "O PUB:19031465869"],
    [
      "a long URI",
      uriTooLong(),
      414,
      "RequestUriTooLongException",
      undefined,
      "message",
      "Request URI too long",
      "D status and text",
    ],
    [
      "no credentials",
      missingAuthenticationToken(),
      403,
      "MissingAuthenticationTokenException",
      "MISSING_AUTHENTICATION_TOKEN",
      "message",
      "Missing Authentication Token",
      "R FLOCI R7",
    ],
    [
      "no such route",
      resourceNotFound(),
      404,
      "NotFoundException",
      "RESOURCE_NOT_FOUND",
      "message",
      "Resource not found",
      "D status and type",
    ],
    [
      "no identity",
      unauthorized(),
      401,
      "UnauthorizedException",
      "UNAUTHORIZED",
      "message",
      "Unauthorized",
      "O PUB:62016082377",
    ],
    [
      "an expired token",
      tokenExpired(),
      401,
      "UnauthorizedException",
      "UNAUTHORIZED",
      "message",
      "The incoming token has expired",
      "O PUB:40663505421",
    ],
    [
      "a broken authorizer",
      authorizerConfiguration(),
      500,
      "AuthorizerConfigurationException",
      "AUTHORIZER_CONFIGURATION_ERROR",
      "message",
      null,
      "O chalice#670",
    ],
    [
      "an unreadable configuration",
      apiConfiguration(),
      500,
      "InternalServerErrorException",
      "API_CONFIGURATION_ERROR",
      "message",
      "Internal server error",
      "R FLOCI R8",
    ],
    [
      "a policy",
      accessDenied("anonymous", arn, refusal, "current"),
      403,
      "AccessDeniedException",
      "ACCESS_DENIED",
      "Message",
      "User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-west-2:********7089:u1hp5d8r0b/api/GET/prod with an explicit deny in a resource-based policy",
      "R FLOCI R6",
    ],
    [
      "an authorizer's policy",
      authorizerDenied(true, "current"),
      403,
      "AccessDeniedException",
      "ACCESS_DENIED",
      "Message",
      "User is not authorized to access this resource with an explicit deny in an identity-based policy",
      "O PUB:62016082377",
    ],
  ])("%s", (_, denial, status, errorType, responseType, messageKey, message) => {
    expect({ responseType: undefined, ...denial }).toEqual({ status, errorType, responseType, messageKey, message });
  });

  it("is as long as the one that was captured (R PWN: 158 bytes)", () => {
    const denial = accessDenied("anonymous", arn, { ...refusal, explicit: false }, "legacy");
    expect(Buffer.byteLength(JSON.stringify({ Message: denial.message }))).toBe(158);
  });
});

it.each([
  [arn, "arn:aws:execute-api:us-west-2:********7089:u1hp5d8r0b/api/GET/prod"],
  [
    "arn:aws-cn:execute-api:cn-north-1:123456789012:a/b/GET/123456789012:x",
    "arn:aws-cn:execute-api:cn-north-1:********9012:a/b/GET/123456789012:x",
  ],
  ["no arn at all 123456789012", "no arn at all 123456789012"],
  ["in arn:aws:execute-api:us-east-1:123456789012:x", "in arn:aws:execute-api:us-east-1:123456789012:x"],
])("the account of %s is masked, and nothing else", (plain, masked) => {
  expect(maskAccount(plain)).toBe(masked);
});

it("an authorizer's ARN holds no stage (API Gateway ARN reference)", () => {
  const api = { partition: "aws", region: "us-east-1", accountId: "111122223333", id: "a1b2c3d4e5" };
  expect(authorizerArn(api, { id: "x1y2z3" })).toBe(
    "arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/authorizers/x1y2z3",
  );
});
