/** What a trust policy says under keys of which nothing is known is read in both ways, and refused where they differ. */
import type { Principal } from "../../proof/iam/types";
import type { AssumeAnswer, AssumeRequest } from "../../proof/local/sts-trust";
import { mayAssume, trustAdmits } from "../../proof/local/sts-trust";
import { caller, policy } from "../decision/support";
import { role, trust } from "./sts-roles";

const PARTNER = "333333333333";
const ARN = `arn:aws:iam::${PARTNER}:user/ann`;
const principal = { kind: "aws", arn: ARN, accountId: PARTNER, principalArn: ARN } as const;
const OWN = { Effect: "Allow", Action: "sts:*", Resource: "*" };
const statement = (Effect: string, Condition?: object, Principal: object = { AWS: PARTNER }) => ({
  ...trust(Principal, Condition).Statement[0],
  Effect,
});
const allow = (Condition?: object) => statement("Allow", Condition);
const deny = (Condition?: object) => statement("Deny", Condition);

const asked = (statements: object[], more: Partial<AssumeRequest> = {}): AssumeRequest => ({
  role: role("partner", { Version: "2012-10-17", Statement: statements }),
  sessionName: "me",
  now: 0,
  sourceIp: "203.0.113.7",
  ...more,
});
const byAnn = (statements: object[], own: object[] = [OWN], more: Partial<Parameters<typeof mayAssume>[0]> = {}) =>
  mayAssume(caller({ principal, identityPolicies: [policy(own)], ...more }), asked(statements));
const admitted = (statements: object[], as: Principal, more: Partial<AssumeRequest> = {}) =>
  trustAdmits(asked(statements, more), as);
const because = (answer: AssumeAnswer): string => (answer.outcome === "allow" ? "allowed" : answer.because);
const untold = (answer: AssumeAnswer): string => {
  const [, found] = /^It cannot be told whether (statement .* holds) for the caller$/.exec(because(answer)) ?? [];
  return answer.outcome === "deny" && answer.undecided === true && found !== undefined ? found : because(answer);
};
const TRUST = "partner-access/aws_iam_role.partner.assume_role_policy";

