/** Conditions at random, on every key that the analysis tells apart. */
import fc from "fast-check";
import { ACCOUNT, PARTNER } from "../decision/support";

export const STRANGER = "777788889999";
export const ORGANIZATION = "o-partner0001";

export type Json = Record<string, unknown>;

export const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
export const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });

const CIDRS = ["10.0.0.0/8", "10.1.0.0/16", "203.0.113.0/24", "203.0.113.7", "0.0.0.0/1", "2001:db8::/32", "::/0"];

/** Patterns that hold all of a kind of callers, none of it, or cut it, in one account, some, or all. */
const ARN_PATTERNS = [
  `arn:aws:iam::${PARTNER}:role/r*`,
  "arn:aws:iam::*:role/reader",
  `arn:aws:iam::${ACCOUNT}:*/bob`,
  `arn:aws:iam::${PARTNER}:role/*`,
  `arn:aws:iam::${PARTNER}:user/*`,
  `arn:aws:iam::${PARTNER}:root`,
  `arn:aws:iam::${PARTNER}:role/team/*`,
  `arn:aws:iam::${PARTNER}:*`,
  "*:role/a*",
  "*y",
  `*${STRANGER}*`,
  "arn:aws:iam::7*r",
  "*/?",
];

const texts = (...values: string[]) => some(values);

/** Set operators, on keys that are there or not, with values that are empty or not; one key that no request has. */
const ofSets: fc.Arbitrary<Json> = fc
  .tuple(
    fc.constantFrom("ForAllValues", "ForAnyValue"),
    fc.constantFrom("", "IfExists"),
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.tuple(
          fc.constantFrom("StringEquals", "StringNotEquals", "StringLike", "StringNotLike"),
          fc.oneof(
            {
              weight: 3,
              arbitrary: fc.tuple(fc.constant("aws:PrincipalTag/team"), texts("blue", "red", "", "b*", "?*")),
            },
            {
              weight: 2,
              arbitrary: fc.tuple(fc.constant("aws:Referer"), texts("https://example.com/*", "*admin", "")),
            },
            fc.tuple(fc.constant("aws:PrincipalOrgID"), texts(ORGANIZATION, "o-*")),
            fc.tuple(fc.constant("aws:PrincipalAccount"), texts(ACCOUNT, PARTNER, "4444*")),
            fc.tuple(fc.constant("aws:username"), texts("bob", "r*", "*y")),
            fc.tuple(fc.constant("aws:SourceVpce"), texts("vpce-0b1", "vpce-0b*")),
            fc.tuple(fc.constant("aws:TagKeys"), texts("team", "*")),
          ),
        ),
      },
      fc.tuple(
        fc.constantFrom("ArnLike", "ArnNotLike"),
        fc.tuple(
          fc.constant("aws:PrincipalArn"),
          some(ARN_PATTERNS.filter((pattern) => pattern.split(":").length === 6)),
        ),
      ),
      fc.tuple(
        fc.constantFrom("IpAddress", "NotIpAddress"),
        fc.oneof(
          fc.tuple(fc.constant("aws:SourceIp"), some(CIDRS)),
          fc.tuple(fc.constant("aws:VpcSourceIp"), texts("10.0.0.0/16", "10.0.1.0/24")),
        ),
      ),
      fc.tuple(
        fc.constantFrom("DateLessThan", "DateGreaterThanEquals"),
        fc.tuple(
          fc.constantFrom("aws:CurrentTime", "aws:TokenIssueTime"),
          texts("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"),
        ),
      ),
    ),
  )
  .map(([set, ifExists, [operator, [key, of]]]) => ({ [`${set}:${operator}${ifExists}`]: { [key]: of } }));

