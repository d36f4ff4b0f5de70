import { awsPrincipal, contextKeys, principalContext } from "../../proof/iam";
import { ACCOUNT, ANONYMOUS, aws } from "./helpers";

const KEYS = "Principal key values";

it.each([
  [
    `arn:aws:iam::${ACCOUNT}:user/team/alice`,
    {
      "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:user/team/alice`,
      "aws:PrincipalType": "User",
      "aws:username": "alice",
    },
  ],
  [
    `arn:aws:iam::${ACCOUNT}:root`,
    { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:root`, "aws:PrincipalType": "Account", "aws:userid": ACCOUNT },
  ],
  [
    `arn:aws:sts::${ACCOUNT}:assumed-role/caller/one`,
    { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/caller`, "aws:PrincipalType": "AssumedRole" },
  ],
  [
    `arn:aws:iam::${ACCOUNT}:role/caller`,
    { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/caller`, "aws:PrincipalType": "AssumedRole" },
  ],
  [
    `arn:aws:sts::${ACCOUNT}:federated-user/alice`,
    { "aws:PrincipalArn": `arn:aws:sts::${ACCOUNT}:federated-user/alice`, "aws:PrincipalType": "FederatedUser" },
  ],
])(`%s has these keys and no others (${KEYS})`, (arn, expected) => {
  expect(principalContext(aws(arn))).toStrictEqual({ "aws:PrincipalAccount": ACCOUNT, ...expected });
});

it(`a caller of no known kind has no type (${KEYS})`, () => {
  const arn = `arn:aws:iam::${ACCOUNT}:instance-profile/x`;
  expect(principalContext({ kind: "aws", arn, accountId: ACCOUNT, principalArn: arn })).toStrictEqual({
    "aws:PrincipalArn": arn,
    "aws:PrincipalAccount": ACCOUNT,
  });
});

it("what is known of a caller beside its ARN becomes keys of its own", () => {
  const session = aws(`arn:aws:sts::${ACCOUNT}:assumed-role/caller/one`, "/team/");
  const facts = {
    userId: "AROAEXAMPLE:one",
    organizationId: "o-1",
    tags: { Team: "red" },
    tokenIssuedAt: 1_767_225_600_000,
  };
  expect(principalContext(session, facts)).toEqual({
    "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/team/caller`,
    "aws:PrincipalAccount": ACCOUNT,
    "aws:PrincipalType": "AssumedRole",
    "aws:userid": "AROAEXAMPLE:one",
    "aws:PrincipalOrgID": "o-1",
    "aws:PrincipalTag/Team": "red",
    "aws:TokenIssueTime": "2026-01-01T00:00:00Z",
  });
});

it.each([
  [ANONYMOUS],
  [{ kind: "service", service: "x.amazonaws.com" } as const],
  [{ kind: "federated", provider: "idp" } as const],
])(
  "%j has none of a caller's keys (condition keys of API Gateway resource policies: they need authentication)",
  (principal) => {
    expect(principalContext(principal)).toEqual({});
  },
);

it.each([
  ["arn:aws:iam::111111111111:group/g"],
  ["arn:aws:iam::111111111111:user/"],
  ["arn:aws:iam::1111:user/alice"],
  ["arn:aws:iam:us-east-1:111111111111:user/alice"],
  ["arn:aws:sts::111111111111:assumed-role/caller"],
  ["arn:aws:sts::111111111111:user/alice"],
  ["arn:aws:s3::111111111111:root"],
  ["arn:aws:s3::111111111111:federated-user/alice"],
  ["arn:aws:iam::1111111111112:user/alice"],
  ["arn:aws:iam::x111111111111:user/alice"],
  ["arn:aws:iam::111111111111:xroot"],
  ["arn:aws:iam::111111111111:rootx"],
  ["arn:aws:iam::111111111111:assumed-role/caller/one"],
  ["arn:aws:iam::111111111111:federated-user/alice"],
  ["arn:aws:sts::111111111111:xassumed-role/caller/one"],
  ["arn:aws:sts::111111111111:assumed-role/caller/one/two"],
  ["arn:aws:sts::111111111111:xfederated-user/alice"],
  ["arn:aws:sts::111111111111:federated-user/alice/x"],
  ["alice"],
  [""],
])("%j is no principal", (arn) => {
  expect(awsPrincipal(arn)).toBeUndefined();
});

it("names of keys are lowered, and two spellings of one name are one key", () => {
  const keys = contextKeys({
    "aws:SourceIp": "203.0.113.7",
    "aws:TagKeys": ["a"],
    "AWS:TAGKEYS": ["b"],
    "s3:none": [],
  });
  expect([...keys]).toEqual([
    ["aws:sourceip", ["203.0.113.7"]],
    ["aws:tagkeys", ["a", "b"]],
    ["s3:none", []],
  ]);
});
