/** Policies that are read otherwise than they look, and spellings that are read alike. */
import { ACCOUNT, allow, deny, internal, ipDeny, orders, partner, policy, resource, route } from "./configuration";
import type { Change } from "./words";
import { ROLE, everything, iam, inRange, lambda, only, ordersRoute, policed } from "./words";

const health = route("GET", "/health");
const denied = ipDeny("203.0.113.0/24");
/** The partner's role, of the API's own account. */
const own = { ...partner, arn: `arn:aws:iam::${ACCOUNT}:role/partner`, accountId: ACCOUNT, identityPolicies: [] };
const bound = policy([{ Effect: "Allow", Action: "s3:*", Resource: "*" }], "aws_iam_policy.boundary.policy");
const elsewhere = policy(
  [
    {
      Effect: "Allow",
      Action: "execute-api:Invoke",
      Resource: `arn:aws:execute-api:us-east-1:${ACCOUNT}:another001/*`,
    },
  ],
  "aws_iam_role_policy.partner.policy",
);
const otherPlace = { "aws:SourceVpce": "vpce-0a1b", "aws:SourceVpc": "vpc-0c2d" };

export const READINGS: readonly Change[] = [
  {
    name: "a Deny names a path by its template, which is the path of no request",
    base: policed(route("GET", "/orders/{id}"), allow("*", everything), deny("*", resource("GET/orders/*"))),
    head: policed(route("GET", "/orders/{id}"), allow("*", everything), deny("*", resource("GET/orders/{id}"))),
    found: ["gained GET /orders/{id} [any other]: anonymous"],
  },
  {
    name: "a Deny speaks of the cache instead of the call",
    base: policed(health, allow("*", everything), denied),
    head: policed(health, allow("*", everything), { ...denied, Action: "execute-api:InvalidateCache" }),
    found: ["gained GET /health: anonymous from 203.0.113.0/24"],
  },
  {
    name: "every address is denied, and IPv6 forgotten",
    base: policed(health, allow("*", everything), ipDeny("0.0.0.0/0", "::/0")),
    head: policed(health, allow("*", everything), ipDeny("0.0.0.0/0")),
    found: ["gained GET /health: anonymous from ::/0"],
  },
  {
    name: "a VPC is asked for on a regional API, where no request has one, only if there is one",
    base: policed(health, allow("*", everything, { StringEquals: { "aws:SourceVpc": "vpc-0a1b" } })),
    head: policed(health, allow("*", everything, { StringEqualsIfExists: { "aws:SourceVpc": "vpc-0a1b" } })),
    found: ["gained GET /health: anonymous"],
  },
  {
    name: "the organization of callers whom nobody signed for is asked for with ForAllValues",
    base: policed(health, allow("*", everything, { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } })),
    head: policed(
      health,
      allow("*", everything, { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
    ),
    found: ["gained GET /health: anonymous"],
  },
  {
    name: "an office is allowed at a route behind an authorizer, whose silence is enough there",
    base: policed(route("GET", "/reports/{id}", lambda()), denied),
    head: policed(
      route("GET", "/reports/{id}", lambda()),
      denied,
      allow("*", everything, inRange("aws:SourceIp", "198.51.100.0/24")),
    ),
    found: ["gained GET /reports/{id}: authorizer token-authorizer neither allows nor denies from 198.51.100.0/24"],
  },
  {
    name: "a Deny of all user names but some refuses every role, which has none",
    base: only(ordersRoute),
    head: policed(ordersRoute, deny("*", everything, { StringNotLike: { "aws:username": "svc-*" } })),
    found: ["lost GET /orders: account 111122223333"],
  },
  {
    name: "an endpoint or a VPC was enough under one operator, and both are asked for in two statements",
    base: { ...internal, statements: [deny("*", everything, { StringNotEquals: otherPlace }), allow("*", everything)] },
    head: {
      ...internal,
      statements: [
        ...Object.entries(otherPlace).map(([key, value]) =>
          deny("*", everything, { StringNotEquals: { [key]: value } }),
        ),
        allow("*", everything),
      ],
    },
    found: [
      "lost GET /ledger: account 111122223333 from any other VPC endpoint in vpc-0c2d, vpce-0a1b",
      "lost GET /ledger: any other account from any other VPC endpoint in vpc-0c2d, vpce-0a1b",
      "lost GET /status: anonymous from any other VPC endpoint in vpc-0c2d, vpce-0a1b",
    ],
  },
  {
    name: "the boundary of a role is taken away",
    base: { ...orders, roles: [{ ...partner, permissionsBoundary: bound }] },
    head: orders,
    found: [
      `gained GET /orders: ${ROLE} from any other address`,
      `gained GET /orders/{id}: ${ROLE} from any other address`,
    ],
  },
  {
    name: "the partner's role may call another API of the account",
    base: orders,
    head: { ...orders, roles: [{ ...partner, identityPolicies: [elsewhere] }] },
    found: [
      `lost GET /orders: ${ROLE} from any other address`,
      `lost GET /orders/{id}: ${ROLE} from any other address`,
    ],
  },
  {
    name: "a role is denied by its own policy what the resource policy allows everybody",
    base: { ...policed(ordersRoute, allow("*", everything)), roles: [own] },
    head: {
      ...policed(ordersRoute, allow("*", everything)),
      roles: [
        {
          ...own,
          identityPolicies: [
            policy([{ Effect: "Deny", Action: "*", Resource: "*" }], "aws_iam_role_policy.partner.policy"),
          ],
        },
      ],
    },
    found: [`lost GET /orders: ${own.arn}`],
  },
  {
    name: "a greedy method is narrowed to one verb",
    base: only(route("ANY", "/{proxy+}")),
    head: only(route("GET", "/{proxy+}")),
    found: ["lost ANY /{proxy+}: anonymous"],
  },
  {
    name: "a parameter becomes greedy, and takes the paths below it",
    base: only(route("GET", "/files/{path}", iam)),
    head: only(route("GET", "/files/{path+}", iam)),
    found: ["gained GET /files/{path+} [any other]: account 111122223333"],
  },
  {
    name: "ANY is written out as its verbs",
    base: only(route("ANY", "/orders", iam)),
    head: only(
      ...["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"].map((verb) => route(verb, "/orders", iam)),
    ),
    found: [],
  },
  {
    name: "ranges are cut in two, and written with the address of a host",
    base: policed(health, allow("*", everything), ipDeny("203.0.113.0/24", "2001:db8::/32")),
    head: policed(health, allow("*", everything), ipDeny("203.0.113.0/25", "203.0.113.200/25", "2001:0DB8:0:0::7/32")),
    found: [],
  },
  {
    name: "a condition's key is written in other letters, its operator's set in two statements",
    base: policed(
      ordersRoute,
      deny("*", everything, { StringEquals: { "aws:PrincipalAccount": ["1".repeat(12), "2".repeat(12)] } }),
    ),
    head: policed(
      ordersRoute,
      ...["1".repeat(12), "2".repeat(12)].map((id) =>
        deny("*", everything, { StringEquals: { "AWS:principalaccount": id } }),
      ),
    ),
    found: [],
  },
];
