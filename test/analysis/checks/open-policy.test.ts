import { allowByAbsentKey } from "../../../proof/analysis/checks/rules/allow-by-absent-key";
import { allowWithNotPrincipal } from "../../../proof/analysis/checks/rules/allow-with-not-principal";
import { resourcePolicyBypass } from "../../../proof/analysis/checks/rules/resource-policy-bypass";
import { spoofableCondition } from "../../../proof/analysis/checks/rules/spoofable-condition";
import { wildcardPrincipalUnpinned } from "../../../proof/analysis/checks/rules/wildcard-principal-unpinned";
import type { Case } from "./policy-worlds";
import {
  ACCOUNT,
  IAM,
  LAMBDA,
  PARTNER,
  account,
  endpoint,
  fromVpce,
  inVpc,
  orders,
  resourcePolicy,
  route,
  spared,
  statement,
  when,
  holdRules,
} from "./policy-worlds";

const triggers: readonly Case[] = [
  {
    what: "an Allow for everyone of one path that a wildcard in front of it reaches too",
    rule: resourcePolicyBypass,
    world: {
      routes: [route("GET", "/shows"), route("GET", "/tickets/{id}", IAM)],
      policy: resourcePolicy(statement("Allow", { Resource: "execute-api:/*/*/shows" })),
    },
    witness: { path: "/tickets/shows" },
    says: /GET \/tickets\/\{id\} \(such as \/tickets\/shows\)/,
  },
  {
    what: "an Allow for everyone on a route behind AWS_IAM",
    rule: resourcePolicyBypass,
    world: { routes: orders(IAM), policy: resourcePolicy(statement("Allow")) },
    witness: { method: "GET", path: "/orders", caller: expect.objectContaining({ policies: [] }) },
    says: /without any permission of its own/,
  },
  {
    what: "an Allow for everyone on a route behind a Lambda authorizer",
    rule: resourcePolicyBypass,
    world: { routes: orders(LAMBDA), policy: resourcePolicy(statement("Allow")) },
    witness: { authorizerResult: expect.objectContaining({ policyDocument: expect.anything() }) },
    says: /authorizer's policy does not allow/,
  },
  {
    what: "an Allow for everyone beside a Deny by address, the common pair",
    rule: resourcePolicyBypass,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(
        statement("Allow"),
        statement("Deny", when({ IpAddress: { "aws:SourceIp": "198.51.100.0/24" } })),
      ),
    },
    witness: { path: "/orders" },
  },
  {
    what: "an Allow for any id with a session name",
    rule: wildcardPrincipalUnpinned,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(statement("Allow", when({ StringLike: { "aws:userid": "*:deploy" } }))),
    },
    witness: { caller: expect.anything() },
  },
  {
    what: "an Allow on one route, for two classes of callers",
    rule: resourcePolicyBypass,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(
        statement("Allow", when({ NumericLessThan: { "aws:MultiFactorAuthAge": "3600" } })),
        statement("Deny", when({ StringLike: { "aws:username": "temp-*" } })),
      ),
    },
    says: /GET \/orders admits those/,
  },
  {
    what: "an Allow for the principal * to AWS_IAM, across accounts",
    rule: wildcardPrincipalUnpinned,
    world: { routes: orders(IAM), policy: resourcePolicy(statement("Allow")) },
    witness: { caller: expect.objectContaining({ arn: expect.not.stringContaining(ACCOUNT) }) },
  },
  {
    what: "a pattern for the caller's ARN with any account in it",
    rule: wildcardPrincipalUnpinned,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(
        statement("Allow", when({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/partner" } })),
      ),
    },
    witness: { caller: expect.objectContaining({ arn: expect.stringMatching(/:role\/partner$/) }) },
  },
  {
    what: "an Allow by the Referer header",
    rule: spoofableCondition,
    world: {
      routes: orders(),
      policy: resourcePolicy(statement("Allow", when({ StringLike: { "aws:Referer": "https://app.example.com/*" } }))),
    },
    witness: { headers: { Referer: [expect.stringMatching(/^https:\/\/app\.example\.com\//)] } },
  },
  {
    what: "a Deny of every other Referer",
    rule: spoofableCondition,
    world: {
      routes: orders(),
      policy: resourcePolicy(
        statement("Allow"),
        statement("Deny", when({ StringNotLike: { "aws:Referer": "https://app.example.com/*" } })),
      ),
    },
    witness: { headers: { Referer: [expect.stringMatching(/^https:\/\/app\.example\.com\//)] } },
  },
  {
    what: "a Deny of some User-Agents, which keeps nobody out who is not let in without it",
    rule: spoofableCondition,
    world: {
      routes: orders(),
      policy: resourcePolicy(statement("Allow"), statement("Deny", when({ StringLike: { "aws:UserAgent": "*bot*" } }))),
    },
    witness: { method: "GET" },
    severity: "warning",
  },
  {
    what: "an Allow for everybody but one account",
    rule: allowWithNotPrincipal,
    world: { routes: orders(), policy: resourcePolicy(spared("Allow")) },
    witness: { caller: null },
    says: /everybody but .*anonymous/,
  },
  {
    what: "an Allow for the principal * from an office, as a warning",
    rule: wildcardPrincipalUnpinned,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(statement("Allow", when({ IpAddress: { "aws:SourceIp": "198.51.100.0/24" } }))),
    },
    witness: { sourceIp: expect.stringMatching(/^198\.51\.100\./) },
    says: /from the networks that the policy lists/,
    severity: "warning",
  },
  {
    what: "an Allow for the principal * from one VPC, as a warning",
    rule: wildcardPrincipalUnpinned,
    world: { ...inVpc, routes: orders(IAM), policy: resourcePolicy(statement("Allow", when(fromVpce))) },
    witness: { vpc: expect.anything() },
    severity: "warning",
  },
  {
    what: "an Allow for the principal * from everywhere but a denied range",
    rule: wildcardPrincipalUnpinned,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(
        statement("Allow"),
        statement("Deny", when({ IpAddress: { "aws:SourceIp": "198.51.100.0/24" } })),
      ),
    },
    says: /in the world/,
  },
  {
    what: "an Allow for one VPC with IfExists on a public API",
    rule: allowByAbsentKey,
    world: {
      routes: orders(),
      policy: resourcePolicy(statement("Allow", when({ StringEqualsIfExists: { "aws:SourceVpc": "vpc-0a1b" } }))),
    },
    witness: { path: "/orders", caller: null },
    says: /aws:SourceVpc, which requests to GET \/orders never have.*keeps nobody out/,
  },
  {
    what: "an Allow for an organization with ForAllValues on a route where nobody is signed",
    rule: allowByAbsentKey,
    world: {
      routes: orders(),
      policy: resourcePolicy(
        statement("Allow", when({ "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } })),
      ),
    },
    witness: { caller: null },
  },
  {
    what: "an Allow for everybody but one VPC on a route behind a Lambda authorizer",
    rule: allowByAbsentKey,
    world: {
      routes: orders(LAMBDA),
      policy: resourcePolicy(statement("Allow", when({ StringNotEquals: { "aws:SourceVpc": "vpc-0a1b" } }))),
    },
    witness: { path: "/orders" },
  },
];

const nearMisses: readonly Case[] = [
  {
    what: "an Allow for one VPC with IfExists on a private API, where requests have the key",
    rule: allowByAbsentKey,
    world: {
      ...inVpc,
      policy: resourcePolicy(statement("Allow", when({ StringEqualsIfExists: { "aws:SourceVpc": endpoint.vpcId } }))),
    },
  },
  {
    what: "an Allow on a key that is not there, which does not hold without it",
    rule: allowByAbsentKey,
    world: {
      routes: orders(),
      policy: resourcePolicy(statement("Allow", when({ StringEquals: { "aws:SourceVpc": "vpc-0a1b" } }))),
    },
  },
  {
    what: "an Allow of what has no VPC, asked for by Null",
    rule: allowByAbsentKey,
    world: {
      routes: orders(),
      policy: resourcePolicy(statement("Allow", when({ Null: { "aws:SourceVpc": "true" } }))),
    },
  },
  {
    what: "the id of a role, which is unique in the world",
    rule: wildcardPrincipalUnpinned,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(statement("Allow", when({ StringLike: { "aws:userid": "AROAEXAMPLEID12345678:*" } }))),
    },
  },
  {
    what: "the id of a role of the account",
    rule: resourcePolicyBypass,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(statement("Allow", when({ StringLike: { "aws:userid": "AROAEXAMPLEID12345678:*" } }))),
    },
  },
  {
    what: "an Allow for callers who carry a tag",
    rule: resourcePolicyBypass,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(statement("Allow", when({ StringEquals: { "aws:PrincipalTag/team": "orders" } }))),
    },
  },
  {
    what: "an Allow for everyone on the public route alone",
    rule: resourcePolicyBypass,
    world: {
      routes: [...orders(IAM), route("GET", "/health")],
      policy: resourcePolicy(statement("Allow", { Resource: "execute-api:/*/GET/health" })),
    },
  },
  {
    what: "a role of the account that the policy names itself",
    rule: resourcePolicyBypass,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(statement("Allow", { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/reader` } })),
    },
  },
  {
    what: "a Deny-only policy on routes behind AWS_IAM and a Lambda authorizer",
    rule: resourcePolicyBypass,
    world: {
      routes: [...orders(IAM), route("GET", "/reports", LAMBDA)],
      policy: resourcePolicy(statement("Deny", when({ IpAddress: { "aws:SourceIp": "198.51.100.0/24" } }))),
    },
  },
  {
    what: "named accounts",
    rule: wildcardPrincipalUnpinned,
    world: { routes: orders(IAM), policy: resourcePolicy(statement("Allow", { Principal: account(PARTNER) })) },
  },
  {
    what: "an organization that the policy names",
    rule: wildcardPrincipalUnpinned,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(statement("Allow", when({ StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }))),
    },
  },
  {
    what: "a pattern for the caller's ARN with its account in it",
    rule: wildcardPrincipalUnpinned,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(
        statement("Allow", when({ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${PARTNER}:role/partner-*` } })),
      ),
    },
  },
  {
    what: "a Deny for everybody but one account",
    rule: allowWithNotPrincipal,
    world: { routes: orders(IAM), policy: resourcePolicy(spared("Deny")) },
  },
  {
    what: "a condition on the endpoint",
    rule: spoofableCondition,
    world: { ...inVpc, policy: resourcePolicy(statement("Allow", when(fromVpce))) },
  },
];

describe("a resource policy that lets in too many", () => {
  holdRules(triggers, nearMisses);
});
