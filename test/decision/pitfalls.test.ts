/** What users of API Gateway run into, as decisions; the trace has to name the cause. */
import type { Assumptions } from "../../proof/decision/ports";
import type { Decision, WireRequest } from "../../proof/decision/types";
import type { World } from "./support";
import {
  ACCOUNT,
  allowAll,
  allowing,
  answer,
  ARN,
  ask,
  caller,
  cognitoAuthorizer,
  denyAll,
  PARTNER,
  policy,
  request,
  returned,
  route,
  tokenAuthorizer,
} from "./support";

const told = (decision: Decision) => decision.trace.map(({ because }) => because).join("\n");
const custom = (more = {}) => ({ type: "CUSTOM" as const, authorizer: tokenAuthorizer(more) });
const pool = { type: "COGNITO_USER_POOLS" as const, authorizer: cognitoAuthorizer(), scopes: [] };
const withToken = (method: string, path: string) => request(method, path, { headers: [["Authorization", "Bearer t"]] });
const methodOnly = returned([{ Effect: "Allow", Action: "execute-api:Invoke", Resource: `${ARN}/dev/GET/first` }]);
const vpcDeny = { ...denyAll, Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-x" } } };
const partner = caller({ account: PARTNER, identityPolicies: [allowing("GET/orders")] });

describe("a pitfall is answered as AWS answers it, and the trace says why", () => {
  it.each<[string, World, WireRequest, Assumptions, RegExp, RegExp]>([
    [
      "1 a cached policy for one method, on the next path",
      { routes: [route("GET", "/second", custom())] },
      withToken("GET", "/dev/second"),
      { authorizerResult: methodOnly },
      /^403 User is not authorized to access this resource/,
      /dev\/GET\/first/,
    ],
    [
      "3 'Missing Authentication Token' on a public API",
      { routes: [route("GET", "/orders")] },
      request("GET", "/dev/order"),
      {},
      /^403 Missing Authentication Token$/,
      /No route serves GET \/order/,
    ],
    [
      "3 the verb is missing",
      { routes: [route("GET", "/orders")] },
      request("POST", "/dev/orders"),
      {},
      /^403 Missing Authentication Token$/,
      /At this path there is GET/,
    ],
    [
      "3 the stage is missing",
      { routes: [route("GET", "/orders")] },
      request("GET", "/orders"),
      {},
      /^403 Forbidden$/,
      /Its stages: \/dev/,
    ],
    [
      "4 a good JWT on a missing route",
      { routes: [] },
      withToken("GET", "/dev/orders"),
      {},
      /^403 Invalid key=value pair/,
      /does not exist or does not use the authorizer/,
    ],
    [
      "5 an account allow list on a public method",
      { routes: [route("GET", "/health")], policy: policy([{ ...allowAll, Principal: { AWS: ACCOUNT } }]) },
      request("GET", "/dev/health"),
      {},
      /^403 User: anonymous is not authorized/,
      /only statements for the principal \* can apply/,
    ],
    [
      "7 a preflight behind the default authorizer",
      { routes: [route("OPTIONS", "/orders", custom())] },
      request("OPTIONS", "/dev/orders"),
      {},
      /^401 Unauthorized$/,
      /missing or empty, so the authorizer is not called/,
    ],
    [
      "7 a preflight behind AWS_IAM",
      { routes: [route("OPTIONS", "/orders", { type: "AWS_IAM" })] },
      request("OPTIONS", "/dev/orders"),
      { caller: null },
      /^403 Missing Authentication Token$/,
      /Nobody signed/,
    ],
    [
      "8 an authorizer that answers like a proxy",
      { routes: [route("GET", "/orders", custom())] },
      withToken("GET", "/dev/orders"),
      { authorizerResult: { statusCode: 401 } },
      /^500 null$/,
      /'statusCode'/,
    ],
    [
      "9 a Deny is 403, not 401",
      { routes: [route("GET", "/orders", custom())] },
      withToken("GET", "/dev/orders"),
      { authorizerResult: returned([{ Effect: "Deny", Action: "*", Resource: "*" }]) },
      /^403 User is not authorized .* explicit deny/,
      /Deny/,
    ],
    [
      "10 an access token where an ID token is asked for",
      { routes: [route("GET", "/orders", pool)] },
      withToken("GET", "/dev/orders"),
      { claims: { token_use: "access" } },
      /^401 Unauthorized$/,
      /token_use is "access"; the method asks for 'id'/,
    ],
    [
      "12 aws:SourceIp on a private API",
      {
        endpointType: "PRIVATE",
        routes: [route("GET", "/orders")],
        policy: policy([{ ...allowAll, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/24" } } }]),
      },
      request("GET", "/dev/orders", {
        network: { sourceIp: "172.16.0.1", vpc: { endpoint: "vpce-x", sourceIp: "10.0.0.7" } },
      }),
      {},
      /^403 User: anonymous/,
      /172\.16\.0\.1/,
    ],
    [
      "13 a VPC condition on a public API locks out everyone",
      { routes: [route("GET", "/orders")], policy: policy([allowAll, vpcDeny]) },
      request("GET", "/dev/orders"),
      {},
      /explicit deny in a resource-based policy$/,
      /aws:SourceVpce/,
    ],
    [
      "14 a partner with only the resource policy's Allow",
      {
        routes: [route("GET", "/orders", { type: "AWS_IAM" })],
        policy: policy([{ ...allowAll, Principal: { AWS: PARTNER } }]),
      },
      request("GET", "/dev/orders"),
      { caller: caller({ account: PARTNER }) },
      /because no identity-based policy allows/,
      /An Allow is missing in the identity policies/,
    ],
    [
      "14 a partner with only its own Allow",
      { routes: [route("GET", "/orders", { type: "AWS_IAM" })] },
      request("GET", "/dev/orders"),
      { caller: partner },
      /because no resource-based policy allows/,
      /An Allow is missing in the resource policy/,
    ],
    [
      "14 a partner named by a session",
      {
        routes: [route("GET", "/orders", { type: "AWS_IAM" })],
        policy: policy([{ ...allowAll, Principal: { AWS: `arn:aws:sts::${PARTNER}:assumed-role/reader/last-week` } }]),
      },
      request("GET", "/dev/orders"),
      { caller: partner },
      /because no resource-based policy allows/,
      /last-week/,
    ],
    [
      "a resource without /* matches nothing",
      { routes: [route("GET", "/orders")], policy: policy([{ ...allowAll, Resource: ARN }]) },
      request("GET", "/dev/orders"),
      {},
      /because no resource-based policy allows/,
      /does not match/,
    ],
  ])("%s", async (_, world, wire, assumptions, expected, because) => {
    const decision = await ask(world, wire, assumptions);
    expect(answer(decision)).toMatch(expected);
    expect(told(decision)).toMatch(because);
  });

  it.each<[string, World["routes"], Assumptions]>([
    ["AWS_IAM, a caller without any policy", [route("GET", "/orders", { type: "AWS_IAM" })], { caller: caller() }],
    ["CUSTOM, a policy for another path", [route("GET", "/orders", custom())], { authorizerResult: methodOnly }],
  ])("a broad Allow of the resource policy bypasses the caller's own: %s (D 2.4)", async (_, routes, assumptions) => {
    const world = { routes: routes ?? [], policy: policy([allowAll]) };
    const decision = await ask(world, withToken("GET", "/dev/orders"), assumptions);
    expect(answer(decision)).toBe("allow");
    expect(told(decision)).toMatch(/The resource policy alone admits it/);
  });
});
