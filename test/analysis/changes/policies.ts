/** Changes to resource policies. */
import { allow, ARN, deny, internal, ipDeny, PARTNER, partnerRoot, resource, route, STRANGER } from "./configuration";
import type { Change } from "./words";
import {
  denied,
  open,
  granted,
  ROLE,
  only,
  policed,
  iam,
  cognito,
  lambda,
  ordersRoute,
  sparing,
  everything,
  inRange,
} from "./words";

const unsigned = [
  route("GET", "/health"),
  route("GET", "/profile", cognito(["profile/read"])),
  route("GET", "/reports", lambda()),
];

export const POLICIES: readonly Change[] = [
  {
    name: "a broad Allow is added to the resource policy of IAM methods",
    told: "How API Gateway resource policies affect authorization workflow, table A",
    base: policed(ordersRoute, granted),
    head: policed(ordersRoute, granted, allow("*", everything)),
    found: [
      "gained GET /orders: account 111122223333 without an Allow of its own",
      "gained GET /orders: any other account",
    ],
  },
  {
    name: "a broad Allow makes an authorizer's silence enough",
    told: "How API Gateway resource policies affect authorization workflow, table A",
    base: policed(route("GET", "/reports/{id}", lambda()), denied),
    head: policed(route("GET", "/reports/{id}", lambda()), denied, allow("*", everything)),
    found: ["gained GET /reports/{id}: authorizer token-authorizer neither allows nor denies from any other address"],
  },
  {
    name: "the resource policy is removed",
    base: policed(route("GET", "/health"), denied, open),
    head: only(route("GET", "/health")),
    found: ["gained GET /health: anonymous from 198.51.100.0/24"],
  },
  {
    name: "an account allow list is attached, which no open or token route can meet; an authorizer still allows by itself",
    told: "Create and attach an API Gateway resource policy, troubleshooting",
    base: only(...unsigned),
    head: { ...only(...unsigned), statements: [granted ?? {}] },
    found: ["lost GET /health: anonymous", "lost GET /profile: Cognito token with scope profile/read"],
  },
  {
    name: "a deny list is attached without an Allow",
    base: only(route("GET", "/health")),
    head: policed(route("GET", "/health"), denied),
    found: ["lost GET /health: anonymous"],
  },
  {
    name: "a denied range is narrowed",
    told: "cdk diff: one line less, one line more",
    base: policed(route("GET", "/health"), ipDeny("10.0.0.0/8"), open),
    head: policed(route("GET", "/health"), ipDeny("10.0.0.0/16"), open),
    found: [
      "gained GET /health: anonymous from 10.1.0.0/16, 10.2.0.0/15, 10.4.0.0/14, 10.8.0.0/13, 10.16.0.0/12, 10.32.0.0/11, 10.64.0.0/10, 10.128.0.0/9",
    ],
  },
  {
    name: "a denied range is mistyped",
    base: policed(route("GET", "/health"), ipDeny("198.51.100.0/24"), open),
    head: policed(route("GET", "/health"), ipDeny("198.51.10.0/24"), open),
    found: ["lost GET /health: anonymous from 198.51.10.0/24", "gained GET /health: anonymous from 198.51.100.0/24"],
  },
  {
    name: "IPv6 is left out of an allow list by a Deny of other addresses",
    base: policed(route("GET", "/health"), open),
    head: policed(
      route("GET", "/health"),
      open,
      deny("*", everything, { NotIpAddress: { "aws:SourceIp": "0.0.0.0/0" } }),
    ),
    found: ["lost GET /health: anonymous from ::/0"],
  },
  {
    name: "NotIpAddress becomes IpAddress",
    base: policed(
      route("GET", "/health"),
      open,
      deny("*", everything, { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
    ),
    head: policed(route("GET", "/health"), open, deny("*", everything, inRange("aws:SourceIp", "203.0.113.0/24"))),
    found: ["gained GET /health: anonymous from any other address", "lost GET /health: anonymous from 203.0.113.0/24"],
  },
  {
    name: "a Deny for other VPCs is put on a regional API",
    told: "IAM User Guide, negated operators hold of a key that is absent",
    base: policed(route("GET", "/health"), open),
    head: policed(
      route("GET", "/health"),
      open,
      deny("*", everything, { StringNotEquals: { "aws:SourceVpce": "vpce-0a1b" } }),
    ),
    found: ["lost GET /health: anonymous"],
  },
  {
    name: "a private API is limited by aws:SourceIp instead of its VPC",
    told: "API Gateway resource policy examples",
    base: internal,
    head: { ...internal, statements: [allow("*", everything, inRange("aws:SourceIp", "203.0.113.0/24"))] },
    found: [
      "gained GET /ledger: account 111122223333 from any other VPC endpoint",
      "gained GET /ledger: account 111122223333 without an Allow of its own from any other VPC endpoint seen as 203.0.113.0/24",
      "lost GET /ledger: account 111122223333 without an Allow of its own from any other VPC endpoint in vpc-0a1b seen as any address but 203.0.113.0/24",
      "gained GET /ledger: any other account from any other VPC endpoint seen as 203.0.113.0/24",
      "lost GET /ledger: any other account from any other VPC endpoint in vpc-0a1b seen as any address but 203.0.113.0/24",
      "gained GET /status: anonymous from any other VPC endpoint seen as 203.0.113.0/24",
      "lost GET /status: anonymous from any other VPC endpoint in vpc-0a1b seen as any address but 203.0.113.0/24",
    ],
  },
  {
    name: "a private API drops its VPC condition",
    base: internal,
    head: { ...internal, statements: [allow("*", everything)] },
    found: [
      "gained GET /ledger: account 111122223333 from any other VPC endpoint",
      "gained GET /ledger: any other account from any other VPC endpoint",
      "gained GET /status: anonymous from any other VPC endpoint",
    ],
  },
  {
    name: "a second VPC endpoint is listed under the same negated operator",
    told: "SAM, SourceVpcWhitelist",
    base: internal,
    head: {
      ...internal,
      statements: [
        deny("*", everything, { StringNotEquals: { "aws:SourceVpc": "vpc-0a1b", "aws:SourceVpce": "vpce-0c2d" } }),
        allow("*", everything),
      ],
    },
    found: [
      "gained GET /ledger: account 111122223333 from vpce-0c2d",
      "gained GET /ledger: any other account from vpce-0c2d",
      "gained GET /status: anonymous from vpce-0c2d",
    ],
  },
  {
    name: "a private API becomes regional",
    base: internal,
    head: { ...internal, endpointType: "REGIONAL" },
    found: [
      "lost GET /ledger: account 111122223333 from vpc-0a1b",
      "lost GET /ledger: any other account from vpc-0a1b",
      "lost GET /status: anonymous from vpc-0a1b",
    ],
  },
  {
    name: "a partner's account is exchanged for another",
    base: policed(ordersRoute, allow(partnerRoot, everything)),
    head: policed(ordersRoute, allow({ AWS: STRANGER }, everything)),
    found: [
      "lost GET /orders: arn:aws:iam::444455556666:role/partner",
      "lost GET /orders: account 444455556666",
      "gained GET /orders: account 777788889999",
    ],
  },
  {
    name: "a role's session is named as principal instead of the role",
    told: "AWS Knowledge Center, cross-account 403",
    base: policed(ordersRoute, allow({ AWS: ROLE }, everything)),
    head: policed(ordersRoute, allow({ AWS: `arn:aws:sts::${PARTNER}:assumed-role/partner/deploy` }, everything)),
    found: ["lost GET /orders: arn:aws:iam::444455556666:role/partner"],
  },
  {
    name: "an account is pinned by a pattern without the account",
    base: policed(ordersRoute, allow("*", everything, { ArnLike: { "aws:PrincipalArn": ROLE } })),
    head: policed(
      ordersRoute,
      allow("*", everything, { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/partner" } }),
    ),
    found: [
      "gained GET /orders: account 111122223333 without an Allow of its own, role with an ARN like arn:aws:iam::*:role/partner",
      "gained GET /orders: any other account, role with an ARN like arn:aws:iam::*:role/partner",
    ],
  },
  {
    name: "the organization is no longer asked for",
    base: policed(ordersRoute, allow("*", everything, { StringEquals: { "aws:PrincipalOrgID": "o-orders0001" } })),
    head: policed(ordersRoute, allow("*", everything)),
    found: [
      "gained GET /orders: account 111122223333 without an Allow of its own, in no organization",
      "gained GET /orders: account 111122223333 without an Allow of its own, in any other organization",
      "gained GET /orders: arn:aws:iam::444455556666:role/partner, in no organization",
      "gained GET /orders: arn:aws:iam::444455556666:role/partner, in any other organization",
      "gained GET /orders: account 444455556666, in no organization",
      "gained GET /orders: account 444455556666, in any other organization",
      "gained GET /orders: any other account, in no organization",
      "gained GET /orders: any other account, in any other organization",
    ],
  },
  {
    name: "StringEquals becomes StringEqualsIfExists",
    base: policed(
      route("GET", "/health"),
      allow("*", everything, { StringEquals: { "aws:Referer": "https://shop.example/" } }),
    ),
    head: policed(
      route("GET", "/health"),
      allow("*", everything, { StringEqualsIfExists: { "aws:Referer": "https://shop.example/" } }),
    ),
    found: ["gained GET /health: anonymous without Referer"],
  },
  {
    name: "a Deny spares the wrong one with NotPrincipal",
    base: policed(ordersRoute, allow(partnerRoot, everything)),
    head: policed(ordersRoute, allow(partnerRoot, everything), sparing(partnerRoot)),
    found: [
      "lost GET /orders: arn:aws:iam::444455556666:role/partner",
      "lost GET /orders: account 444455556666",
      "lost GET /orders: account 111122223333",
    ],
  },
  {
    name: "a resource loses the path behind the verb",
    told: "Terraform, aws_api_gateway_rest_api_policy: the bare execution ARN",
    base: policed(route("GET", "/health"), allow("*", resource("GET/health"))),
    head: policed(route("GET", "/health"), allow("*", `${ARN}/`)),
    found: ["lost GET /health: anonymous"],
  },
  {
    name: "a resource without a slash covers more paths",
    base: policed(route("GET", "/orders/{id}", iam), allow(partnerRoot, resource("GET/orders/1"))),
    head: policed(route("GET", "/orders/{id}", iam), allow(partnerRoot, resource("GET/orders/1*"))),
    found: [
      "gained GET /orders/{id} [like /orders/1*]: arn:aws:iam::444455556666:role/partner",
      "gained GET /orders/{id} [like /orders/1*]: account 444455556666",
    ],
  },
  {
    name: "a Deny gets an end date that has to come",
    base: policed(route("GET", "/health"), open, deny("*", everything)),
    head: policed(
      route("GET", "/health"),
      open,
      deny("*", everything, { DateLessThan: { "aws:CurrentTime": "2030-01-01T00:00:00Z" } }),
    ),
    found: ["gained GET /health: anonymous from 2030-01-01T00:00:00Z"],
  },
];
