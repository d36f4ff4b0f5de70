/** Changes to routes and to how they are protected. */
import { deny, PARTNER, route } from "./configuration";
import type { Change } from "./words";
import { open, only, policed, iam, cognito, lambda, ordersRoute, everything } from "./words";

export const ROUTES: readonly Change[] = [
  {
    name: "a method goes from AWS_IAM to NONE, with no resource policy",
    told: "cdk diff: no security change",
    base: only(ordersRoute),
    head: only(route("GET", "/orders")),
    found: [
      "gained GET /orders: anonymous",
      "changed GET /orders: account 111122223333",
      "gained GET /orders: account 111122223333 without an Allow of its own",
      "gained GET /orders: any other account",
    ],
  },
  {
    name: "a method goes from a user pool to NONE",
    base: only(route("GET", "/me", cognito([]))),
    head: only(route("GET", "/me")),
    found: ["gained GET /me: anonymous", "gained GET /me: Cognito access token", "changed GET /me: Cognito ID token"],
  },
  {
    name: "a method goes from a Lambda authorizer to NONE",
    told: "aws-cdk#8827, opening one method under a default authorizer",
    base: only(route("GET", "/me", lambda())),
    head: only(route("GET", "/me")),
    found: [
      "gained GET /me: anonymous",
      "changed GET /me: authorizer token-authorizer allows",
      "gained GET /me: authorizer token-authorizer does not allow",
    ],
  },
  {
    name: "a method goes from a Lambda authorizer to IAM",
    base: only(route("GET", "/me", lambda())),
    head: only(route("GET", "/me", iam)),
    found: ["lost GET /me: authorizer token-authorizer allows", "gained GET /me: account 111122223333"],
  },
  {
    name: "an open method is closed with IAM",
    base: only(route("GET", "/me")),
    head: only(route("GET", "/me", iam)),
    found: [
      "lost GET /me: anonymous",
      "changed GET /me: account 111122223333",
      "lost GET /me: account 111122223333 without an Allow of its own",
      "lost GET /me: any other account",
    ],
  },
  {
    name: "a Deny for other accounts is put on an open method",
    told: "IAM User Guide, negated operators hold of a key that is absent",
    base: policed(route("GET", "/health"), open),
    head: policed(
      route("GET", "/health"),
      open,
      deny("*", everything, { StringNotEquals: { "aws:PrincipalAccount": PARTNER } }),
    ),
    found: ["lost GET /health: anonymous"],
  },
  {
    name: "a greedy open route is added behind guarded ones",
    base: only(ordersRoute),
    head: only(ordersRoute, route("ANY", "/{proxy+}")),
    found: ["gained ANY /{proxy+}: anonymous"],
  },
  {
    name: "a guarded method is removed beside an open greedy route",
    base: only(route("GET", "/admin", iam), route("GET", "/{proxy+}")),
    head: only(route("GET", "/{proxy+}")),
    found: [
      "gained GET /{proxy+} [like /admin]: anonymous",
      "changed GET /{proxy+} [like /admin]: account 111122223333",
      "gained GET /{proxy+} [like /admin]: account 111122223333 without an Allow of its own",
      "gained GET /{proxy+} [like /admin]: any other account",
    ],
  },
  {
    name: "the preflight is put behind the authorizer",
    told: "SAM, AddDefaultAuthorizerToCorsPreflight",
    base: only(route("OPTIONS", "/reports")),
    head: only(route("OPTIONS", "/reports", lambda())),
    found: [
      "lost OPTIONS /reports: anonymous",
      "changed OPTIONS /reports: authorizer token-authorizer allows",
      "lost OPTIONS /reports: authorizer token-authorizer does not allow",
    ],
  },
  {
    name: "a route is removed",
    base: only(route("GET", "/health"), route("GET", "/version")),
    head: only(route("GET", "/health")),
    found: ["lost GET /version: anonymous"],
  },
];