describe("It cannot be told who assumes a role", () => {
  it.each<[string, object[], string]>([
    [
      "where a Deny may apply",
      [allow(), deny({ StringEquals: { "aws:RequestedRegion": "us-east-1" } })],
      `statement 1 of ${TRUST} applies: nothing says what aws:RequestedRegion holds`,
    ],
    [
      "where a Deny is for some of an organization",
      [allow(), deny({ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a/*" } })],
      `statement 1 of ${TRUST} applies: nothing says what aws:PrincipalOrgPaths holds`,
    ],
    ...[
      { StringNotEquals: { "aws:SourceIdentity": "eve" } },
      { StringEqualsIfExists: { "aws:SourceIdentity": "ann" } },
      { Null: { "aws:SourceIdentity": "true" } },
    ].map((condition): [string, object[], string] => [
      `where an Allow needs ${Object.keys(condition)[0]}`,
      [allow(condition)],
      `statement 0 of ${TRUST} applies: nothing says what aws:SourceIdentity holds`,
    ]),
    [
      "where an Allow compares with such a key",
      [allow({ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${PARTNER}:user/\${aws:SourceIdentity}` } })],
      `statement 0 of ${TRUST} applies: nothing says what aws:sourceidentity holds`,
    ],
    [
      "where a Deny with a name may apply",
      [{ ...deny({ StringEquals: { "aws:UserAgent": "x" } }), Sid: "tools" }, allow()],
      `statement tools of ${TRUST} applies: nothing says what aws:UserAgent holds`,
    ],
  ])("%s", (_, statements, expected) => {
    expect(untold(byAnn(statements))).toBe(expected);
    expect(untold(admitted(statements, principal))).toBe(expected);
  });

  it("where a policy of their own depends on it", () => {
    const own = { ...OWN, Effect: "Deny", Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } } };
    expect(untold(byAnn([allow()], [OWN, own]))).toMatch(/^statement 1 of .*aws:RequestedRegion holds$/);
  });

  it("where their own policy names the role by such a key", () => {
    const own = { ...OWN, Resource: "arn:aws:iam::222222222222:role/${aws:SourceIdentity}" };
    expect(untold(byAnn([allow()], [own]))).toMatch(/^statement 0 of .*aws:sourceidentity holds$/);
    expect(
      because(byAnn([allow()], [{ ...own, Resource: "arn:aws:iam::222222222222:role/${aws:username}" }])),
    ).not.toMatch(/told/);
  });

  it("where their tags may not be passed on", () => {
    const Condition = { StringNotEquals: { "sts:TransitiveTagKeys": "team" } };
    const statements = [allow(), { ...allow(Condition), Action: "sts:TagSession" }];
    const answer = mayAssume(
      caller({ principal, identityPolicies: [policy([OWN])] }),
      asked(statements, { tags: { team: "red" } }),
    );
    expect(untold(answer)).toMatch(/^statement 1 of .*sts:TransitiveTagKeys holds$/);
  });
});

describe("It can be told, as both readings say the same,", () => {
  const region = { StringEquals: { "aws:RequestedRegion": "us-east-1" } };
  it.each<[string, object[], RegExp]>([
    ["where another Allow admits them", [allow(region), allow()], /^allowed$/],
    ["where the Deny is for others", [allow(), statement("Deny", region, { AWS: "444444444444" })], /^allowed$/],
    ["where the Deny is of another call", [allow(), { ...deny(region), Action: "sts:TagSession" }], /^allowed$/],
    [
      "where the Deny does not apply for another reason",
      [allow(), deny({ ...region, StringLike: { "sts:RoleSessionName": "eve" } })],
      /^allowed$/,
    ],
    ["where another Deny applies", [allow(), deny(region), deny()], /denied by .*assume_role_policy statement 2/],
    ["where no Allow is for them", [statement("Allow", region, { AWS: "444444444444" })], /does not allow/],
  ])("%s", (_, statements, expected) => {
    const answer = byAnn(statements);
    expect(because(answer)).toMatch(expected);
    expect(answer).not.toHaveProperty("undecided");
  });
});

describe("Who may not pass tags is refused for that,", () => {
  const doubtful = deny({ StringEquals: { "aws:RequestedRegion": "us-east-1" } });
  const tagged = asked([allow(), doubtful], { tags: { team: "red" } });

  it("whatever cannot be told of the session", () => {
    const own = mayAssume(caller({ principal, identityPolicies: [policy([OWN])] }), tagged);
    for (const answer of [own, trustAdmits(tagged, principal)]) {
      expect(because(answer)).toContain("sts:TagSession");
      expect(answer).not.toHaveProperty("undecided");
    }
  });
});

describe("Of those whom a trust policy names", () => {
  const doubtful = statement("Allow", { StringNotEquals: { "aws:RequestedRegion": "us-east-1" } }, { AWS: ARN });

  it("one that is admitted is enough", () => {
    const service = statement("Allow", undefined, { Service: "lambda.amazonaws.com" });
    expect(because(trustAdmits(asked([doubtful, service])))).toBe("allowed");
  });

  it("one of whom it cannot be told leaves it undecided", () => {
    expect(trustAdmits(asked([doubtful, allow({ Bool: { "aws:SecureTransport": "false" } })]))).toEqual({
      outcome: "deny",
      undecided: true,
      because: expect.stringMatching(/^It cannot be told whether statement 0 .*; its trust policy does not allow /),
    });
  });
});

const NONE_OF_A_PERSON = [
  ...["aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "aws:SourceArn", "aws:SourceAccount"],
  ...["aws:SourceOrgID", "aws:SourceOrgPaths", "aws:PrincipalServiceName", "aws:PrincipalServiceNamesList"],
];
const NOWHERE = ["aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp", "aws:SourceVpcArn", "aws:VpceAccount"];
const OF_A_CALLER = ["aws:PrincipalOrgID", "aws:PrincipalTag/team"];
const NOT_SENT = [
  "sts:ExternalId",
  "aws:TagKeys",
  "aws:RequestTag/team",
  "aws:ResourceTag/team",
  "iam:ResourceTag/team",
];
const SENT = [
  ...["sts:RoleSessionName", "aws:SourceIp", "aws:CurrentTime", "aws:EpochTime", "aws:SecureTransport"],
  ...["aws:ViaAWSService", "aws:PrincipalIsAWSService", "aws:ResourceAccount"],
  ...["aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalType", "aws:username"],
];
const UNKNOWN = [
  ...["aws:RequestedRegion", "aws:PrincipalOrgPaths", "aws:SourceIdentity", "sts:SourceIdentity", "aws:UserAgent"],
  ...["aws:Referer", "aws:FederatedProvider", "aws:ResourceOrgID", "sts:DurationSeconds", "saml:aud"],
];

describe("Of a person who assumes a role", () => {
  const isAbsent = (key: string, Null = "true") => because(byAnn([allow({ Null: { [key]: Null } })]));

  it.each([...NONE_OF_A_PERSON, ...NOWHERE, ...OF_A_CALLER, ...NOT_SENT])("%s is not there", (key) => {
    expect(isAbsent(key)).toBe("allowed");
    expect(isAbsent(key, "false")).not.toMatch(/^allowed|cannot be told/);
  });

  it.each(SENT)("%s is there", (key) => {
    expect(isAbsent(key, "false")).toBe("allowed");
    expect(isAbsent(key)).not.toMatch(/^allowed|cannot be told/);
  });

  it.each(UNKNOWN)("nothing says whether %s is there", (key) => {
    expect(isAbsent(key)).toContain(`nothing says what ${key} holds`);
    expect(isAbsent(key, "false")).toContain(`nothing says what ${key} holds`);
  });

  it("an id that is made up is told by its kind alone", () => {
    const by = (id: string) => byAnn([allow({ StringLike: { "aws:userid": id } })], [OWN], { madeUpId: true });
    expect(untold(by("AIDAEXAMPLE"))).toMatch(/nothing says what aws:userid holds$/);
    expect(because(by("AROA*"))).not.toMatch(/cannot be told/);
    expect(because(byAnn([allow({ StringLike: { "aws:userid": "AIDA*" } })], [OWN], { userId: "AIDAX" }))).toBe(
      "allowed",
    );
  });
});

describe("Where nothing is sent and no caller known", () => {
  it.each([...NOWHERE, ...OF_A_CALLER, "aws:SourceIp", "aws:userid", "aws:TokenIssueTime"])(
    "nothing says whether %s is there",
    (key) => {
      const { sourceIp: _none, ...request } = asked([allow({ Null: { [key]: "true" } })]);
      expect(untold(trustAdmits(request, principal))).toContain(`nothing says what ${key} holds`);
    },
  );
});

it("Of an id that nobody tells, not even its kind is known", () => {
  const answer = admitted([allow({ StringLike: { "aws:userid": "AIDA*" } })], principal);
  expect(untold(answer)).toMatch(/^statement 0 of .*nothing says what aws:userid holds$/);
});

describe("Of a service that assumes a role", () => {
  const service = { kind: "service", service: "apigateway.amazonaws.com" } as const;
  const by = (Condition?: object) => admitted([statement("Allow", Condition, { Service: service.service })], service);

  it.each([...NONE_OF_A_PERSON, "aws:ViaAWSService", "aws:PrincipalIsAWSService"])(
    "nothing says whether %s is there",
    (key) => {
      expect(untold(by({ Null: { [key]: "true" } }))).toContain(`nothing says what ${key} holds`);
    },
  );

  it("the call is admitted without conditions, or under what is told", () => {
    expect(because(by())).toBe("allowed");
    expect(because(by({ Null: { "aws:PrincipalOrgID": "true" } }))).toBe("allowed");
    expect(because(by({ Bool: { "aws:SecureTransport": "true" } }))).toBe("allowed");
  });

  it.each([
    { StringEquals: { "aws:SourceAccount": "222222222222" } },
    { StringEqualsIfExists: { "aws:SourceAccount": "222222222222" } },
    { ArnLike: { "aws:SourceArn": "arn:aws:execute-api:*:222222222222:*" } },
  ])("for whom it is called is not known: %j", (condition) => {
    expect(untold(by(condition))).toMatch(/^statement 0 of .* nothing says what aws:Source(Account|Arn) holds$/);
  });
});
