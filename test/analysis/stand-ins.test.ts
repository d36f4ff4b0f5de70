/**
 * One caller stands for all of a class, so nothing may match that one alone. Each change here turns the answer of callers
 * who are not named, or of those who are named like nobody else would be; it has to be told of exactly them.
 */
import { findChanges } from "../../proof/analysis/diff";
import { analyze } from "../../proof/analysis/matrix";
import type { Model } from "../../proof/model/types";
import { ACCOUNT, api, cognitoAuthorizer, model, PARTNER, policy, route } from "../decision/support";

type Json = Record<string, unknown>;

const other = (name: string): string => `arn:aws:iam::${PARTNER}:${name}`;
const session = (name: string): string => `arn:aws:sts::${PARTNER}:assumed-role/${name}`;

const to = (AWS: unknown, Condition?: Json): Json => ({
  Effect: "Allow",
  Principal: AWS === "*" ? "*" : { AWS },
  ...(Condition === undefined ? {} : { Condition }),
});
const not = (statement: Json): Json => ({ ...statement, Effect: "Deny" });
const like = (...arns: string[]): Json => ({ ArnLike: { "aws:PrincipalArn": arns } });
const unlike = (...arns: string[]): Json => ({ ArnNotLike: { "aws:PrincipalArn": arns } });

function modelOf(...statements: Json[]): Model {
  const full = statements.map((one) => ({ ...one, Action: "execute-api:Invoke", Resource: "execute-api:/*" }));
  return model([api({ routes: [route("GET", "/p", { type: "AWS_IAM" })], policy: policy(full) })]);
}

function told(base: Json[], head: Json[]): string[] {
  return findChanges(modelOf(...base), modelOf(...head)).map(({ kind, who }) => `${kind} ${who}`);
}

describe("A change for callers whom no policy names", () => {
  it.each<[string, Json[], Json[], string[]]>([
    [
      "users, where all roles and the root user were let in",
      [to(PARTNER, like(other("root"), other("role/*")))],
      [to(PARTNER)],
      [`gained account ${PARTNER}, users`],
    ],
    [
      "all but the roles that a pattern holds",
      [to(PARTNER, like(other("role/a*")))],
      [to(PARTNER)],
      [`gained account ${PARTNER}`],
    ],
    ["all but the roles", [to(PARTNER, like(other("role/*")))], [to(PARTNER)], [`gained account ${PARTNER}`]],
    [
      "roles, where all users were let in",
      [to(PARTNER, like(other("root"), other("user/*")))],
      [to(PARTNER)],
      [`gained account ${PARTNER}, roles`],
    ],
    ["all but one role", [to(other("role/anybody"))], [to(PARTNER)], [`gained account ${PARTNER}`]],
    ["all but one role with the shortest name", [to(other("role/x"))], [to(PARTNER)], [`gained account ${PARTNER}`]],
    [
      "who is no longer kept out by the name of another",
      [to(PARTNER), not(to("*", unlike(other("role/anybody"))))],
      [to(PARTNER)],
      [`gained account ${ACCOUNT}`, `gained account ${PARTNER}`],
    ],
    [
      "those without a path, where a path was let in",
      [to(PARTNER, like(other("role/team/*")))],
      [to(PARTNER, like(other("role/*")))],
      [`gained account ${PARTNER}, role with an ARN like ${other("role/*")}`],
    ],
    [
      "roles of every account, where those of some names were let in",
      [to("*", { StringLike: { "aws:PrincipalArn": "*:role/a*" } })],
      [to("*", { StringLike: { "aws:PrincipalArn": "*:role/*" } })],
      [
        `gained account ${ACCOUNT} without an Allow of its own, role with an ARN like *:role/*`,
        "gained any other account, role with an ARN like *:role/*",
      ],
    ],
    [
      "users by name, whatever their path",
      [to(PARTNER, { StringLike: { "aws:username": "a*" } })],
      [to(PARTNER, { StringLike: { "aws:username": ["a*", "b*"] } })],
      [`gained account ${PARTNER}, user with an ARN like user/b*`],
    ],
    [
      "users below a path who have some name",
      [to(PARTNER, { ...like(other("user/team/*")), StringLike: { "aws:username": "a*" } })],
      [to(PARTNER, like(other("user/team/*")))],
      [`gained account ${PARTNER}, user with an ARN like ${other("user/team/*")}`],
    ],
    [
      "an account that is named in the middle of a pattern",
      [to("*", { StringLike: { "aws:PrincipalArn": "*7778*:role/reader" } })],
      [to("*", { StringLike: { "aws:PrincipalArn": ["*7778*:role/reader", "*777888*:role/writer"] } })],
      [
        "gained any other account, role with an ARN like *777888*:role/writer, with an id like *7778*:role/reader and *777888*:role/writer",
      ],
    ],
  ])("is told of %s", (_, base, head, expected) => expect(told(base, head)).toEqual(expected));
});

