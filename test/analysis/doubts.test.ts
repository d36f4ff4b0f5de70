/** Statements of which it cannot be told whether they apply: undecided is only who is answered otherwise if they do. */
import fc from "fast-check";
import { analyze } from "../../proof/analysis/matrix";
import { decideOn, prepareSide, viewOf } from "../../proof/analysis/view";
import type { Model, Role, VpcEndpoint } from "../../proof/model/types";
import {
  ACCOUNT,
  allowAll,
  api,
  denyAll,
  model,
  PARTNER,
  policy,
  route,
  source,
  tokenAuthorizer,
} from "../decision/support";
import type { World } from "./worlds";
import { modelOf as withRole, world } from "./worlds";

/** Nothing says in which organization the API is. */
const organization = { StringEquals: { "aws:ResourceOrgID": "o-orders0001" } };
/** Addresses are cut by ranges, not by patterns. */
const address = { StringLike: { "aws:SourceIp": "203.0.113.*" } };
const iam = { type: "AWS_IAM" } as const;
const lambda = { type: "CUSTOM", authorizer: tokenAuthorizer() } as const;

const SILENT = "without an Allow of its own";
const READER = `arn:aws:iam::${PARTNER}:role/reader`;
const own = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };

const policed = (statements: readonly object[], auth: Parameters<typeof route>[2], more: Partial<Model> = {}): Model =>
  model(
    [
      api({
        routes: [route("GET", "/orders", auth)],
        policy: policy(statements),
      }),
    ],
    more,
  );

const reader = (...statements: object[]): Role => ({
  address: "aws_iam_role.reader",
  name: "reader",
  arn: READER,
  accountId: PARTNER,
  trustPolicy: policy([], "trust"),
  identityPolicies: statements.length === 0 ? [] : [policy(statements, "aws_iam_role_policy.reader.policy")],
  tags: {},
  maxSessionSeconds: 3600,
  source: source("aws_iam_role.reader"),
});

const entriesOf = (given: Model) => analyze(given).routes.flatMap(({ entries }) => entries);

/** What everybody is answered, but who presents nothing and is refused. */
function answers(given: Model): Record<string, string> {
  const told = entriesOf(given).map(({ who, network, outcome }): [string, string] => [
    network === "any" ? who : `${who} from ${network}`,
    outcome,
  ]);
  return Object.fromEntries(told.filter(([who, outcome]) => who !== "anonymous" || outcome !== "deny"));
}

