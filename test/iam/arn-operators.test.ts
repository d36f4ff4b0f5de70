import { conditionApplies } from "./helpers";

const ARN = "Amazon Resource Name (ARN) condition operators";
const ROLE = "arn:aws:iam::111111111111:role/caller";

describe.each([
  ["ArnEquals", "ArnNotEquals"],
  ["ArnLike", "ArnNotLike"],
])("%s and %s", (positive, negative) => {
  it.each<[string, string, boolean | undefined, string]>([
    [ROLE, ROLE, true, ARN],
    [ROLE, "arn:aws:iam::111111111111:role/other", false, ARN],
    [ROLE, "arn:aws:iam::111111111111:role/Caller", false, "ARNs are case-sensitive"],
    ["arn:aws:iam::111111111111:role/*", ROLE, true, ARN],
    ["arn:aws:iam::*:role/caller", ROLE, true, ARN],
    ["arn:aws:iam::11111111111?:role/calle?", ROLE, true, ARN],
    ["arn:*:iam::*:role/*", "arn:aws-us-gov:iam::111111111111:role/caller", true, ARN],
    ["arn:aws:iam::*", ROLE, undefined, "six parts are needed"],
    ["arn:aws:iam::*:*", ROLE, true, ARN],
    ["arn:*:*:*:*:*", ROLE, true, ARN],
    [
      "arn:aws:someservice:*:111122223333:finance/*",
      "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
      false,
      ARN,
    ],
    [
      "arn:aws:someservice:*:111122223333:finance/*",
      "arn:aws:someservice:us-east-2:111122223333:finance/a:b/c",
      true,
      ARN,
    ],
    ["arn:aws:sns:us-east-1:111111111111:topic", "arn:aws:sns:us-east-1:111111111111:topic:subscription", false, ARN],
    ["arn:aws:sns:us-east-1:111111111111:topic:*", "arn:aws:sns:us-east-1:111111111111:topic:subscription", true, ARN],
    ["arn:aws:iam::111111111111:role/*", "arn:aws:iam::111111111111:role/a/b/c", true, ARN],
    ["arn:aws:iam:*:111111111111:role/caller", ROLE, true, "a wildcard matches an empty part"],
    ["arn:aws:iam:?:111111111111:role/caller", ROLE, false, ARN],
    [ROLE, "caller", false, "a value that is no ARN"],
    [ROLE, "arn:aws:iam::222222222222:role/caller", false, "the account is a part of its own"],
    [ROLE, "arn:aws-cn:iam::111111111111:role/caller", false, "the partition is a part of its own"],
    [ROLE, "arn:aws:sts::111111111111:role/caller", false, "the service is a part of its own"],
    [ROLE, "arn:aws:iam:us-east-1:111111111111:role/caller", false, "the region is a part of its own"],
    [ROLE, "urn:aws:iam::111111111111:role/caller", false, "an ARN begins with arn"],
    ["arn:*:*:*:*:*", "caller", false, "a value that is no ARN"],
    ["*:*:*:*:*:*", "caller", false, "a value that is no ARN"],
    ["*:*:*:*:*:*", "a:b:c:d:e", false, "a value that is no ARN"],
    ["*:*:*:*:*:*", ":b:c:d:e:f", true, "each part is matched on its own, the first as well"],
  ])("policy value %s against %s: %s (%s)", (policy, value, matches) => {
    const holds = (operator: string) =>
      conditionApplies({ [operator]: { "aws:PrincipalArn": policy } }, { "aws:PrincipalArn": value });
    if (matches === undefined) {
      expect(() => holds(positive)).toThrow("is no ARN");
      return;
    }
    expect(holds(positive)).toBe(matches);
    expect(holds(negative)).toBe(!matches);
  });

  it("an absent key fails the one and passes the other", () => {
    expect(conditionApplies({ [positive]: { "aws:PrincipalArn": ROLE } }, {})).toBe(false);
    expect(conditionApplies({ [negative]: { "aws:PrincipalArn": ROLE } }, {})).toBe(true);
  });
});

it("StringLike crosses the colons that ArnLike does not (ARN condition operators)", () => {
  const context = {
    "aws:SourceArn": "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
  };
  const value = "arn:aws:someservice:*:111122223333:finance/*";
  expect(conditionApplies({ StringLike: { "aws:SourceArn": value } }, context)).toBe(true);
  expect(conditionApplies({ ArnLike: { "aws:SourceArn": value } }, context)).toBe(false);
});