describe("A change for sessions that no policy names", () => {
  it.each<[string, Json[], Json[], string[]]>([
    [
      "let in beside the one that was",
      [to(session("reader/local"))],
      [to(other("role/reader"))],
      [`gained ${other("role/reader")}`],
    ],
    [
      "shut out beside the one that stays",
      [to(other("role/reader"))],
      [to(session("reader/local"))],
      [`lost ${other("role/reader")}`],
    ],
    [
      "denied beside the one that was",
      [to(PARTNER), not(to(session("reader/local")))],
      [to(PARTNER), not(to(other("role/reader")))],
      [`lost ${other("role/reader")}`],
    ],
    [
      "and for the one that is named, of a role with a path",
      [to(session("reader/local"), like(other("role/team/*")))],
      [to(session("reader/local"))],
      [`gained ${session("reader/local")}`],
    ],
    [
      "and for none of another role of a name that is taken",
      [to(other("role/reader"))],
      [to([other("role/reader"), session("reader/local")])],
      [],
    ],
    [
      "and for the one that is named, of a role with another path than the one that a condition names",
      [to(PARTNER, like(other("role/reader")))],
      [to(PARTNER, like(other("role/reader"))), to(session("reader/local"))],
      [`gained ${session("reader/local")}`],
    ],
    [
      "and for the one that is named, of a role with another path than a pattern has",
      [to(PARTNER, like(other("role/r*")))],
      [to(PARTNER, like(other("role/r*"))), to(session("reader/local"))],
      [`gained ${session("reader/local")}`],
    ],
  ])("is told where they are %s", (_, base, head, expected) => expect(told(base, head)).toEqual(expected));
});

it("names a session once where roles of every path are answered alike", () => {
  const patterns = [other("role/r*"), other("role/team/*")];
  const [found] = analyze(modelOf(to(session("reader/local")), to(other("role/writer"), like(...patterns)))).routes;
  const admitted = found?.entries.filter(({ outcome }) => outcome === "allow").map(({ who }) => who);
  expect(admitted).toEqual([`account ${ACCOUNT}`, session("reader/local")]);
});

describe("The account of a pattern", () => {
  const whoIn = (pattern: string): string[] => {
    const [found] = analyze(modelOf(to("*", { StringLike: { "aws:PrincipalArn": pattern } }))).routes;
    return (found?.entries ?? []).flatMap(({ who, outcome }) => (outcome === "allow" ? [who] : []));
  };
  const admin = `account ${ACCOUNT}`;

  it.each<[string, string[]]>([
    [
      `*${PARTNER}:role/app`,
      [`any other account, role with an ARN like *${PARTNER}:role/app, with an id like *${PARTNER}:role/app`],
    ],
    ["arn:aws:iam::44*:root", ["any other account, root user, with an id like 44*"]],
    ["arn:*:role/app", ["any other account, role with an ARN like arn:*:role/app"]],
  ])("is found in %s", (pattern, expected) => {
    expect(whoIn(pattern).filter((who) => !who.startsWith(admin))).toEqual(expected);
  });

  it("is not taken by an id of the configuration", () => {
    // The first id that 44* would be stood for by is named by itself.
    const taken = "449999999999";
    const base = modelOf(to(taken));
    const head = modelOf(to(taken), to("*", { StringLike: { "aws:PrincipalAccount": "44*" } }));
    const found = findChanges(base, head).map(({ kind, who }) => `${kind} ${who}`);
    expect(found).toEqual(["gained any other account, with an id like 44*"]);
  });
});

