import { allowListShutsOut } from "../../../proof/analysis/checks/rules/allow-list-shuts-out";
import { allowWithNotPrincipal } from "../../../proof/analysis/checks/rules/allow-with-not-principal";
import { denyByAbsentKey } from "../../../proof/analysis/checks/rules/deny-by-absent-key";
import { resourcePolicyBypass } from "../../../proof/analysis/checks/rules/resource-policy-bypass";
import { sessionArnPrincipal } from "../../../proof/analysis/checks/rules/session-arn-principal";
import { sourceIpOnPrivateApi } from "../../../proof/analysis/checks/rules/source-ip-on-private-api";
import { spoofableCondition } from "../../../proof/analysis/checks/rules/spoofable-condition";
import { wildcardPrincipalUnpinned } from "../../../proof/analysis/checks/rules/wildcard-principal-unpinned";
import type { Rule } from "../../../proof/analysis/checks/rule";
import type { Api, RouteAuth, VpcEndpoint } from "../../../proof/model/types";
import {
  ACCOUNT,
  PARTNER,
  cognitoAuthorizer,
  findings,
  resourcePolicy,
  route,
  source,
  statement,
  tokenAuthorizer,
} from "./support";

const IAM: RouteAuth = { type: "AWS_IAM" };
const LAMBDA: RouteAuth = { type: "CUSTOM", authorizer: tokenAuthorizer() };
const COGNITO: RouteAuth = { type: "COGNITO_USER_POOLS", authorizer: cognitoAuthorizer(), scopes: ["orders/read"] };
const orders = (auth: RouteAuth = { type: "NONE" }) => [route("GET", "/orders", auth)];
const account = (id: string) => ({ AWS: `arn:aws:iam::${id}:root` });
const endpoint: VpcEndpoint = {
  address: "aws_vpc_endpoint.api",
  id: "vpce-0a1b2c3d4e5f60718",
  vpcId: "vpc-0a1b2c3d4e5f60718",
  accountId: ACCOUNT,
  serviceName: "com.amazonaws.us-east-1.execute-api",
  source: source("aws_vpc_endpoint.api"),
};
const inVpc = { endpointType: "PRIVATE", routes: orders() } as const;
const fromVpce = { StringEquals: { "aws:SourceVpce": endpoint.id } };
const when = (Condition: Record<string, unknown>) => ({ Condition });

interface Case {
  readonly what: string;
  readonly rule: Rule;
  readonly world: Partial<Api>;
  /** Of the witness: what is decided of it; null where there is none. */
  readonly witness?: Record<string, unknown>;
  readonly says?: RegExp;
  /** `error` unless it says otherwise. */
  readonly severity?: "warning";
}

const spared = (effect: string) => ({
  Effect: effect,
  NotPrincipal: account(PARTNER),
  Action: "execute-api:Invoke",
  Resource: "execute-api:/*",
});

const triggers: readonly Case[] = [
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
    what: "a Deny for other endpoints on a public API",
    rule: denyByAbsentKey,
    world: {
      routes: orders(),
      policy: resourcePolicy(
        statement("Allow"),
        statement("Deny", when({ StringNotEquals: { "aws:SourceVpce": "vpce-1" } })),
      ),
    },
    says: /aws:SourceVpce.*never/,
  },
  {
    what: "a Deny for other accounts on a public route",
    rule: denyByAbsentKey,
    world: {
      routes: orders(),
      policy: resourcePolicy(
        statement("Allow"),
        statement("Deny", when({ StringNotEquals: { "aws:PrincipalAccount": PARTNER } })),
      ),
    },
    says: /aws:PrincipalAccount.*never/,
  },
  {
    what: "an allow list of accounts on a public route",
    rule: allowListShutsOut,
    world: { routes: orders(), policy: resourcePolicy(statement("Allow", { Principal: account(PARTNER) })) },
    says: /GET \/orders/,
  },
  {
    what: "an allow list of accounts on a user pool route",
    rule: allowListShutsOut,
    world: { routes: orders(COGNITO), policy: resourcePolicy(statement("Allow", { Principal: account(PARTNER) })) },
    witness: { claims: expect.anything() },
  },
  {
    what: "a Deny-only policy on a public route",
    rule: allowListShutsOut,
    world: {
      routes: orders(),
      policy: resourcePolicy(statement("Deny", when({ IpAddress: { "aws:SourceIp": "198.51.100.0/24" } }))),
    },
  },
  {
    what: "a Deny for all but one account on a Lambda route",
    rule: allowListShutsOut,
    world: { routes: orders(LAMBDA), policy: resourcePolicy(spared("Deny")) },
    witness: { authorizerResult: expect.anything() },
  },
  {
    what: "an address list by aws:SourceIp on a private API",
    rule: sourceIpOnPrivateApi,
    world: {
      ...inVpc,
      policy: resourcePolicy(statement("Allow", when({ IpAddress: { "aws:SourceIp": "10.0.0.0/16" } }))),
    },
    witness: { vpc: expect.objectContaining({ sourceIp: "10.0.0.0" }) },
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
    what: "a session of a role as principal",
    rule: sessionArnPrincipal,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(
        statement("Allow", { Principal: { AWS: `arn:aws:sts::${PARTNER}:assumed-role/partner/deploy` } }),
      ),
    },
    witness: {
      caller: expect.objectContaining({ arn: `arn:aws:iam::${PARTNER}:role/partner`, session: "another-session" }),
    },
  },
];

