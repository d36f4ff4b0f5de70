import { allowListShutsOut } from "../../../proof/analysis/checks/rules/allow-list-shuts-out";
import { denyByAbsentKey } from "../../../proof/analysis/checks/rules/deny-by-absent-key";
import { sessionArnPrincipal } from "../../../proof/analysis/checks/rules/session-arn-principal";
import { sourceIpOnPrivateApi } from "../../../proof/analysis/checks/rules/source-ip-on-private-api";
import type { Case } from "./policy-worlds";
import {
  COGNITO,
  IAM,
  LAMBDA,
  PARTNER,
  account,
  endpoint,
  inVpc,
  orders,
  resourcePolicy,
  spared,
  statement,
  when,
  holdRules,
} from "./policy-worlds";
import { findings } from "./support";

const triggers: readonly Case[] = [
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
    what: "a policy of a private API that asks whether there is an aws:SourceIp",
    rule: sourceIpOnPrivateApi,
    world: {
      ...inVpc,
      policy: resourcePolicy(
        statement("Allow"),
        statement("Deny", when({ Null: { "aws:SourceIp": "true" } })),
        statement("Allow", when({ Null: { "aws:SourceIp": "false" } })),
      ),
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

describe("a resource policy that shuts out", () => {
  holdRules(triggers, nearMisses);

  it("is told without a witness where a pattern stands in the place of an address", () => {
    const like = statement("Allow", when({ StringLike: { "aws:SourceIp": "10.0.*" } }));
    const world = { ...inVpc, policy: resourcePolicy(statement("Allow"), like) };
    const found = findings(sourceIpOnPrivateApi, world, { vpcEndpoints: [endpoint] });
    expect(found).toEqual([expect.objectContaining({ rule: "source-ip-on-private-api", witness: null })]);
  });
});