it("leaves undecided whom a statement names that is a federated user", () => {
  const user = `arn:aws:sts::${PARTNER}:federated-user/bob`;
  expect(told([to(PARTNER)], [to([PARTNER, user])])).toEqual([`undecided ${user}`]);
});

it("says so where a pattern asks for longer names than there are", () => {
  const [found] = analyze(modelOf(to("*", like(other(`role/${"?".repeat(80)}`))))).routes;
  const told = found?.entries.map(({ outcome, because }) => [outcome, because]);
  expect(told).toEqual([["undecided", "a pattern for aws:PrincipalArn asks for names of more than 64 characters"]]);
});

it("tells a token without the scope from one with it, whichever scope a method asks for", () => {
  const scopes = ["aws.cognito.signin.user.admin"];
  const auth = { type: "COGNITO_USER_POOLS", scopes, authorizer: cognitoAuthorizer() } as const;
  const [found] = analyze(model([api({ routes: [route("GET", "/p", auth)] })])).routes;
  expect(found?.entries.map(({ who, outcome }) => `${outcome} ${who}`)).toEqual(
    expect.arrayContaining([`allow Cognito token with scope ${scopes[0]}`, "deny Cognito token of any other kind"]),
  );
});

it("names no kind of authentication where the configuration tells none", () => {
  const unread = { ...route("GET", "/p", { type: "AWS_IAM" }), refused: "its authorizer is not known" };
  expect(analyze(model([api({ routes: [unread] })])).routes.map(({ auth }) => auth)).toEqual(["UNKNOWN"]);
});

describe("Policies that tell too much apart", () => {
  const within = (seconds: number, work: () => unknown): unknown => {
    const start = process.cpuUsage();
    const result = work();
    const { user } = process.cpuUsage(start);
    expect(user / 1e6).toBeLessThan(seconds);
    return result;
  };
  const undecidedFor = (statements: Json[]): unknown =>
    analyze(modelOf(...statements)).routes.map(({ entries }) => entries.map(({ because }) => because));

  it("are said to, by tags, before all of them are written out", () => {
    const tagged = Array.from({ length: 60 }, (_, index) =>
      to("*", { StringEquals: { [`aws:PrincipalTag/t${index}`]: [`a${index}`, `b${index}`] } }),
    );
    expect(within(10, () => undecidedFor(tagged))).toEqual([
      ["the policies tell more than 20000 classes of callers apart"],
    ]);
  });

  it("are said to, by callers, addresses and headers together, before all of them are written out", () => {
    const mixed = Array.from({ length: 9 }, (_, index) => [
      to("*", {
        StringEquals: { "aws:PrincipalOrgID": `o-${index}`, [`aws:PrincipalTag/t${index % 4}`]: `v${index}` },
        IpAddress: { "aws:SourceIp": `10.0.${index}.0/24` },
      }),
      { ...to("*", { StringLike: { "aws:UserAgent": `*${index}*`, "aws:Referer": `*x${index}*` } }), Effect: "Deny" },
    ]).flat();
    const said = within(20, () => undecidedFor(mixed)) as string[][];
    expect(said.flat()).toContainEqual(expect.stringMatching(/positions and circumstances apart, more than 4096$/));
  });

  it("are said to, by patterns of ARNs, however many there are", () => {
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const patterns = Array.from({ length: 300 }, (_, index) => {
      const at = (step: number) => letters.charAt((index * 7 + step * (1 + (index % 5))) % 26);
      return `arn:aws:iam::*:role/*${at(0)}*${at(1)}*${at(2)}*${at(3)}*`;
    });
    expect(within(20, () => undecidedFor([to("*", like(...patterns))]))).toEqual([
      ["the patterns for aws:PrincipalArn overlap in too many ways"],
    ]);
  });
});
