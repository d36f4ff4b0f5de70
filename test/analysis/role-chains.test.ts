/** Who may newly assume a role reaches what the roles reach that it may assume. */
import { findChanges } from "../../proof/analysis/diff";
import type { PolicyDocument, Role } from "../../proof/model/types";
import type { Parts } from "./changes/configuration";
import { ACCOUNT, modelOf, orders, partner, PARTNER, policy, source, STRANGER } from "./changes/configuration";
import { assume, external, ROLE } from "./changes/words";

const arnOf = (name: string): string => `arn:aws:iam::${PARTNER}:role/${name}`;
const assuming = (Resource: unknown, Condition?: object): PolicyDocument =>
  policy([{ Effect: "Allow", Action: "sts:AssumeRole", Resource, ...(Condition === undefined ? {} : { Condition }) }]);

function role(name: string, trusts: readonly unknown[], ...identityPolicies: PolicyDocument[]): Role {
  return {
    ...partner,
    address: `aws_iam_role.${name}`,
    name,
    arn: arnOf(name),
    trustPolicy: policy(trusts, `aws_iam_role.${name}.assume_role_policy`),
    identityPolicies,
    source: source(`aws_iam_role.${name}`),
  };
}

const hubIn = { AWS: arnOf("hub") };
const root = { AWS: `arn:aws:iam::${PARTNER}:root` };
const stranger = { AWS: STRANGER };
/** The role that reaches the routes, under a trust policy of its own. */
const reader = (...trusts: unknown[]): Role => ({
  ...partner,
  trustPolicy: policy(trusts, "aws_iam_role.partner.assume_role_policy"),
});
const parts = (...roles: Role[]): Parts => ({ ...orders, roles });

function found(base: Parts, head: Parts): string[] {
  return findChanges(modelOf(base), modelOf(head))
    .filter(({ path }) => path === "/orders")
    .map(({ kind, method, who, witness }) => `${kind} ${method}: ${who}${witness === null ? "" : ", proven"}`);
}

describe("Who may newly assume a role that may assume that of a route", () => {
  it("gains the route, and loses it the other way round", () => {
    const [base, head] = [
      parts(reader(assume(hubIn)), role("hub", [assume(root)])),
      parts(reader(assume(hubIn)), role("hub", [assume(root), assume(stranger)])),
    ];
    expect(found(base, head)).toEqual([`gained GET: account ${STRANGER} as ${arnOf("hub")} as ${ROLE}`]);
    expect(found(head, base)).toEqual([`lost GET: account ${STRANGER} as ${arnOf("hub")} as ${ROLE}`]);
  });

  it("gains it where everybody is let in", () => {
    const base = parts(reader(assume(hubIn)), role("hub", [assume(root)]));
    const head = parts(reader(assume(hubIn)), role("hub", [assume("*")]));
    const changes = found(base, head);
    expect(changes).not.toEqual([]);
    for (const one of changes) expect(one).toMatch(/^gained GET: .* as .*role\/hub as .*role\/partner$/);
  });

  it("is told by way of all the roles, each once, however they trust one another", () => {
    const others = [
      reader(assume({ AWS: arnOf("middle") })),
      role("middle", [assume(hubIn), assume({ AWS: ROLE })], assuming("*")),
    ];
    const base = parts(...others, role("hub", [assume(root), assume({ AWS: arnOf("middle") })]));
    const head = parts(...others, role("hub", [assume(root), assume({ AWS: arnOf("middle") }), assume(stranger)]));
    expect(found(base, head)).toEqual([
      `gained GET: account ${STRANGER} as ${arnOf("hub")} as ${arnOf("middle")} as ${ROLE}`,
    ]);
  });

  it("is told with the reason and the trust policy that changed", () => {
    const base = parts(reader(assume(hubIn)), role("hub", [assume(root)]));
    const head = parts(reader(assume(hubIn)), role("hub", [assume(root), assume(stranger)]));
    const [change] = findChanges(modelOf(base), modelOf(head));
    expect(change).toMatchObject({ because: { address: "aws_iam_role.hub.assume_role_policy" }, witness: null });
    expect(change?.reason).toBe(
      `The trust policy of ${arnOf("hub")} now lets account ${STRANGER} assume it. ${arnOf("hub")} may assume ${ROLE}.`,
    );
  });
});

