/** The witness of a changed trust policy says who assumes the role, or there is none. */
import { findChanges } from "../../proof/analysis/diff";
import type { FoundChange } from "../../proof/analysis/change";
import type { Parts } from "./changes/configuration";
import { allow, modelOf, orders, partner, partnerRoot, resource, STRANGER } from "./changes/configuration";
import { policy } from "../decision/support";
import { assume, external, ROLE, trust } from "./changes/words";

const OIDC = "arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com";
const web = (Condition?: object) => ({
  ...assume({ Federated: OIDC }, Condition),
  Action: "sts:AssumeRoleWithWebIdentity",
});
const service = { Service: "lambda.amazonaws.com" };
const kept = assume(partnerRoot, external);

const found = (base: Parts, head: Parts): readonly FoundChange[] =>
  findChanges(modelOf(base), modelOf(head)).filter(({ path }) => path === "/orders");

describe("Who assumes the role is in the witness:", () => {
  const own = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }] };
  it.each<[string, Parts, string, unknown]>([
    ["a service", trust(kept, assume(service)), "gained", { service: "lambda.amazonaws.com" }],
    ["an identity provider", trust(kept, web()), "gained", { federated: OIDC }],
    [
      "a role, with its external id",
      trust(kept, assume({ AWS: "arn:aws:iam::777788889999:role/hub" }, external)),
      "gained",
      { arn: "arn:aws:iam::777788889999:role/hub", policies: [own], externalId: "orders-7c1f" },
    ],
    [
      "somebody of an organization",
      trust(kept, assume({ AWS: "*" }, { StringEquals: { "aws:PrincipalOrgID": "o-orders0001" } })),
      "gained",
      expect.objectContaining({ organizationId: "o-orders0001" }),
    ],
  ])("%s", (_, head, kind, assumedBy) => {
    const [gained] = found(orders, head);
    expect(gained).toMatchObject({ kind, witness: { caller: { arn: ROLE } } });
    expect(gained?.witness?.caller?.assumedBy).toEqual(assumedBy);
    const [lost] = found(head, orders);
    expect([lost?.kind, lost?.witness?.caller?.assumedBy]).toEqual(["lost", assumedBy]);
  });
});

describe("Nobody proves it", () => {
  it.each<[string, Parts]>([
    [
      "an identity provider",
      trust(kept, web({ StringLike: { "token.actions.githubusercontent.com:sub": "repo:a/*" } })),
    ],
    ["a service", trust(kept, assume(service, { StringEquals: { "aws:SourceAccount": "111122223333" } }))],
  ])("where %s is admitted under conditions, and that is said", (_, head) => {
    for (const [kind, changes] of [
      ["gained", found(orders, head)],
      ["lost", found(head, orders)],
    ] as const) {
      expect(changes).toEqual([
        expect.objectContaining({
          kind,
          witness: null,
          reason: expect.stringMatching(/, under conditions; nothing here says for whom they hold\.$/),
        }),
      ]);
    }
  });
});

describe("A trust policy is opened by less than a new Allow:", () => {
  const sub = { StringNotLike: { "token.actions.githubusercontent.com:sub": "repo:orders/*" } };
  const tagging = (one: object) => ({ ...one, Action: "sts:TagSession" });
  const denied = (one: object) => ({ ...one, Effect: "Deny" });
  const stranger = assume({ AWS: "arn:aws:iam::777788889999:role/hub" }, external);
  it.each<[string, object[], object[], string]>([
    ["a Deny of a service goes", [assume(service), denied(assume(service))], [assume(service)], "gained"],
    ["a Deny of an identity provider under conditions goes", [web(), denied(web(sub))], [web()], "undecided"],
    ["a service that might tag a session may make one", [tagging(assume(service))], [assume(service)], "gained"],
    ["a role that might tag a session may make one", [tagging(stranger)], [stranger], "gained"],
    [
      "a Deny speaks of tags instead of the session",
      [stranger, denied(stranger)],
      [stranger, tagging(denied(stranger))],
      "gained",
    ],
  ])("%s", (_, before, after, kind) => {
    const [base, head] = [trust(kept, ...before), trust(kept, ...after)];
    expect(found(base, head).map((one) => one.kind)).toEqual([kind]);
    expect(found(head, base).map((one) => one.kind)).toEqual([kind === "gained" ? "lost" : kind]);
  });

  it("and not by a statement about something else", () => {
    expect(found(trust(kept), trust(kept, tagging(assume(service)), tagging(stranger)))).toEqual([]);
  });
});

