import fc from "fast-check";
import type { Assumptions } from "../../proof/decision/ports";
import type { Api, RouteAuth } from "../../proof/model/types";
import { decide, here, inVpc } from "./resource-policies";
import { ACCOUNT, allowAll, caller, policy, status } from "./support";

describe("a header that is sent twice", () => {
  const deny = { Effect: "Deny", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  it.each<[string, object[], string[], "allow" | 403]>([
    [
      "is denied for its first value",
      [allowAll, { ...deny, Condition: { StringLike: { "aws:UserAgent": "*bot*" } } }],
      ["bot", "x"],
      403,
    ],
    [
      "is denied for its last value",
      [allowAll, { ...deny, Condition: { StringLike: { "aws:UserAgent": "*bot*" } } }],
      ["x", "bot"],
      403,
    ],
    [
      "is allowed only with both",
      [{ ...allowAll, Condition: { StringEquals: { "aws:UserAgent": "good" } } }],
      ["bad", "good"],
      403,
    ],
    [
      "is not allowed for one of them by ForAnyValue, of a key that AWS gives one value",
      [{ ...allowAll, Condition: { "ForAnyValue:StringEquals": { "aws:UserAgent": "good" } } }],
      ["bad", "good"],
      403,
    ],
    [
      "is denied for one of them by ForAllValues",
      [allowAll, { ...deny, Condition: { "ForAllValues:StringLike": { "aws:UserAgent": "*bot*" } } }],
      ["x", "bot"],
      403,
    ],
    [
      "is denied by ForAllValues where one of them is empty",
      [allowAll, { ...deny, Condition: { "ForAllValues:StringLike": { "aws:UserAgent": "*bot*" } } }],
      ["x", ""],
      403,
    ],
    [
      "is one value where both are the same",
      [{ ...allowAll, Condition: { StringEquals: { "aws:UserAgent": "good" } } }],
      ["good", "good"],
      "allow",
    ],
  ])("%s (UNCONFIRMED which one AWS takes)", async (_behaviour, statements, agents, expected) => {
    const headers = agents.map((agent): [string, string] => ["User-Agent", agent]);
    const decision = await decide({ type: "NONE" }, {}, { policy: policy(statements) }, here, [], headers);
    expect(status(decision)).toBe(expected);
  });

  it("has one value of Referer as well, of which ForAnyValue takes none for the other", async () => {
    const condition = { "ForAnyValue:StringEquals": { "aws:Referer": "https://good.example" } };
    const policies = { policy: policy([{ ...allowAll, Condition: condition }]) };
    const headers = ["https://bad.example", "https://good.example"].map((one): [string, string] => ["Referer", one]);
    expect(status(await decide({ type: "NONE" }, {}, policies, here, [], headers))).toBe(403);
  });

  it("lets nobody in whom one of its values alone would not, whatever the conditions", async () => {
    const pattern = fc.constantFrom("*", "a*", "*b", "ab", "?", "");
    const condition = fc
      .tuple(
        fc.constantFrom("", "ForAllValues:", "ForAnyValue:"),
        fc.constantFrom("StringEquals", "StringNotEquals", "StringLike", "StringNotLike"),
        fc.constantFrom("", "IfExists"),
        fc.constantFrom("aws:UserAgent", "aws:Referer"),
        fc.uniqueArray(pattern, { minLength: 1 }),
      )
      .map(([set, operator, ifExists, key, values]) => ({ [`${set}${operator}${ifExists}`]: { [key]: values } }));
    const statement = fc
      .tuple(fc.constantFrom(allowAll, deny), condition, condition)
      .map(([of, one, other]) => ({ ...of, Condition: { ...one, ...other } }));
    const value = fc.constantFrom("a", "ab", "b", "x", "");
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(statement, { minLength: 1, maxLength: 3 }),
        value,
        value,
        async (blanket, statements, ...two) => {
          const answer = async (...agents: string[]) => {
            const headers = agents.map((agent): [string, string] => ["User-Agent", agent]);
            const policies = { policy: policy(blanket ? [allowAll, ...statements] : statements) };
            return status(await decide({ type: "NONE" }, {}, policies, here, [], headers));
          };
          if ((await answer(...two)) !== "allow") return;
          expect(await Promise.all(two.map((one) => answer(one)))).toEqual(["allow", "allow"]);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe("condition keys are there for the authorization and endpoint type that AWS lists them for", () => {
  const present = (key: string) => [{ ...allowAll, Condition: { Null: { [key]: "false" } } }];
  const iam: [string, RouteAuth, Assumptions] = [
    "AWS_IAM",
    { type: "AWS_IAM" },
    { caller: caller({ organizationId: "o-a1b2c3d4e5", tags: { team: "x" } }) },
  ];
  const user = caller({
    principal: {
      kind: "aws",
      arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
      accountId: ACCOUNT,
      principalArn: `arn:aws:iam::${ACCOUNT}:user/alice`,
    },
    userId: "AIDAEXAMPLE",
  });
  const { issuedAt: _, ...longTerm } = user;
  const iamUser: typeof iam = ["AWS_IAM", { type: "AWS_IAM" }, { caller: longTerm }];
  const none: typeof iam = ["NONE", { type: "NONE" }, {}];
  const headers: [string, string][] = [
    ["Referer", "https://x"],
    ["User-Agent", "curl"],
  ];
  it.each<[string, typeof iam, Api["endpointType"], boolean, string]>([
    ["aws:CurrentTime", none, "REGIONAL", true, "3.4 always"],
    ["aws:EpochTime", none, "REGIONAL", true, "3.4 always"],
    ["aws:SecureTransport", none, "REGIONAL", true, "3.4 always"],
    ["aws:SourceIp", none, "REGIONAL", true, "3.4 always"],
    ["aws:SourceIp", none, "PRIVATE", true, "3.4 always"],
    ["aws:Referer", none, "REGIONAL", true, "3.4 header"],
    ["aws:UserAgent", none, "REGIONAL", true, "3.4 header"],
    ["aws:SourceVpc", none, "REGIONAL", false, "3.4 private only"],
    ["aws:SourceVpce", none, "REGIONAL", false, "3.4 private only"],
    ["aws:VpcSourceIp", none, "REGIONAL", false, "3.4 private only"],
    ["aws:SourceVpc", none, "EDGE", false, "3.4 private only"],
    ["aws:SourceVpc", none, "PRIVATE", true, "3.4 private only"],
    ["aws:SourceVpce", none, "PRIVATE", true, "3.4 private only"],
    ["aws:VpcSourceIp", none, "PRIVATE", true, "3.4 private only"],
    ["aws:sourcevpc", none, "PRIVATE", true, "3.4 names without case"],
    ["aws:PrincipalArn", none, "REGIONAL", false, "3.4 IAM only"],
    ["aws:PrincipalAccount", none, "REGIONAL", false, "3.4 IAM only"],
    ["aws:PrincipalType", none, "REGIONAL", false, "3.4 IAM only"],
    ["aws:userid", none, "REGIONAL", false, "3.4 IAM only"],
    ["aws:PrincipalOrgID", none, "REGIONAL", false, "3.4 IAM only"],
    ["aws:PrincipalArn", iam, "REGIONAL", true, "3.4 IAM"],
    ["aws:PrincipalAccount", iam, "REGIONAL", true, "3.4 IAM"],
    ["aws:PrincipalType", iam, "REGIONAL", true, "3.4 IAM"],
    ["aws:userid", iam, "REGIONAL", true, "3.4 IAM"],
    ["aws:username", iam, "REGIONAL", false, "D IAM: a role session has none"],
    ["aws:username", iamUser, "REGIONAL", true, "3.4 IAM"],
    ["aws:PrincipalOrgID", iam, "REGIONAL", true, "3.4 organization"],
    ["aws:PrincipalOrgID", iamUser, "REGIONAL", false, "3.4 organization"],
    ["aws:PrincipalTag/team", iam, "REGIONAL", true, "3.4 tags"],
    ["aws:PrincipalTag/other", iam, "REGIONAL", false, "3.4 tags"],
    ["aws:TokenIssueTime", iam, "REGIONAL", true, "3.4 temporary credentials"],
    ["aws:TokenIssueTime", iamUser, "REGIONAL", false, "3.4 temporary credentials"],
    ["aws:MultiFactorAuthPresent", iam, "REGIONAL", true, "3.4 temporary credentials"],
    ["aws:MultiFactorAuthPresent", iamUser, "REGIONAL", false, "3.4 temporary credentials"],
    ["aws:MultiFactorAuthAge", iam, "REGIONAL", false, "3.4 MFA"],
  ])("%s", async (key, [, auth, assumptions], endpointType, expected) => {
    const decision = await decide(
      auth,
      assumptions,
      { endpointType, policy: policy(present(key)) },
      inVpc,
      [],
      headers,
    );
    expect(status(decision)).toBe(expected ? "allow" : 403);
  });

  it.each<[string, Record<string, unknown>, "allow" | 403]>([
    ["the time", { DateGreaterThan: { "aws:CurrentTime": "2026-11-22T11:59:59Z" } }, "allow"],
    ["the time, too late", { DateLessThan: { "aws:CurrentTime": "2026-11-22T12:00:00Z" } }, 403],
    ["the second", { NumericEquals: { "aws:EpochTime": "1795348800" } }, "allow"],
    ["transport", { Bool: { "aws:SecureTransport": "true" } }, "allow"],
    ["the user agent", { StringEquals: { "aws:UserAgent": "curl" } }, "allow"],
    ["the address", { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, "allow"],
    ["the address of the peer, whatever was forwarded", { IpAddress: { "aws:SourceIp": "10.9.9.9" } }, 403],
  ])("%s has its value", async (_, Condition, expected) => {
    const forwarded: [string, string][] = [...headers, ["X-Forwarded-For", "10.9.9.9"]];
    const decision = await decide(
      { type: "NONE" },
      {},
      { policy: policy([{ ...allowAll, Condition }]) },
      here,
      [],
      forwarded,
    );
    expect(status(decision)).toBe(expected);
  });
});
