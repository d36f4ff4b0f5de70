/** How the matrix names those who hold a token of a user pool. */
import { analyze } from "../../proof/analysis/matrix";
import { ACCOUNT, allowAll, api, cognitoAuthorizer, model, policy, route } from "../decision/support";
import type { Api, CognitoAuthorizer, UserPool } from "../../proof/model/types";

function rows(
  scopes: readonly string[],
  authorizer: Partial<CognitoAuthorizer> = {},
  more: Partial<Api> = {},
  userPools: readonly UserPool[] = [],
): string[] {
  const auth = { type: "COGNITO_USER_POOLS", scopes, authorizer: cognitoAuthorizer(authorizer) } as const;
  const entries = analyze(model([api({ routes: [route("GET", "/a", auth)], ...more })], { userPools })).routes.flatMap(
    (one) => one.entries,
  );
  return entries.map(({ outcome, status, who }) => `${outcome} ${status} ${who}`).sort();
}

const pool = (id: string) => `arn:aws:cognito-idp:us-east-1:${ACCOUNT}:userpool/us-east-1_${id}`;

describe("Tokens of a user pool", () => {
  it("are told apart by what they are for where the method has no scopes", () => {
    expect(rows([])).toEqual(["allow 200 Cognito ID token", "deny 401 Cognito access token", "deny 401 anonymous"]);
  });

  it("are told apart by their scopes where it has some", () => {
    expect(rows(["a/read", "a/write"])).toEqual([
      "allow 200 Cognito token with scope a/read or a/write",
      "deny 401 Cognito token of any other kind",
      "deny 401 anonymous",
    ]);
  });

  it("are told apart by their pools where there are several", () => {
    expect(rows([], { providerArns: [pool("Staff0001"), pool("Guest0001")] })).toEqual([
      "allow 200 Cognito ID token of us-east-1_Guest0001",
      "allow 200 Cognito ID token of us-east-1_Staff0001",
      "deny 401 Cognito access token of us-east-1_Guest0001",
      "deny 401 Cognito access token of us-east-1_Staff0001",
      "deny 401 anonymous",
    ]);
  });

  it("have one name where the method answers each of them alike, whatever the token is for", () => {
    const shut = { policy: policy([{ ...allowAll, Effect: "Deny" }]) };
    const gatewayResponses = ["UNAUTHORIZED", "ACCESS_DENIED"].map((responseType) => ({
      responseType,
      statusCode: "404",
      responseParameters: {},
      responseTemplates: {},
      source: { file: "main.tf.json", address: "aws_api_gateway_gateway_response.x" },
    }));
    expect(rows([], {}, { ...shut, gatewayResponses })).toEqual(["deny 404 Cognito token", "deny 404 anonymous"]);
  });

  it("are told apart by the app client where only some are accepted", () => {
    const [arn] = cognitoAuthorizer().providerArns;
    const clients = ["web", "app", "kiosk"].map((name) => ({ clientId: `${name}-client` }));
    const asked = { identityValidationExpression: "web-client|app-client|desk-.*" };
    expect(rows([], asked, {}, [{ arn, clients } as unknown as UserPool])).toEqual([
      "allow 200 Cognito ID token for client web-client or for client app-client or for a client like web-client|app-client|desk-.*",
      "deny 401 Cognito token of any other kind",
      "deny 401 anonymous",
    ]);
  });

  it("have names that differ where an audience is asked for", () => {
    expect(rows([], { identityValidationExpression: "^(web|app)-client$" })).toEqual([
      "allow 200 Cognito ID token for a client like ^(web|app)-client$",
      "deny 401 Cognito token of any other kind",
      "deny 401 anonymous",
    ]);
  });
});