describe("It cannot be told who assumes the role", () => {
  const HUB = `arn:aws:iam::${STRANGER}:role/hub`;
  const owner = (Condition: object): Parts => ({
    ...orders,
    roles: [
      ...(trust(kept, assume({ AWS: HUB }, Condition)).roles ?? []),
      {
        ...partner,
        address: "aws_iam_role.hub",
        name: "hub",
        arn: HUB,
        accountId: STRANGER,
        trustPolicy: trust(assume({ Service: "lambda.amazonaws.com" })).roles?.[0]?.trustPolicy ?? partner.trustPolicy,
        identityPolicies: [
          policy(
            [
              { Effect: "Allow", Action: "sts:*", Resource: "*" },
              {
                Effect: "Deny",
                Action: "sts:*",
                Resource: "*",
                Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
              },
            ],
            "aws_iam_role_policy.hub",
          ),
        ],
      },
    ],
  });
  it("where a policy of the one who does depends on a key of which nothing is known", () => {
    const [before, after] = ["hub-1", "hub-2"].map((id) => owner({ StringEquals: { "sts:ExternalId": id } }));
    const changes = found(before ?? orders, after ?? orders);
    const because =
      "It cannot be told whether statement 1 of aws_iam_role_policy.hub applies: nothing says what aws:RequestedRegion holds for the caller.";
    expect(changes.map(({ kind, who, reason }) => [kind, who, reason])).toEqual(
      ["hub-1", "hub-2"].map((id) => ["undecided", `${HUB} with the external id ${id} as ${ROLE}`, because]),
    );
  });

  it("where the trust policy compares them with such a key", () => {
    const own = { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${STRANGER}:role/\${aws:SourceIdentity}` } };
    const changes = found(orders, trust(kept, assume({ AWS: STRANGER }, own)));
    expect([...new Set(changes.map(({ kind }) => kind))]).toEqual(["undecided"]);
    expect(changes[0]?.reason).toContain("aws:sourceidentity");
  });
});

describe("Who may tag the sessions of a role", () => {
  const tagging = { ...kept, Action: ["sts:AssumeRole", "sts:TagSession"] };
  const untagged = trust(kept);
  const tagged = trust(tagging);
  const team = { StringEquals: { "aws:PrincipalTag/team": "blue" } };
  const policed = (parts: Parts): Parts => ({
    ...parts,
    statements: [allow(partnerRoot, resource("GET/orders"), team), allow("*", resource("GET/health"))],
  });
  const own = (key: "identityPolicies" | "permissionsBoundary", Resource: string, Condition?: object) => {
    const one = policy(
      [{ Effect: "Allow", Action: "execute-api:Invoke", Resource, ...(Condition === undefined ? {} : { Condition }) }],
      `aws_iam_policy.${key}`,
    );
    const more = key === "identityPolicies" ? { [key]: [one] } : { [key]: one };
    return (parts: Parts): Parts => ({ ...parts, roles: parts.roles.map((role) => ({ ...role, ...more })) });
  };

  it.each<[string, (parts: Parts) => Parts]>([
    ["the API's", policed],
    ["one of the role", own("identityPolicies", "*", team)],
    ["one of the role, by a variable,", own("identityPolicies", `${resource("GET/")}\${aws:PrincipalTag/path}`)],
    ["the role's boundary", own("permissionsBoundary", "*", team)],
  ])("changes to whom %s policy that reads tags admits nobody can tell", (_, reading) => {
    for (const changes of [
      findChanges(modelOf(reading(untagged)), modelOf(reading(tagged))),
      findChanges(modelOf(reading(tagged)), modelOf(reading(untagged))),
    ]) {
      expect(changes.map(({ kind, method, path, who, witness }) => [kind, `${method} ${path}`, who, witness])).toEqual(
        ["GET /orders", "GET /orders/{id}", "POST /orders"].map((one) => [
          "undecided",
          one,
          `whoever may tag its sessions as ${ROLE}`,
          null,
        ]),
      );
      expect(changes[0]).toMatchObject({
        reason:
          "What the trust policy says of sts:TagSession changed, and a policy reads aws:PrincipalTag/…, which session tags set.",
        because: { address: "aws_iam_role.partner.assume_role_policy" },
      });
    }
  });

  it("matters not where no policy reads tags", () => {
    expect(findChanges(modelOf(untagged), modelOf(tagged))).toEqual([]);
  });

  it("is the same where the same is said in other words", () => {
    const apart = trust(kept, { ...kept, Sid: "tags", Action: "sts:TagSession" });
    expect(findChanges(modelOf(policed(tagged)), modelOf(policed(apart)))).toEqual([]);
  });
});

it("A root user gains no role, which none may assume", () => {
  const who = { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::777788889999:root" } };
  expect(found(orders, trust(kept, assume({ AWS: "777788889999" }, who)))).toEqual([]);
});

it("An account that is narrowed to one role loses it once for each route", () => {
  const deploy = assume({ AWS: `arn:aws:iam::${STRANGER}:role/deploy` });
  const changes = found(trust(assume({ AWS: STRANGER })), trust(deploy));
  expect(changes.map(({ kind, method, who }) => `${kind} ${method} ${who}`)).toEqual([
    `lost GET account ${STRANGER} as ${ROLE}`,
  ]);
});

describe("A longer session", () => {
  const longer = { ...partner, maxSessionSeconds: 43_200 };
  const narrow = { ...orders, statements: [allow(partnerRoot, resource("GET/orders/*"))] };

  it("is told by a request that both sides admit", () => {
    expect(found(orders, { ...orders, roles: [longer] }).map(({ kind }) => kind)).toEqual(["changed"]);
  });

  it("and not where the role was refused before", () => {
    const changes = found(narrow, { ...orders, roles: [longer] });
    expect(changes.filter(({ kind }) => kind === "changed")).toEqual([]);
    expect(changes.filter(({ kind }) => kind === "gained")).not.toEqual([]);
  });
});