describe("Who signs is undecided only where a doubtful statement turns the answer:", () => {
  it.each<[string, object[], Record<string, string>]>([
    [
      "an Allow, beside which nothing allows",
      [{ ...allowAll, Condition: organization }],
      {
        [`account ${ACCOUNT}`]: "allow",
        [`account ${ACCOUNT} ${SILENT}`]: "undecided",
        "any other account": "undecided",
        [`any other account ${SILENT}`]: "deny",
      },
    ],
    [
      "an Allow of what another one allows",
      [allowAll, { ...allowAll, Condition: organization }],
      {
        [`account ${ACCOUNT}`]: "allow",
        "any other account": "allow",
        [`any other account ${SILENT}`]: "deny",
      },
    ],
    [
      "a Deny, beside which nothing allows",
      [{ ...denyAll, Condition: organization }],
      {
        [`account ${ACCOUNT}`]: "undecided",
        [`account ${ACCOUNT} ${SILENT}`]: "deny",
        "any other account": "deny",
      },
    ],
    [
      "a Deny of what is allowed",
      [allowAll, { ...denyAll, Condition: organization }],
      {
        [`account ${ACCOUNT}`]: "undecided",
        "any other account": "undecided",
        [`any other account ${SILENT}`]: "deny",
      },
    ],
    [
      "an Allow of what is denied",
      [denyAll, { ...allowAll, Condition: organization }],
      { "any other account": "deny" },
    ],
    [
      "an Allow and a Deny, either of which may apply",
      [
        { ...allowAll, Condition: organization },
        { ...denyAll, Condition: organization },
      ],
      {
        [`account ${ACCOUNT}`]: "undecided",
        "any other account": "undecided",
        [`any other account ${SILENT}`]: "deny",
      },
    ],
    [
      "an Allow from some addresses",
      [
        {
          ...allowAll,
          Condition: {
            ...organization,
            IpAddress: { "aws:SourceIp": "203.0.113.0/24" },
          },
        },
      ],
      {
        [`account ${ACCOUNT}`]: "allow",
        [`account ${ACCOUNT} ${SILENT} from 203.0.113.0/24`]: "undecided",
        [`account ${ACCOUNT} ${SILENT} from any other address`]: "deny",
        "any other account from 203.0.113.0/24": "undecided",
        "any other account from any other address": "deny",
        [`any other account ${SILENT}`]: "deny",
      },
    ],
  ])("%s", (_, statements, expected) => {
    expect(answers(policed(statements, iam))).toEqual(expected);
  });

  it.each<[string, object[], object[], string]>([
    ["both Allows are doubtful, and both needed", [{ ...own, Condition: organization }], [], "undecided"],
    ["one of two Allows is doubtful", [own], [], "undecided"],
    ["both Allows are doubtful, and another Deny is not", [{ ...own, Condition: organization }], [denyAll], "deny"],
    ["its own policy is silent", [], [], "deny"],
  ])("a role of another account, where %s", (_, identity, more, expected) => {
    const statements = [{ ...allowAll, Principal: { AWS: READER }, Condition: organization }, ...more];
    const found = entriesOf(policed(statements, iam, { roles: [reader(...identity)] }));
    const outcome = (name: string) => found.find(({ who }) => who === name)?.outcome;
    expect(outcome(READER) ?? outcome("any other account")).toBe(expected);
  });
});

describe("Who does not sign is undecided only where a doubtful statement turns the answer:", () => {
  const [allows, denies, neither] = ["allows", "denies", "neither allows nor denies"].map(
    (says) => `authorizer token-authorizer ${says}`,
  ) as [string, string, string];
  it.each<[string, object[], Parameters<typeof route>[2], Record<string, string>]>([
    ["the only Allow", [{ ...allowAll, Condition: address }], { type: "NONE" }, { anonymous: "undecided" }],
    ["one of two Allows", [allowAll, { ...allowAll, Condition: address }], { type: "NONE" }, { anonymous: "allow" }],
    ["a Deny of what nothing allows", [{ ...denyAll, Condition: address }], { type: "NONE" }, {}],
    [
      "an Allow, where an authorizer says what it thinks",
      [{ ...allowAll, Condition: address }],
      lambda,
      { [allows]: "allow", [denies]: "deny", [neither]: "undecided" },
    ],
    [
      "a Deny, where an authorizer says what it thinks",
      [{ ...denyAll, Condition: address }],
      lambda,
      {
        [allows]: "undecided",
        "authorizer token-authorizer does not allow": "deny",
      },
    ],
  ])("%s", (_, statements, auth, expected) => {
    expect(answers(policed(statements, auth))).toEqual(expected);
  });
});

it("A doubtful statement of the policy of one VPC endpoint leaves the others alone", () => {
  const endpoint = (id: string, ...statements: object[]): VpcEndpoint => ({
    address: `aws_vpc_endpoint.${id}`,
    id,
    vpcId: "vpc-0a1",
    accountId: ACCOUNT,
    serviceName: "com.amazonaws.us-east-1.execute-api",
    policy: policy(statements, `aws_vpc_endpoint.${id}.policy`),
    source: source(`aws_vpc_endpoint.${id}`),
  });
  const any = { ...own, Principal: "*" };
  const given = model(
    [
      api({
        endpointType: "PRIVATE",
        routes: [route("GET", "/orders")],
        policy: policy([allowAll]),
      }),
    ],
    {
      vpcEndpoints: [
        endpoint("vpce-0a1", any, {
          ...any,
          Effect: "Deny",
          Condition: address,
        }),
        endpoint("vpce-0b1", any),
        endpoint("vpce-0c1", { ...any, Effect: "Deny", Condition: address }),
      ],
    },
  );
  expect(answers(given)).toEqual({
    "anonymous from vpce-0a1": "undecided",
    "anonymous from any other VPC endpoint": "allow",
    "anonymous from vpce-0c1, outside any VPC endpoint": "deny",
  });
});

