import { crossAccountOneSide } from "../../../proof/analysis/checks/rules/cross-account-one-side";
import { trustWithoutExternalId } from "../../../proof/analysis/checks/rules/trust-without-external-id";
import type { Role } from "../../../proof/model/types";
import { ACCOUNT, ARN, PARTNER, findings, resourcePolicy, route, source, statement } from "./support";

const VENDOR = "999988887777";

function role(more: Partial<Role> & { readonly trust?: unknown } = {}): Role {
  const { trust = { Effect: "Allow", Principal: { AWS: ACCOUNT }, Action: "sts:AssumeRole" }, ...rest } = more;
  return {
    address: "aws_iam_role.partner",
    name: "partner",
    arn: `arn:aws:iam::${PARTNER}:role/partner`,
    accountId: PARTNER,
    trustPolicy: {
      document: { Version: "2012-10-17", Statement: [trust] },
      source: source("aws_iam_role.partner.assume_role_policy"),
    },
    identityPolicies: [],
    tags: {},
    maxSessionSeconds: 3600,
    source: source("aws_iam_role.partner"),
    ...rest,
  };
}

const allowing = (Resource: string) => [
  {
    document: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource }] },
    source: source("aws_iam_role_policy.partner.policy"),
  },
];
const orders = [route("GET", "/orders", { type: "AWS_IAM" }), route("GET", "/stock", { type: "AWS_IAM" })];
const named = resourcePolicy(statement("Allow", { Principal: { AWS: `arn:aws:iam::${PARTNER}:role/partner` } }));
const accountNamed = resourcePolicy(statement("Allow", { Principal: { AWS: PARTNER } }));

describe("a grant across accounts", () => {
  it("is found where the resource policy names a role that no policy of its own allows", () => {
    expect(findings(crossAccountOneSide, { routes: orders, policy: named }, { roles: [role()] })).toMatchObject([
      {
        where: { address: "aws_iam_role.partner" },
        witness: { caller: { arn: expect.stringContaining("role/partner") } },
      },
    ]);
  });

  it("is found where the role's own policy names the API and the resource policy does not let it in", () => {
    const roles = [role({ identityPolicies: allowing(`${ARN}/dev/GET/orders`) })];
    const policy = resourcePolicy(statement("Allow", { Principal: { AWS: VENDOR } }));
    expect(findings(crossAccountOneSide, { routes: orders, policy }, { roles })).toMatchObject([
      { where: { address: "aws_api_gateway_rest_api_policy.api.policy" } },
    ]);
    expect(findings(crossAccountOneSide, { routes: orders }, { roles })).toHaveLength(1);
  });

  it.each([
    ["both sides allow", named, [role({ identityPolicies: allowing(`${ARN}/*`) })]],
    [
      "the role's own policy allows some of the routes that the resource policy does",
      named,
      [role({ identityPolicies: allowing(`${ARN}/dev/GET/orders`) })],
    ],
    ["the resource policy delegates to the account, which says which roles are meant", accountNamed, [role()]],
    [
      "an administrator's policy names no API",
      resourcePolicy(statement("Allow", { Principal: { AWS: VENDOR } })),
      [role({ identityPolicies: allowing("*") })],
    ],
    [
      "the role is of the API's own account",
      named,
      [role({ accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:role/partner` })],
    ],
  ])("is not found where %s", (_, policy, roles) => {
    expect(findings(crossAccountOneSide, { routes: orders, policy }, { roles })).toEqual([]);
  });
});

describe("a trust policy", () => {
  const trusting = (principal: unknown, Condition?: unknown) => {
    const trust = {
      Effect: "Allow",
      Principal: principal,
      Action: "sts:AssumeRole",
      ...(Condition ? { Condition } : {}),
    };
    return findings(trustWithoutExternalId, { routes: orders }, { roles: [role({ trust })] });
  };

  it("is found where it lets a third party in without an external id", () => {
    expect(trusting({ AWS: `arn:aws:iam::${VENDOR}:root` })).toMatchObject([
      {
        severity: "warning",
        message: expect.stringContaining(VENDOR),
        where: { address: expect.stringContaining("assume_role_policy") },
      },
    ]);
  });

  it("is found where the external id may be missing", () => {
    expect(trusting({ AWS: VENDOR }, { StringEqualsIfExists: { "sts:ExternalId": "x-1" } })).toHaveLength(1);
  });

  it("is an error where it lets every account in, external id or not", () => {
    expect(trusting({ AWS: "*" })).toMatchObject([{ severity: "error" }]);
    expect(trusting("*", { StringEquals: { "sts:ExternalId": "x-1" } })).toMatchObject([{ severity: "error" }]);
  });

  it("is an error where a pattern of ARNs matches roles of every account", () => {
    const like = (arn: string) => trusting({ AWS: "*" }, { ArnLike: { "aws:PrincipalArn": arn } });
    expect(like("arn:aws:iam::*:role/partner")).toMatchObject([{ severity: "error" }]);
    expect(like(`arn:aws:iam::${ACCOUNT}:role/partner-*`)).toEqual([]);
  });

  it.each([
    ["an external id", { AWS: VENDOR }, { StringEquals: { "sts:ExternalId": "x-1" } }],
    ["the organization", { AWS: "*" }, { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }],
    ["an account of this configuration", { AWS: ACCOUNT }, undefined],
    ["a service", { Service: "lambda.amazonaws.com" }, undefined],
  ])("is not found with %s", (_, principal, condition) => {
    expect(trusting(principal, condition)).toEqual([]);
  });
});
