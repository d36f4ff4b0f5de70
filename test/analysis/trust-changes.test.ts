/** The witness of a changed trust policy says who assumes the role, or there is none. */
import { findChanges } from "../../proof/analysis/diff";
import type { FoundChange } from "../../proof/analysis/change";
import type { Parts } from "./changes/configuration";
import { allow, modelOf, orders, partner, partnerRoot, resource, STRANGER } from "./changes/configuration";
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