it("The statement that turns the answer is named, not the first that is doubtful", () => {
  const statements = [
    allowAll,
    { ...allowAll, Sid: "Harmless", Condition: address },
    { ...denyAll, Sid: "Turning", Condition: address },
  ];
  expect(entriesOf(policed(statements, { type: "NONE" }))).toEqual([
    expect.objectContaining({
      outcome: "undecided",
      because: expect.stringContaining("statement Turning of"),
    }),
  ]);
});

describe("Of random policies, undecided is whose answer turns with what doubtful statements may be, and nobody else:", () => {
  type Statement = Readonly<Record<string, unknown>>;
  const under = ({ Condition, ...rest }: Statement, doubtful: Record<string, object>): Statement => {
    const conditions: Record<string, object> = {
      ...(Condition as Record<string, object>),
    };
    for (const [operator, keys] of Object.entries(doubtful))
      conditions[operator] = { ...conditions[operator], ...keys };
    return { ...rest, Condition: conditions };
  };

  it.each([
    ["under a key of which nothing is told, of who signs", organization, ["AWS_IAM"]],
    ["under a pattern of addresses", address, ["AWS_IAM", "NONE", "COGNITO_USER_POOLS", "CUSTOM"]],
  ])("%s", (_, condition, types) => {
    const seen: Record<string, number> = {};
    const flags = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean());
    const check = ({ statements = [], ...one }: World, doubtful: readonly boolean[]): void => {
      // Who is outside a private API, no policy is asked about; the gateway asks all the same.
      const isPrivate = one.isPrivate && types.length > 1;
      const routes = one.routes.filter(({ auth }) => types.includes(auth.type));
      fc.pre(routes.length > 0 && statements.length > 0);
      const having = (list: readonly Statement[]) => withRole({ ...one, isPrivate, routes, statements: [...list] });
      const open = statements.flatMap((__, index) => (doubtful[index] === true ? [index] : []));
      const readings = Array.from({ length: 2 ** open.length }, (__, bits) => {
        const dropped = open.filter((___, at) => (bits & (1 << at)) === 0);
        // About no call of the API: a policy has to have a statement.
        const other = { Action: "execute-api:InvalidateCache" };
        const kept = statements.map((each, index) => (dropped.includes(index) ? { ...each, ...other } : each));
        const side = prepareSide(having(kept));
        return viewOf(side, side.model.apis[0], "dev");
      });
      const written = statements.map((each, index) => (doubtful[index] === true ? under(each, condition) : each));
      const classes = analyze(having(written)).routes.flatMap(({ cells }) => cells.flatMap((cell) => cell.classes));
      for (const { subject, witness, verdicts } of classes.flatMap(({ points }) => points)) {
        const outcomes = new Set(readings.map((view) => decideOn(view, witness, subject)?.outcome));
        const expected = outcomes.size === 1 ? [...outcomes][0] : "undecided";
        const outcome = verdicts[0]?.outcome ?? "none";
        expect({ witness, outcome }).toEqual({ witness, outcome: expected });
        seen[outcome] = (seen[outcome] ?? 0) + 1;
      }
    };
    fc.assert(fc.property(world, flags, check), {
      numRuns: Number(process.env["PORTCULLIS_PAIRS"] ?? 2000) / 20,
      seed: 20261123,
    });
    expect(Object.keys(seen).sort()).toEqual(["allow", "deny", "undecided"]);
  });
});
