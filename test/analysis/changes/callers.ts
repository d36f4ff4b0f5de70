/** Changes to who callers are: roles, trust, scopes, authorizers. */
import {
  allow,
  cognitoAuthorizer,
  invoking,
  orders,
  partner,
  partnerRoot,
  pool,
  request,
  resource,
  route,
  STRANGER,
} from "./configuration";
import type { Change } from "./words";
import {
  denied,
  open,
  rp,
  granted,
  only,
  policed,
  cognito,
  lambda,
  custom,
  trust,
  assume,
  external,
  ordersRoute,
  everything,
} from "./words";

export const CALLERS: readonly Change[] = [
  {
    name: "a role's identity policy gains a wildcard",
    base: orders,
    head: {
      ...orders,
      roles: [{ ...partner, identityPolicies: [invoking("GET/orders", "GET/orders/*", "*/orders")] }],
    },
    found: [],
  },
  {
    name: "both sides of a cross-account grant are widened",
    base: orders,
    head: {
      ...rp(denied, open, allow(partnerRoot, resource("*/orders")), granted),
      roles: [{ ...partner, identityPolicies: [invoking("GET/orders", "GET/orders/*", "POST/orders")] }],
    },
    found: [
      "gained POST /orders: arn:aws:iam::444455556666:role/partner from any other address",
      "gained POST /orders: account 444455556666 from any other address",
    ],
  },
  {
    name: "a scope is removed from a method",
    base: only(route("GET", "/profile", cognito(["profile/read", "profile/admin"]))),
    head: only(route("GET", "/profile", cognito(["profile/read"]))),
    found: ["lost GET /profile: Cognito token with scope profile/admin"],
  },
  {
    name: "all scopes are removed, so that ID tokens are asked for",
    told: "aws-cdk#30444, scopes dropped silently",
    base: only(route("GET", "/profile", cognito(["profile/read"]))),
    head: only(route("GET", "/profile", cognito([]))),
    found: ["lost GET /profile: Cognito token with scope profile/read", "gained GET /profile: Cognito ID token"],
  },
  {
    name: "a second user pool is trusted",
    base: only(route("GET", "/profile", cognito([]))),
    head: only(
      route(
        "GET",
        "/profile",
        cognito(
          [],
          cognitoAuthorizer({
            providerArns: [
              ...pool.providerArns,
              "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_Staff0001",
            ],
          }),
        ),
      ),
    ),
    found: ["gained GET /profile: Cognito ID token of us-east-1_Staff0001"],
  },
  {
    name: "an authorizer answers for longer",
    base: only(route("GET", "/reports", custom({ resultTtlSeconds: 60 }))),
    head: only(route("GET", "/reports", custom({ resultTtlSeconds: 3600 }))),
    found: ["changed GET /reports: authorizer token-authorizer allows"],
  },
  {
    name: "an authorizer no longer asks for the signature",
    told: "Configure a Lambda authorizer, identity sources",
    base: only(route("POST", "/hooks", lambda(request))),
    head: only(route("POST", "/hooks", lambda({ ...request, identitySources: ["method.request.header.X-Client-Id"] }))),
    found: [
      "changed POST /hooks: authorizer signed allows",
      "gained POST /hooks: authorizer signed allows without header X-Signature",
    ],
  },
  {
    name: "a method is given another authorizer",
    base: only(route("GET", "/reports", lambda())),
    head: only(route("GET", "/reports", lambda(request))),
    found: ["lost GET /reports: authorizer token-authorizer allows", "gained GET /reports: authorizer signed allows"],
  },
  {
    name: "the external id is no longer asked for",
    told: "IAM User Guide, the confused deputy problem",
    base: orders,
    head: trust(assume(partnerRoot)),
    found: [
      "gained GET /orders: account 444455556666 without that external id as arn:aws:iam::444455556666:role/partner from any other address",
      "gained GET /orders/{id}: account 444455556666 without that external id as arn:aws:iam::444455556666:role/partner from any other address",
    ],
  },
  {
    name: "another account may assume the partner's role",
    base: orders,
    head: trust(assume(partnerRoot, external), assume({ AWS: STRANGER }, external)),
    found: [
      "gained GET /orders: account 777788889999 with the external id orders-7c1f as arn:aws:iam::444455556666:role/partner from any other address",
      "gained GET /orders/{id}: account 777788889999 with the external id orders-7c1f as arn:aws:iam::444455556666:role/partner from any other address",
    ],
  },
  {
    name: "everybody may assume the partner's role",
    base: orders,
    head: trust(assume({ AWS: "*" }, external)),
    found: [
      "gained GET /orders: account 444455556666 without an Allow of its own with the external id orders-7c1f as arn:aws:iam::444455556666:role/partner from any other address",
      "gained GET /orders/{id}: account 444455556666 without an Allow of its own with the external id orders-7c1f as arn:aws:iam::444455556666:role/partner from any other address",
      "gained GET /orders: any other account with the external id orders-7c1f as arn:aws:iam::444455556666:role/partner from any other address",
      "gained GET /orders/{id}: any other account with the external id orders-7c1f as arn:aws:iam::444455556666:role/partner from any other address",
    ],
  },
  {
    name: "a pipeline may assume the partner's role",
    base: orders,
    head: trust(assume(partnerRoot, external), {
      ...assume({ Federated: "arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com" }),
      Action: "sts:AssumeRoleWithWebIdentity",
    }),
    found: [
      "gained GET /orders: identities of arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com as arn:aws:iam::444455556666:role/partner from any other address",
      "gained GET /orders/{id}: identities of arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com as arn:aws:iam::444455556666:role/partner from any other address",
    ],
  },
  {
    name: "a tag opens a route",
    base: policed(ordersRoute, granted),
    head: policed(
      ordersRoute,
      granted,
      allow("*", everything, { StringEquals: { "aws:PrincipalTag/team": "orders" } }),
    ),
    found: [
      "gained GET /orders: account 111122223333 without an Allow of its own, with the tag team orders",
      "gained GET /orders: any other account, with the tag team orders",
    ],
  },
];
