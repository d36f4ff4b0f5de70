import { decideAccess } from "../../proof/iam";
import type { Principal } from "../../proof/iam";
import { ACCOUNT, ANONYMOUS, OTHER, aws, compiled, request } from "./helpers";
import type { Entries } from "./helpers";

const TRUST = "IAM roles: granting permissions to assume a role";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/target`;
const ALICE = `arn:aws:iam::${ACCOUNT}:user/alice`;
const PARTNER = `arn:aws:iam::${OTHER}:role/partner`;
const GITHUB = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;

const alice = aws(ALICE);
const partner = aws(`arn:aws:sts::${OTHER}:assumed-role/partner/one`);
const github: Principal = { kind: "federated", provider: GITHUB };
const lambda: Principal = { kind: "service", service: "lambda.amazonaws.com" };

const externalId = { StringEquals: { "sts:ExternalId": "secret" } };
const sub = { StringLike: { "token.actions.githubusercontent.com:sub": "repo:example/app:*" } };

it.each<[string, Principal, unknown, object, boolean, Entries, string, string]>([
  ["its user", alice, { AWS: ALICE }, {}, false, {}, "allowed", TRUST],
  ["its account", alice, { AWS: ACCOUNT }, {}, false, {}, "implicitDeny", `${TRUST}: an account delegates`],
  ["its account", alice, { AWS: ACCOUNT }, {}, true, {}, "allowed", `${TRUST}: an account delegates`],
  [
    "another user",
    alice,
    { AWS: `${ALICE}2` },
    {},
    true,
    {},
    "implicitDeny",
    "Policy evaluation logic: role trust policies must explicitly allow",
  ],
  ["everyone", alice, "*", {}, false, {}, "allowed", TRUST],
  ["the partner's role", partner, { AWS: PARTNER }, {}, true, {}, "allowed", "Cross-account policy evaluation logic"],
  [
    "the partner's role",
    partner,
    { AWS: PARTNER },
    {},
    false,
    {},
    "implicitDeny",
    "Cross-account policy evaluation logic",
  ],
  ["the partner's account", partner, { AWS: OTHER }, {}, true, {}, "allowed", "Cross-account policy evaluation logic"],
  [
    "the partner with its external id",
    partner,
    { AWS: PARTNER },
    externalId,
    true,
    { "sts:ExternalId": "secret" },
    "allowed",
    "How to use an external ID",
  ],
  [
    "the partner with another id",
    partner,
    { AWS: PARTNER },
    externalId,
    true,
    { "sts:ExternalId": "guess" },
    "implicitDeny",
    "How to use an external ID",
  ],
  [
    "the partner without its id",
    partner,
    { AWS: PARTNER },
    externalId,
    true,
    {},
    "implicitDeny",
    "How to use an external ID",
  ],
  [
    "GitHub",
    github,
    { Federated: GITHUB },
    sub,
    false,
    { "token.actions.githubusercontent.com:sub": "repo:example/app:ref:refs/heads/main" },
    "allowed",
    "Configuring a role for GitHub OIDC identity provider",
  ],
  [
    "GitHub for another repository",
    github,
    { Federated: GITHUB },
    sub,
    false,
    { "token.actions.githubusercontent.com:sub": "repo:example/application:x" },
    "implicitDeny",
    "Configuring a role for GitHub OIDC identity provider",
  ],
  [
    "every AWS principal",
    github,
    { AWS: "*" },
    {},
    false,
    {},
    "implicitDeny",
    "UNCONFIRMED: an identity provider is no AWS principal",
  ],
  ["Lambda", lambda, { Service: "lambda.amazonaws.com" }, {}, false, {}, "allowed", "AWS service principals"],
  [
    "API Gateway",
    lambda,
    { Service: "apigateway.amazonaws.com" },
    {},
    false,
    {},
    "implicitDeny",
    "AWS service principals",
  ],
  ["its account", ANONYMOUS, { AWS: ACCOUNT }, {}, false, {}, "implicitDeny", TRUST],
  [
    "its account",
    aws(`arn:aws:iam::${ACCOUNT}:root`),
    { AWS: ACCOUNT },
    {},
    true,
    {},
    "implicitDeny",
    "AssumeRole: the root user cannot assume roles",
  ],
])(
  "a role that trusts %s, asked by %j with policies of its own: %s",
  (_trusted, principal, Principal, Condition, ownAllow, context, expected) => {
    const Action = principal.kind === "federated" ? "sts:AssumeRoleWithWebIdentity" : "sts:AssumeRole";
    const identity = compiled({ Effect: "Allow", Action: "sts:AssumeRole", Resource: ROLE });
    const { decision } = decideAccess({
      request: request({ principal, action: Action, resource: ROLE, context }),
      resourceOwner: ACCOUNT,
      identityPolicies: ownAllow ? [identity] : [],
      resourcePolicy: compiled({ Effect: "Allow", Principal, Action, Condition }, "trust"),
    });
    expect(decision).toBe(expected);
  },
);

it("a Deny in a trust policy wins over every Allow (Policy evaluation logic)", () => {
  const statements = [
    { Effect: "Allow", Principal: { AWS: ALICE }, Action: "sts:AssumeRole" },
    { Effect: "Deny", Principal: "*", Action: "sts:AssumeRole", Condition: { Null: { "sts:ExternalId": "true" } } },
  ];
  const { decision } = decideAccess({
    request: request({ principal: alice, action: "sts:AssumeRole", resource: ROLE }),
    resourceOwner: ACCOUNT,
    identityPolicies: [],
    resourcePolicy: compiled(statements, "trust"),
  });
  expect(decision).toBe("explicitDeny");
});

it.each([
  ["who is not trusted", alice, { AWS: `${ALICE}2` }, "resource"],
  ["whose account is trusted, and whose own policies are silent", alice, { AWS: ACCOUNT }, "identity"],
  ["who is the root user", aws(`arn:aws:iam::${ACCOUNT}:root`), { AWS: ACCOUNT }, "identity"],
])("names the layer that keeps out one %s", (_who, principal, Principal, missing) => {
  const decision = decideAccess({
    request: request({ principal, action: "sts:AssumeRole", resource: ROLE }),
    resourceOwner: ACCOUNT,
    identityPolicies: [],
    resourcePolicy: compiled({ Effect: "Allow", Principal, Action: "sts:AssumeRole" }, "trust"),
  });
  expect([decision.decision, decision.missing]).toEqual(["implicitDeny", missing]);
});
