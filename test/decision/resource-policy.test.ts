import type { Assumptions } from "../../proof/decision/ports";
import type { NetworkPosition } from "../../proof/decision/types";
import type { Api, RouteAuth, VpcEndpoint } from "../../proof/model/types";
import {
  ACCOUNT,
  allowAll,
  allowing,
  answer,
  api,
  ARN,
  ask,
  caller,
  cognitoAuthorizer,
  denyAll,
  model,
  policy,
  request,
  returned,
  route,
  source,
  status,
  tokenAuthorizer,
} from "./support";
import { prepareEngine } from "../../proof/decision/engine";

const anything = [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }];
/** A caller that every check but the resource policy admits, for each authorization type. */
const ADMITTED: readonly [string, RouteAuth, Assumptions][] = [
  ["NONE", { type: "NONE" }, {}],
  ["AWS_IAM", { type: "AWS_IAM" }, { caller: caller({ identityPolicies: [allowing("*")] }) }],
  ["CUSTOM", { type: "CUSTOM", authorizer: tokenAuthorizer() }, { authorizerResult: returned(anything) }],
  [
    "COGNITO_USER_POOLS",
    { type: "COGNITO_USER_POOLS", authorizer: cognitoAuthorizer(), scopes: [] },
    { claims: { token_use: "id" } },
  ],
];

function decide(
  auth: RouteAuth,
  assumptions: Assumptions,
  more: Partial<Api>,
  network: NetworkPosition,
  vpcEndpoints: VpcEndpoint[] = [],
  headers: [string, string][] = [],
) {
  const wire = request("GET", "/dev/orders", { headers: [["Authorization", "t"], ...headers], network });
  return ask({ routes: [route("GET", "/orders", auth)], ...more, models: { vpcEndpoints } }, wire, assumptions);
}

const here: NetworkPosition = { sourceIp: "203.0.113.7" };
const inVpc: NetworkPosition = { sourceIp: "10.1.2.3", vpc: { id: "vpc-a", endpoint: "vpce-a", sourceIp: "10.0.0.7" } };

describe("without a resource policy", () => {
  it.each(ADMITTED)("a public API is open to whom its own check admits: %s", async (_, auth, assumptions) => {
    expect(status(await decide(auth, assumptions, {}, here))).toBe("allow");
  });

  it.each(ADMITTED)("a private API is closed to everyone: %s (O PUB:16213442286)", async (_, auth, assumptions) => {
    const decision = await decide(auth, assumptions, { endpointType: "PRIVATE" }, inVpc);
    expect(answer(decision)).toMatch(
      /^403 User: .* because no resource-based policy allows the execute-api:Invoke action$/,
    );
  });
});

describe("a resource policy with a Deny only", () => {
  const denyOffice = [{ ...denyAll, Condition: { IpAddress: { "aws:SourceIp": "198.51.100.0/24" } } }];
  it.each<[string, "allow" | 403]>([
    ["NONE", 403],
    ["AWS_IAM", "allow"],
    ["CUSTOM", "allow"],
    ["COGNITO_USER_POOLS", 403],
  ])("%s: %s to whom it does not deny (D 2.4)", async (type, expected) => {
    const [, auth, assumptions] = ADMITTED.find(([name]) => name === type) ?? ADMITTED[0] ?? ["", { type: "NONE" }, {}];
    expect(status(await decide(auth, assumptions, { policy: policy(denyOffice) }, here))).toBe(expected);
  });
});

describe("a resource policy without any statement", () => {
  it.each<[string, "allow" | 403]>([
    ["NONE", 403],
    ["AWS_IAM", "allow"],
    ["CUSTOM", "allow"],
    ["COGNITO_USER_POOLS", 403],
  ])("is a policy that is silent: %s %s (UNCONFIRMED, the safe side)", async (type, expected) => {
    const [, auth, assumptions] = ADMITTED.find(([name]) => name === type) ?? ADMITTED[0] ?? ["", { type: "NONE" }, {}];
    expect(status(await decide(auth, assumptions, { policy: policy([]) }, here))).toBe(expected);
  });
});

describe("an AWS principal in a resource policy matches no one on a method that is not AWS_IAM (D create-attach)", () => {
  const grant = [{ ...allowAll, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }];
  it.each<[string, "allow" | 403]>([
    ["NONE", 403],
    ["AWS_IAM", "allow"],
    ["CUSTOM", "allow"],
    ["COGNITO_USER_POOLS", 403],
  ])("%s: %s", async (type, expected) => {
    const [, auth, assumptions] = ADMITTED.find(([name]) => name === type) ?? ADMITTED[0] ?? ["", { type: "NONE" }, {}];
    expect(status(await decide(auth, assumptions, { policy: policy(grant) }, here))).toBe(expected);
  });
});