describe("A role passes on what it may assume", () => {
  const changes = (trusts: readonly unknown[], ...own: PolicyDocument[]): string[] =>
    found(
      parts(reader(...trusts), role("hub", [assume(root)], ...own)),
      parts(reader(...trusts), role("hub", [assume(root), assume(stranger)], ...own)),
    );
  const told = (kind: string): string[] => [`${kind} GET: account ${STRANGER} as ${arnOf("hub")} as ${ROLE}`];

  it.each<[string, readonly unknown[], PolicyDocument[], string]>([
    ["by a trust policy that names it", [assume(hubIn)], [], "gained"],
    ["by its own policy, where its account is trusted", [assume(root)], [assuming(ROLE)], "gained"],
    ["with an external id", [assume(hubIn, external)], [], "gained"],
    [
      "perhaps, under a condition on the request",
      [assume(hubIn, { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } })],
      [],
      "undecided",
    ],
    [
      "perhaps, under a condition of its own policy",
      [assume(root)],
      [assuming(ROLE, { StringEquals: { "aws:RequestTag/team": "orders" } })],
      "undecided",
    ],
    [
      "perhaps, unless a condition refuses",
      [assume(hubIn), { ...assume("*", { StringNotEquals: { "sts:SourceIdentity": "ann" } }), Effect: "Deny" }],
      [],
      "undecided",
    ],
    [
      "perhaps, where it is compared with what nobody knows",
      [assume(hubIn, { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${PARTNER}:role/\${aws:SourceIdentity}` } })],
      [],
      "undecided",
    ],
    [
      "perhaps, by a policy that is not known",
      [assume(root)],
      [{ ...assuming(ROLE), unresolved: "known after apply" }],
      "undecided",
    ],
  ])("%s", (_, trusts, own, kind) => {
    expect(changes(trusts, ...own)).toEqual(told(kind));
  });

  it.each<[string, readonly unknown[], PolicyDocument[]]>([
    ["its account alone is trusted", [assume(root)], []],
    ["another role is trusted", [assume({ AWS: arnOf("other") })], [assuming("*")]],
    [
      "a service is trusted, under a condition",
      [assume({ Service: "lambda.amazonaws.com" }, { StringEquals: { "aws:SourceAccount": ACCOUNT } })],
      [assuming("*")],
    ],
    ["its own policy speaks of another role", [assume(root)], [assuming(arnOf("other"))]],
  ])("and not where %s", (_, trusts, own) => {
    expect(changes(trusts, ...own)).toEqual([]);
  });
});

it("A change that is undecided is undecided at the end of the chain", () => {
  const base = parts(reader(assume(hubIn)), role("hub", [assume(root)]));
  const head = parts(
    reader(assume(hubIn)),
    role("hub", [assume(root), assume(stranger, { StringEquals: { "sts:SourceIdentity": "ann" } })]),
  );
  expect(found(base, head)).toEqual([`undecided GET: whoever may assume it as ${arnOf("hub")} as ${ROLE}`]);
});

describe("What its own policies newly let a role assume", () => {
  const trusting = (hub: Role): Parts => parts(reader(assume(root)), hub);
  const without = trusting(role("hub", [assume(stranger)]));
  const hub = role("hub", [assume(stranger)], assuming(ROLE));

  it("is gained by that role, and lost the other way round", () => {
    expect(found(without, trusting(hub))).toEqual([`gained GET: ${arnOf("hub")} as ${ROLE}, proven`]);
    expect(found(trusting(hub), without)).toEqual([`lost GET: ${arnOf("hub")} as ${ROLE}, proven`]);
  });

  it("is gained by a role that is new, and told at its policy", () => {
    const changes = findChanges(modelOf(parts(reader(assume(root)))), modelOf(trusting(hub)));
    expect(changes.filter(({ path }) => path === "/orders")).toMatchObject([
      {
        kind: "gained",
        who: `${arnOf("hub")} as ${ROLE}`,
        reason: `The policies of ${arnOf("hub")} now let it assume ${ROLE}.`,
        because: hub.identityPolicies[0]?.source,
      },
    ]);
  });

  it("is undecided under a condition on the request", () => {
    const perhaps = role("hub", [assume(stranger)], assuming(ROLE, { StringEquals: { "aws:RequestTag/team": "a" } }));
    expect(found(without, trusting(perhaps))).toEqual([`undecided GET: ${arnOf("hub")} as ${ROLE}, proven`]);
  });

  it("is nothing where the role may be assumed as before", () => {
    const more = role("hub", [assume(stranger)], assuming(ROLE), assuming("*"));
    expect(found(trusting(hub), trusting(more))).toEqual([]);
  });
});
