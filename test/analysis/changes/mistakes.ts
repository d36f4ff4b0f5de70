/** Mistakes that somebody reported or AWS warns of, beside those of the other files. */
import {
  allow,
  cognitoAuthorizer,
  deny,
  internal,
  orders,
  partner,
  partnerRoot,
  resource,
  route,
  STRANGER,
} from "./configuration";
import type { Change } from "./words";
import { assume, cognito, custom, everything, granted, iam, lambda, only, open, policed, trust } from "./words";

const health = route("GET", "/health");
const profile = route("GET", "/profile", cognito(["profile/read"]));
const preflight = route("OPTIONS", "/reports");
const outside = (...cidrs: string[]) => deny("*", everything, { NotIpAddress: { "aws:SourceIp": cidrs } });
const byTag = (operator: string) => allow("*", everything, { [operator]: { "aws:PrincipalTag/team": "orders" } });

export const MISTAKES: readonly Change[] = [
  {
    name: "the cache of an authorizer is switched on",
    told: "AWS Knowledge Center, Lambda authorizer errors; serverless#6176",
    base: only(route("GET", "/reports/{id}", custom({ resultTtlSeconds: 0 }))),
    head: only(route("GET", "/reports/{id}", custom({ resultTtlSeconds: 300 }))),
    found: ["changed GET /reports/{id}: authorizer token-authorizer allows"],
  },
  {
    name: "a token authorizer no longer looks at the token's shape",
    told: "API reference, identityValidationExpression",
    base: only(route("GET", "/reports", custom({ identityValidationExpression: "^Bearer [a-z]+$" }))),
    head: only(route("GET", "/reports", lambda())),
    found: ["gained GET /reports: authorizer token-authorizer allows with a value that is not like ^Bearer [a-z]+$"],
  },
  {
    name: "an audience expression is put on the authorizer of a route with scopes",
    told: "amazon-cognito-identity-js#274",
    base: only(profile),
    head: only(
      route("GET", "/profile", cognito(["profile/read"], cognitoAuthorizer({ identityValidationExpression: "^app$" }))),
    ),
    found: ["lost GET /profile: Cognito token with scope profile/read"],
  },
  {
    name: "the preflight asks for an API key",
    told: "Enable CORS for a REST API resource",
    base: only(preflight),
    head: only({ ...preflight, apiKeyRequired: true }),
    found: ["changed OPTIONS /reports: anonymous"],
  },
  {
    name: "a new user pool route is forgotten in the resource policy",
    told: "How API Gateway resource policies affect authorization workflow, table B",
    base: policed(health, open),
    head: { ...policed(health, open), routes: [health, route("GET", "/cart", cognito(["cart/read"]))] },
    found: [],
  },
  {
    name: "a path is renamed, and not in the resource policy",
    told: "Missing Authentication Token on a path that no longer exists",
    base: policed(health, open),
    head: policed(route("GET", "/status"), open),
    found: ["lost GET /health: anonymous"],
  },
  {
    name: "a path parameter is renamed",
    base: policed(route("GET", "/orders/{id}", iam), granted),
    head: policed(route("GET", "/orders/{orderId}", iam), granted),
    found: [],
  },
  {
    name: "a route is added below a wildcard that was meant for others, and that spans slashes",
    told: "IAM User Guide, wildcards in resource ARNs",
    base: policed(route("GET", "/orders", iam), granted),
    head: {
      ...policed(route("GET", "/orders", iam), granted),
      routes: [route("GET", "/orders", iam), route("GET", "/orders/{id}/invoice", iam)],
    },
    found: [
      "gained GET /orders/{id}/invoice: account 111122223333",
      "gained GET /orders/{id}/invoice: account 444455556666",
      "gained GET /orders/{id}/invoice: arn:aws:iam::444455556666:role/partner",
    ],
  },
  {
    name: "the root path is named without its slash",
    told: "ASFHyP3/hyp3#2283",
    base: policed(route("GET", "/"), allow("*", resource("GET/"))),
    head: policed(route("GET", "/"), allow("*", resource("GET"))),
    found: ["lost GET /: anonymous"],
  },
  {
    name: "a resource ends in a slash, which API Gateway strips from paths",
    told: "serverless-application-model#665",
    base: policed(health, allow("*", resource("GET/health"))),
    head: policed(health, allow("*", resource("GET/health/"))),
    found: ["lost GET /health: anonymous"],
  },
  {
    name: "a resource names another stage, of which this one's name is the end",
    told: "IAM User Guide: a resource names the whole ARN; authCanExecuteResource of serverless-offline looks at its end",
    base: policed(health, allow("*", resource("GET/health"))),
    head: policed(health, allow("*", resource("GET/health").replace("/dev/", "/predev/"))),
    found: ["lost GET /health: anonymous"],
  },
  {
    name: "the short form of a resource is written out",
    told: "terraform-provider-aws#15602",
    base: policed(health, allow("*", "execute-api:/*")),
    head: policed(health, allow("*", everything)),
    found: [],
  },
  {
    name: "each office gets its own Deny of all other addresses",
    told: "IAM User Guide: several Denies all hold",
    base: policed(health, open, outside("198.51.100.0/24", "203.0.113.0/24")),
    head: policed(health, open, outside("198.51.100.0/24"), outside("203.0.113.0/24")),
    found: ["lost GET /health: anonymous from 198.51.100.0/24, 203.0.113.0/24"],
  },
  {
    name: "the organization is asked for on an open method",
    told: "API Gateway resource policies, condition keys: aws:PrincipalOrgID needs AWS_IAM",
    base: policed(health, open),
    head: policed(health, allow("*", everything, { StringEquals: { "aws:PrincipalOrgID": "o-orders0001" } })),
    found: ["lost GET /health: anonymous"],
  },
  {
    name: "everybody but one account is allowed with NotPrincipal, the anonymous too",
    told: "IAM User Guide, NotPrincipal with Allow",
    base: policed(health, granted),
    head: policed(health, {
      Effect: "Allow",
      NotPrincipal: { AWS: STRANGER },
      Action: "execute-api:Invoke",
      Resource: everything,
    }),
    found: ["gained GET /health: anonymous"],
  },
  {
    name: "a condition on a tag is written with ForAllValues, which holds without the tag",
    told: "IAM User Guide, ForAllValues with a key that is absent",
    base: policed(route("GET", "/orders", iam), byTag("StringEquals")),
    head: policed(route("GET", "/orders", iam), byTag("ForAllValues:StringEquals")),
    found: [
      "gained GET /orders: account 111122223333 without an Allow of its own, without the tag team",
      "gained GET /orders: account 111122223333 without an Allow of its own, with an empty tag team",
      "gained GET /orders: arn:aws:iam::444455556666:role/partner",
      "gained GET /orders: account 444455556666, without the tag team",
      "gained GET /orders: account 444455556666, with an empty tag team",
      "gained GET /orders: any other account, without the tag team",
      "gained GET /orders: any other account, with an empty tag team",
    ],
  },
  {
    name: "a condition on a header is written with ForAllValues, which holds without the header",
    told: "IAM User Guide, ForAllValues with a key that is absent",
    base: policed(health, allow("*", everything, { StringEquals: { "aws:Referer": "https://shop.example/" } })),
    head: policed(
      health,
      allow("*", everything, { "ForAllValues:StringEquals": { "aws:Referer": "https://shop.example/" } }),
    ),
    found: ["gained GET /health: anonymous without Referer", "gained GET /health: anonymous with an empty Referer"],
  },
  {
    name: "the private API's policy is removed",
    told: "Create a private API: a resource policy is required",
    base: internal,
    head: { ...internal, statements: undefined },
    found: [
      "lost GET /ledger: account 111122223333 from vpc-0a1b",
      "lost GET /ledger: any other account from vpc-0a1b",
      "lost GET /status: anonymous from vpc-0a1b",
    ],
  },
  {
    name: "the id of an endpoint is written under aws:SourceVpc",
    told: "AWS Knowledge Center, access denied by a private API's policy",
    base: internal,
    head: {
      ...internal,
      statements: [
        deny("*", everything, { StringNotEquals: { "aws:SourceVpc": "vpce-0c2d" } }),
        allow("*", everything),
      ],
    },
    found: [
      "lost GET /ledger: account 111122223333 from vpc-0a1b",
      "lost GET /ledger: any other account from vpc-0a1b",
      "lost GET /status: anonymous from vpc-0a1b",
    ],
  },
  {
    name: "the partner's role loses its own Allow, and keeps that of the resource policy",
    told: "AWS Knowledge Center, cross-account 403",
    base: orders,
    head: { ...orders, roles: [{ ...partner, identityPolicies: [] }] },
    found: [
      "lost GET /orders: arn:aws:iam::444455556666:role/partner from any other address",
      "lost GET /orders/{id}: arn:aws:iam::444455556666:role/partner from any other address",
    ],
  },
  {
    name: "the external id is asked for only of those who send one",
    told: "IAM User Guide, the confused deputy problem",
    base: orders,
    head: trust(assume(partnerRoot, { StringEqualsIfExists: { "sts:ExternalId": "orders-7c1f" } })),
    found: [
      "gained GET /orders: account 444455556666 without an external id as arn:aws:iam::444455556666:role/partner from any other address",
      "gained GET /orders/{id}: account 444455556666 without an external id as arn:aws:iam::444455556666:role/partner from any other address",
    ],
  },
];