describe("a header that is sent twice", () => {
  const deny = { Effect: "Deny", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  it.each<[string, object[], string[], "allow" | 403]>([
    [
      "is denied for its first value",
      [allowAll, { ...deny, Condition: { StringLike: { "aws:UserAgent": "*bot*" } } }],
      ["bot", "x"],
      403,
    ],
    [
      "is denied for its last value",
      [allowAll, { ...deny, Condition: { StringLike: { "aws:UserAgent": "*bot*" } } }],
      ["x", "bot"],
      403,
    ],
    [
      "is allowed only with both",
      [{ ...allowAll, Condition: { StringEquals: { "aws:UserAgent": "good" } } }],
      ["bad", "good"],
      403,
    ],
    [
      "is one value where both are the same",
      [{ ...allowAll, Condition: { StringEquals: { "aws:UserAgent": "good" } } }],
      ["good", "good"],
      "allow",
    ],
  ])("%s (UNCONFIRMED which one AWS takes)", async (_behaviour, statements, agents, expected) => {
    const headers = agents.map((agent): [string, string] => ["User-Agent", agent]);
    const decision = await decide({ type: "NONE" }, {}, { policy: policy(statements) }, here, [], headers);
    expect(status(decision)).toBe(expected);
  });
});

describe("condition keys are there for the authorization and endpoint type that AWS lists them for", () => {
  const present = (key: string) => [{ ...allowAll, Condition: { Null: { [key]: "false" } } }];
  const iam: [string, RouteAuth, Assumptions] = [
    "AWS_IAM",
    { type: "AWS_IAM" },
    { caller: caller({ organizationId: "o-a1b2c3d4e5", tags: { team: "x" } }) },
  ];
  const user = caller({
    principal: {
      kind: "aws",
      arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
      accountId: ACCOUNT,
      principalArn: `arn:aws:iam::${ACCOUNT}:user/alice`,
    },
    userId: "AIDAEXAMPLE",
  });
  const { issuedAt: _, ...longTerm } = user;
  const iamUser: typeof iam = ["AWS_IAM", { type: "AWS_IAM" }, { caller: longTerm }];
  const none: typeof iam = ["NONE", { type: "NONE" }, {}];
  const headers: [string, string][] = [
    ["Referer", "https://x"],
    ["User-Agent", "curl"],
  ];
  it.each<[string, typeof iam, Api["endpointType"], boolean, string]>([
    ["aws:CurrentTime", none, "REGIONAL", true, "3.4 always"],
    ["aws:EpochTime", none, "REGIONAL", true, "3.4 always"],
    ["aws:SecureTransport", none, "REGIONAL", true, "3.4 always"],
    ["aws:SourceIp", none, "REGIONAL", true, "3.4 always"],
    ["aws:SourceIp", none, "PRIVATE", true, "3.4 always"],
    ["aws:Referer", none, "REGIONAL", true, "3.4 header"],
    ["aws:UserAgent", none, "REGIONAL", true, "3.4 header"],
    ["aws:SourceVpc", none, "REGIONAL", false, "3.4 private only"],
    ["aws:SourceVpce", none, "REGIONAL", false, "3.4 private only"],
    ["aws:VpcSourceIp", none, "REGIONAL", false, "3.4 private only"],
    ["aws:SourceVpc", none, "EDGE", false, "3.4 private only"],
    ["aws:SourceVpc", none, "PRIVATE", true, "3.4 private only"],
    ["aws:SourceVpce", none, "PRIVATE", true, "3.4 private only"],
    ["aws:VpcSourceIp", none, "PRIVATE", true, "3.4 private only"],
    ["aws:sourcevpc", none, "PRIVATE", true, "3.4 names without case"],
    ["aws:PrincipalArn", none, "REGIONAL", false, "3.4 IAM only"],
    ["aws:PrincipalAccount", none, "REGIONAL", false, "3.4 IAM only"],
    ["aws:PrincipalType", none, "REGIONAL", false, "3.4 IAM only"],
    ["aws:userid", none, "REGIONAL", false, "3.4 IAM only"],
    ["aws:PrincipalOrgID", none, "REGIONAL", false, "3.4 IAM only"],
    ["aws:PrincipalArn", iam, "REGIONAL", true, "3.4 IAM"],
    ["aws:PrincipalAccount", iam, "REGIONAL", true, "3.4 IAM"],
    ["aws:PrincipalType", iam, "REGIONAL", true, "3.4 IAM"],
    ["aws:userid", iam, "REGIONAL", true, "3.4 IAM"],
    ["aws:username", iam, "REGIONAL", false, "D IAM: a role session has none"],
    ["aws:username", iamUser, "REGIONAL", true, "3.4 IAM"],
    ["aws:PrincipalOrgID", iam, "REGIONAL", true, "3.4 organization"],
    ["aws:PrincipalOrgID", iamUser, "REGIONAL", false, "3.4 organization"],
    ["aws:PrincipalTag/team", iam, "REGIONAL", true, "3.4 tags"],
    ["aws:PrincipalTag/other", iam, "REGIONAL", false, "3.4 tags"],
    ["aws:TokenIssueTime", iam, "REGIONAL", true, "3.4 temporary credentials"],
    ["aws:TokenIssueTime", iamUser, "REGIONAL", false, "3.4 temporary credentials"],
    ["aws:MultiFactorAuthPresent", iam, "REGIONAL", true, "3.4 temporary credentials"],
    ["aws:MultiFactorAuthPresent", iamUser, "REGIONAL", false, "3.4 temporary credentials"],
    ["aws:MultiFactorAuthAge", iam, "REGIONAL", false, "3.4 MFA"],
  ])("%s", async (key, [, auth, assumptions], endpointType, expected) => {
    const decision = await decide(
      auth,
      assumptions,
      { endpointType, policy: policy(present(key)) },
      inVpc,
      [],
      headers,
    );
    expect(status(decision)).toBe(expected ? "allow" : 403);
  });

  it.each<[string, Record<string, unknown>, "allow" | 403]>([
    ["the time", { DateGreaterThan: { "aws:CurrentTime": "2026-11-22T11:59:59Z" } }, "allow"],
    ["the time, too late", { DateLessThan: { "aws:CurrentTime": "2026-11-22T12:00:00Z" } }, 403],
    ["the second", { NumericEquals: { "aws:EpochTime": "1795348800" } }, "allow"],
    ["transport", { Bool: { "aws:SecureTransport": "true" } }, "allow"],
    ["the user agent", { StringEquals: { "aws:UserAgent": "curl" } }, "allow"],
    ["the address", { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, "allow"],
    ["the address of the peer, whatever was forwarded", { IpAddress: { "aws:SourceIp": "10.9.9.9" } }, 403],
  ])("%s has its value", async (_, Condition, expected) => {
    const forwarded: [string, string][] = [...headers, ["X-Forwarded-For", "10.9.9.9"]];
    const decision = await decide(
      { type: "NONE" },
      {},
      { policy: policy([{ ...allowAll, Condition }]) },
      here,
      [],
      forwarded,
    );
    expect(status(decision)).toBe(expected);
  });
});

describe("a private API", () => {
  const privately = (statements: unknown): Partial<Api> => ({ endpointType: "PRIVATE", policy: policy(statements) });
  const vpcOnly = [allowAll, { ...denyAll, Condition: { StringNotEquals: { "aws:sourceVpc": "vpc-a" } } }];
  it.each<[string, NetworkPosition, string]>([
    ["from the allowed VPC", inVpc, "allow"],
    ["from another VPC", { ...inVpc, vpc: { id: "vpc-b", endpoint: "vpce-b" } }, "explicit deny"],
    ["from no VPC", here, "explicit deny"],
  ])("with the source VPC allow list, %s: %s (O 3.6)", async (_, network, expected) => {
    expect(answer(await decide({ type: "NONE" }, {}, privately(vpcOnly), network))).toContain(expected);
  });

  it.each(ADMITTED)(
    "is not reached from outside, even where its policy allows everyone: %s (D private APIs)",
    async (_, auth, assumptions) => {
      expect(answer(await decide(auth, assumptions, privately([allowAll]), here))).toBe("403 Forbidden");
    },
  );

  it("knows the VPC of an endpoint of the configuration", async () => {
    const endpoint: VpcEndpoint = {
      address: "aws_vpc_endpoint.api",
      id: "vpce-a",
      vpcId: "vpc-a",
      accountId: ACCOUNT,
      serviceName: "s",
      source: source("aws_vpc_endpoint.api"),
    };
    const network = { sourceIp: "10.1.2.3", vpc: { endpoint: "vpce-a" } };
    expect(status(await decide({ type: "NONE" }, {}, privately(vpcOnly), network, [endpoint]))).toBe("allow");
    expect(status(await decide({ type: "NONE" }, {}, privately(vpcOnly), network, []))).toBe(403);
  });

  it("does not see the address inside the VPC as aws:SourceIp (pitfall 12)", async () => {
    const by = (key: string) => privately([{ ...allowAll, Condition: { IpAddress: { [key]: "10.0.0.0/24" } } }]);
    expect(status(await decide({ type: "NONE" }, {}, by("aws:SourceIp"), inVpc))).toBe(403);
    expect(status(await decide({ type: "NONE" }, {}, by("aws:VpcSourceIp"), inVpc))).toBe("allow");
  });
});

describe("the policy of the interface endpoint has to allow as well (D VPC endpoint policies)", () => {
  const endpoint = (statements?: unknown): VpcEndpoint => ({
    address: "aws_vpc_endpoint.api",
    id: "vpce-a",
    vpcId: "vpc-a",
    accountId: ACCOUNT,
    serviceName: "com.amazonaws.us-east-1.execute-api",
    source: source("aws_vpc_endpoint.api"),
    ...(statements === undefined ? {} : { policy: policy(statements, "aws_vpc_endpoint.api.policy") }),
  });
  const open: Partial<Api> = { endpointType: "PRIVATE", policy: policy([allowAll]) };
  const all = { ...allowAll, Resource: "*" };
  const other = { ...allowAll, Resource: `${ARN}/dev/GET/elsewhere` };
  const cases: readonly [string, VpcEndpoint, string][] = [
    ["without a policy of its own", endpoint(), "allow"],
    ["with one that allows all", endpoint([all]), "allow"],
    [
      "with one that allows another path",
      endpoint([other]),
      "because no VPC endpoint policy allows the execute-api:Invoke action",
    ],
    [
      "with one that denies",
      endpoint([all, { ...all, Effect: "Deny" }]),
      "with an explicit deny in a VPC endpoint policy",
    ],
    ["with another id", { ...endpoint([other]), id: "vpce-other" }, "allow"],
  ];
  it.each(
    ADMITTED.flatMap(([type, auth, assumptions]) =>
      cases.map(([name, found, expected]) => [type, name, auth, assumptions, found, expected] as const),
    ),
  )("%s, %s", async (_type, _name, auth, assumptions, found, expected) => {
    expect(answer(await decide(auth, assumptions, open, inVpc, [found]))).toContain(expected);
  });

  it("counts for private APIs only", async () => {
    expect(status(await decide({ type: "NONE" }, {}, { policy: policy([allowAll]) }, inVpc, [endpoint([other])]))).toBe(
      "allow",
    );
  });
});

describe("the three console templates", () => {
  const S = "execute-api:/*/*/*";
  const allow = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: S };
  const accounts = [
    {
      ...allow,
      Principal: { AWS: [`arn:aws:iam::${ACCOUNT}:root`, "arn:aws:iam::444455556666:role/reader"] },
      Resource: [S],
    },
  ];
  const ranges = [
    { ...allow, Effect: "Deny", Condition: { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] } } },
    allow,
  ];
  const own = [allowing("GET/orders")];
  it.each<[string, unknown[], Assumptions, NetworkPosition, "allow" | 403]>([
    [
      "account allow list, a listed role",
      accounts,
      { caller: caller({ account: "444455556666", identityPolicies: own }) },
      here,
      "allow",
    ],
    [
      "account allow list, another role of that account",
      accounts,
      { caller: caller({ account: "444455556666", role: "other", identityPolicies: own }) },
      here,
      403,
    ],
    ["account allow list, the own account", accounts, { caller: caller({ identityPolicies: own }) }, here, "allow"],
    [
      "account allow list, another account",
      accounts,
      { caller: caller({ account: "777788889999", identityPolicies: own }) },
      here,
      403,
    ],
    ["IP range deny list, inside", ranges, { caller: caller() }, here, 403],
    ["IP range deny list, inside with IPv6", ranges, { caller: caller() }, { sourceIp: "2001:db8::1" }, 403],
    ["IP range deny list, outside", ranges, { caller: caller() }, { sourceIp: "198.51.100.1" }, "allow"],
  ])("%s: %s", async (_, statements, assumptions, network, expected) => {
    expect(status(await decide({ type: "AWS_IAM" }, assumptions, { policy: policy(statements) }, network))).toBe(
      expected,
    );
  });
});

it("an invalid policy stops the engine with the place and the statement of each problem", () => {
  const bad = policy([
    { ...allowAll, Effect: "Maybe" },
    { ...allowAll, Condition: { IpAdress: { "aws:SourceIp": "x" } } },
  ]);
  expect(() => prepareEngine(model([api({ policy: bad })]))).toThrow(
    /main\.tf\.json: aws_api_gateway_rest_api_policy\.api\.policy: statement 0[^]*Maybe[^]*statement 1[^]*IpAdress/,
  );
});
