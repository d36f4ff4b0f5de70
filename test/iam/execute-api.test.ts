import { compilePolicy, reducePolicies } from "../../proof/iam";
import { ANONYMOUS, EXECUTE_API, request, SOURCE } from "./helpers";

const EXAMPLES = "API Gateway resource policy examples";
const arn = (rest: string, api = "a1b2c3d4e5") => `arn:aws:execute-api:us-east-1:111111111111:${api}/${rest}`;

function matches(resource: unknown, asked: string, executeApi = EXECUTE_API): boolean {
  const Statement = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: resource };
  const policy = compilePolicy({ Version: "2012-10-17", Statement }, { kind: "resource", source: SOURCE, executeApi });
  return reducePolicies([policy], request({ principal: ANONYMOUS, resource: asked })).verdict === "ALLOW";
}

it.each<[unknown, string, boolean, string]>([
  ["execute-api:/*", arn("dev/GET/orders"), true, EXAMPLES],
  ["execute-api:/*", arn("dev/GET/"), true, EXAMPLES],
  ["execute-api:/*", arn("dev/GET/orders", "another"), false, "expanded with the API's own id"],
  ["execute-api:/*/*/*", arn("dev/GET/a/b"), true, EXAMPLES],
  ["execute-api:/dev/GET/orders", arn("dev/GET/orders"), true, EXAMPLES],
  ["execute-api:/dev/GET/orders", arn("prod/GET/orders"), false, EXAMPLES],
  ["execute-api:/dev/*/orders", arn("dev/DELETE/orders"), true, EXAMPLES],
  ["execute-api:/*/GET/x", arn("dev/GET/x"), true, "recorded: stored as the full ARN"],
  ["execute-api:/*/GET/x", arn("dev/GET/y"), false, "recorded: stored as the full ARN"],
  ["execute-api:/dev/GET/", arn("dev/GET/"), true, "recorded: the root path ends in a slash"],
  [
    "execute-api:*/*/*",
    arn("dev/GET/orders"),
    false,
    "recorded: without the slash it is stored as it is, and matches nothing",
  ],
  [
    "execute-api:*",
    arn("dev/GET/orders"),
    false,
    "recorded: without the slash it is stored as it is, and matches nothing",
  ],
  [["execute-api:/dev/*", "execute-api:/prod/*"], arn("prod/GET/x"), true, EXAMPLES],
  [["execute-api:/dev/*", "execute-api:/prod/*"], arn("test/GET/x"), false, EXAMPLES],
  [arn("*"), arn("dev/GET/orders"), true, "a full ARN is kept"],
  ["*", arn("dev/GET/orders"), true, "IAM JSON policy elements: Resource"],
])("%j covers %s: %s (%s)", (resource, asked, expected) => {
  expect(matches(resource, asked)).toBe(expected);
});

it("is expanded with the partition, region, account and id of the API it is attached to", () => {
  const api = { partition: "aws-cn", region: "cn-north-1", accountId: "222222222222", apiId: "zz" };
  expect(matches("execute-api:/*", "arn:aws-cn:execute-api:cn-north-1:222222222222:zz/dev/GET/x", api)).toBe(true);
  expect(matches("execute-api:/*", arn("dev/GET/x"), api)).toBe(false);
});

describe("The console's templates", () => {
  const S = "execute-api:/*/*/*";
  const allow = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: S };
  const denyIf = (Condition: object) => [{ ...allow, Effect: "Deny", Condition }, allow];
  const verdict = (Statement: unknown, context: Record<string, string>) => {
    const policy = compilePolicy(
      { Version: "2012-10-17", Statement },
      { kind: "resource", source: SOURCE, executeApi: EXECUTE_API },
    );
    return reducePolicies([policy], request({ principal: ANONYMOUS, context })).verdict;
  };

  it.each<[unknown, Record<string, string>, string, string]>([
    [
      denyIf({ IpAddress: { "aws:SourceIp": ["203.0.113.0/24"] } }),
      { "aws:SourceIp": "203.0.113.9" },
      "DENY",
      "IP range deny list",
    ],
    [
      denyIf({ IpAddress: { "aws:SourceIp": ["203.0.113.0/24"] } }),
      { "aws:SourceIp": "198.51.100.9" },
      "ALLOW",
      "IP range deny list",
    ],
    [
      denyIf({ StringNotEquals: { "aws:sourceVpc": "vpc-1" } }),
      { "aws:SourceVpc": "vpc-1" },
      "ALLOW",
      "Source VPC allow list",
    ],
    [
      denyIf({ StringNotEquals: { "aws:sourceVpc": "vpc-1" } }),
      { "aws:SourceVpc": "vpc-2" },
      "DENY",
      "Source VPC allow list",
    ],
    [
      denyIf({ StringNotEquals: { "aws:sourceVpc": "vpc-1" } }),
      {},
      "DENY",
      "a public request has no VPC, and the negation holds",
    ],
  ])("%#: %j with %j is %s (%s)", (statements, context, expected) => {
    expect(verdict(statements, context)).toBe(expected);
  });
});
