import type { OperatorType } from "../../proof/iam";
import { compiled, problemsOf } from "./helpers";

const statement = (Condition: unknown) => ({ Effect: "Allow", Action: "*", Resource: "*", Condition });

/** IAM User Guide, "IAM JSON policy elements: Condition operators": the type of each, and whether it is a negation. */
it.each<[string, OperatorType, boolean, string]>([
  ["StringEquals", "string", false, "x"],
  ["StringNotEquals", "string", true, "x"],
  ["StringEqualsIgnoreCase", "string", false, "x"],
  ["StringNotEqualsIgnoreCase", "string", true, "x"],
  ["StringLike", "string", false, "x"],
  ["StringNotLike", "string", true, "x"],
  ["NumericEquals", "numeric", false, "1"],
  ["NumericNotEquals", "numeric", true, "1"],
  ["NumericLessThan", "numeric", false, "1"],
  ["NumericLessThanEquals", "numeric", false, "1"],
  ["NumericGreaterThan", "numeric", false, "1"],
  ["NumericGreaterThanEquals", "numeric", false, "1"],
  ["DateEquals", "date", false, "2026-01-31"],
  ["DateNotEquals", "date", true, "2026-01-31"],
  ["DateLessThan", "date", false, "2026-01-31"],
  ["DateLessThanEquals", "date", false, "2026-01-31"],
  ["DateGreaterThan", "date", false, "2026-01-31"],
  ["DateGreaterThanEquals", "date", false, "2026-01-31"],
  ["Bool", "bool", false, "true"],
  ["BinaryEquals", "binary", false, "AAEC"],
  ["IpAddress", "ip", false, "10.0.0.0/8"],
  ["NotIpAddress", "ip", true, "10.0.0.0/8"],
  ["ArnEquals", "arn", false, "arn:aws:iam::111111111111:role/a"],
  ["ArnLike", "arn", false, "arn:aws:iam::111111111111:role/a"],
  ["ArnNotEquals", "arn", true, "arn:aws:iam::111111111111:role/a"],
  ["ArnNotLike", "arn", true, "arn:aws:iam::111111111111:role/a"],
  ["Null", "null", false, "true"],
])("%s compares values of type %s, negated: %s", (name, type, negated, value) => {
  const [first] = compiled(statement({ [name]: { "s3:key": value } })).statements;
  expect(first?.conditions).toMatchObject([{ name, operator: { name, type, negated }, key: "s3:key" }]);
});

/** What is told of an operator that does not exist. */
it.each([
  ["StringEqual", "Did you mean StringEquals?"],
  ["stringequals", "Did you mean StringEquals?"],
  ["stringNotEqualsIgnoreCase", "Did you mean StringNotEqualsIgnoreCase?"],
  ["String_Like", "Did you mean StringLike?"],
  ["StringLikeifexists", "Did you mean StringLike?"],
  ["ForAnyValues:StringLike", "Did you mean StringLike?"],
  ["ForAllValues:Null", "Did you mean Null? Null takes no IfExists, ForAllValues or ForAnyValue."],
  ["NullIfExists", "Did you mean Null? Null takes no IfExists, ForAllValues or ForAnyValue."],
  ["DateIfExistsLessThan", "Use one of IAM's operators"],
  ["IsString", "Use one of IAM's operators"],
  ["IfExists", "Use one of IAM's operators"],
  ["", "Use one of IAM's operators"],
])("%j is no operator: %s", (name, advice) => {
  const problems = problemsOf({ Version: "2012-10-17", Statement: statement({ [name]: { "s3:key": "x" } }) });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`there is no condition operator ${JSON.stringify(name)}. ${advice}`);
});