const nearMisses: readonly Case[] = [
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
    what: "a Deny for other endpoints on a private API",
    rule: denyByAbsentKey,
    world: {
      ...inVpc,
      policy: resourcePolicy(
        statement("Allow"),
        statement("Deny", when({ StringNotEquals: { "aws:SourceVpce": endpoint.id } })),
      ),
    },
  },
  {
    what: "a Deny for other accounts on routes behind AWS_IAM",
    rule: denyByAbsentKey,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(
        statement("Allow"),
        statement("Deny", when({ StringNotEquals: { "aws:PrincipalAccount": PARTNER } })),
      ),
    },
  },
  {
    what: "an allow list of accounts on routes behind AWS_IAM",
    rule: allowListShutsOut,
    world: { routes: orders(IAM), policy: resourcePolicy(statement("Allow", { Principal: account(PARTNER) })) },
  },
  {
    what: "an allow list of accounts on a Lambda route, whose authorizer may still allow",
    rule: allowListShutsOut,
    world: { routes: orders(LAMBDA), policy: resourcePolicy(statement("Allow", { Principal: account(PARTNER) })) },
  },
  {
    what: "an Allow of the public route for some addresses",
    rule: allowListShutsOut,
    world: {
      routes: orders(),
      policy: resourcePolicy(statement("Allow", when({ IpAddress: { "aws:SourceIp": "198.51.100.0/24" } }))),
    },
  },
  {
    what: "aws:VpcSourceIp on a private API",
    rule: sourceIpOnPrivateApi,
    world: {
      ...inVpc,
      policy: resourcePolicy(statement("Allow", when({ IpAddress: { "aws:VpcSourceIp": "10.0.0.0/16" } }))),
    },
  },
  {
    what: "aws:SourceIp on a public API",
    rule: sourceIpOnPrivateApi,
    world: {
      routes: orders(),
      policy: resourcePolicy(statement("Allow", when({ IpAddress: { "aws:SourceIp": "198.51.100.0/24" } }))),
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
  {
    what: "a role as principal",
    rule: sessionArnPrincipal,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(statement("Allow", { Principal: { AWS: `arn:aws:iam::${PARTNER}:role/partner` } })),
    },
  },
  {
    what: "a session as principal beside its role",
    rule: sessionArnPrincipal,
    world: {
      routes: orders(IAM),
      policy: resourcePolicy(
        statement("Allow", {
          Principal: {
            AWS: [`arn:aws:sts::${PARTNER}:assumed-role/partner/deploy`, `arn:aws:iam::${PARTNER}:role/partner`],
          },
        }),
      ),
    },
  },
];

describe("mistakes in a resource policy", () => {
  it.each(triggers)("$rule.name finds $what", ({ rule, world, witness, says, severity = rule.severity }) => {
    const found = findings(rule, world, { vpcEndpoints: [endpoint] });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      rule: rule.name,
      severity,
      where: { address: expect.stringContaining("policy") },
    });
    if (says !== undefined) expect(found[0]?.message).toMatch(says);
    expect(found[0]?.witness).toMatchObject({ api: "orders", stage: "dev", ...witness });
  });

  it.each(nearMisses)("$rule.name finds nothing in $what", ({ rule, world }) => {
    expect(findings(rule, world, { vpcEndpoints: [endpoint] })).toEqual([]);
  });
});