const conditionKinds = (isPrivate: boolean): fc.Arbitrary<Json>[] => [
  fc
    .tuple(fc.constantFrom("IpAddress", "NotIpAddress", "IpAddressIfExists"), some(CIDRS))
    .map(([op, of]) => ({ [op]: { "aws:SourceIp": of } })),
  fc
    .tuple(fc.constantFrom("StringEquals", "StringNotEquals", "StringEqualsIfExists"), texts(ORGANIZATION))
    .map(([op, of]) => ({ [op]: { "aws:PrincipalOrgID": of } })),
  fc
    .tuple(fc.constantFrom("StringEquals", "StringNotLike"), texts(ACCOUNT, PARTNER, "4444*"))
    .map(([op, of]) => ({ [op]: { "aws:PrincipalAccount": of } })),
  fc
    .tuple(
      fc.constantFrom("ArnLike", "ArnNotLike", "StringLike", "StringNotLike"),
      fc.uniqueArray(fc.constantFrom(...ARN_PATTERNS), { minLength: 1, maxLength: 3 }),
    )
    .filter(([op, of]) => op.startsWith("String") || of.every((pattern) => pattern.split(":").length === 6))
    .map(([op, of]) => ({ [op]: { "aws:PrincipalArn": of } })),
  fc
    .tuple(fc.constantFrom("StringLike", "StringNotLike", "StringLikeIfExists"), texts("bob", "r*", "*y", "a*"))
    .map(([op, of]) => ({ [op]: { "aws:username": of } })),
  fc
    .tuple(fc.constantFrom("StringEquals", "StringNotEquals"), texts("User", "AssumedRole", "Account"))
    .map(([op, of]) => ({ [op]: { "aws:PrincipalType": of } })),
  fc
    .tuple(
      fc.constantFrom("StringLike", "StringNotLike", "StringEqualsIfExists"),
      texts("https://example.com/*", "*admin"),
    )
    .map(([op, of]) => ({ [op]: { "aws:Referer": of } })),
  fc.constantFrom("true", "false").map((value) => ({ Null: { "aws:Referer": value } })),
  fc
    .tuple(fc.constantFrom("true", "false"), fc.constantFrom("aws:PrincipalArn", "aws:SourceIp", "aws:SourceVpce"))
    .map(([value, key]) => ({ Null: { [key]: value } })),
  fc
    .tuple(
      fc.constantFrom("DateLessThan", "DateGreaterThanEquals"),
      fc.constantFrom("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"),
    )
    .map(([op, of]) => ({ [op]: { "aws:CurrentTime": of } })),
  fc
    .tuple(fc.constantFrom("StringEquals", "StringNotEquals", "StringLike"), texts("blue", "red", "", "b*"))
    .map(([op, of]) => ({ [op]: { "aws:PrincipalTag/team": of } })),
  fc.constantFrom("true", "false").map((value) => ({ Null: { "aws:PrincipalTag/team": value } })),
  fc.constantFrom("true", "false").map((value) => ({ Bool: { "aws:SecureTransport": value } })),
  fc
    .tuple(fc.constantFrom("Bool", "BoolIfExists"), fc.constantFrom("true", "false"))
    .map(([op, value]) => ({ [op]: { "aws:MultiFactorAuthPresent": value } })),
  fc
    .constantFrom("NumericLessThan", "NumericGreaterThanEquals", "NumericLessThanIfExists")
    .map((op) => ({ [op]: { "aws:MultiFactorAuthAge": "3600" } })),
  fc
    .constantFrom("DateLessThan", "DateGreaterThan", "DateLessThanIfExists")
    .map((op) => ({ [op]: { "aws:TokenIssueTime": "2026-01-01T00:00:00Z" } })),
  fc
    .tuple(fc.constantFrom("StringEquals", "StringNotEquals"), texts("vpc-0a1"))
    .map(([op, of]) => ({ [op]: { "aws:SourceVpc": of } })),
  fc
    .tuple(fc.constantFrom("IpAddress", "NotIpAddress"), texts("10.0.0.0/16", "10.0.1.0/24"))
    .map(([op, of]) => ({ [op]: { "aws:VpcSourceIp": of } })),
  ...(isPrivate
    ? [
        fc
          .tuple(fc.constantFrom("StringEquals", "StringNotEquals", "StringLike"), texts("vpce-0b1", "vpce-0b*"))
          .map(([op, of]) => ({ [op]: { "aws:SourceVpce": of } })),
      ]
    : []),
];

/** None, one or two conditions. */
export const conditions = (isPrivate: boolean): fc.Arbitrary<Json> => {
  const condition = fc.oneof(
    { weight: 3, arbitrary: fc.oneof(...conditionKinds(isPrivate)) },
    { weight: 1, arbitrary: ofSets },
  );
  return fc
    .tuple(maybe(condition), fc.option(condition, { freq: 1, nil: undefined }))
    .map(([one, other]) => ({ ...one, ...other }));
};
