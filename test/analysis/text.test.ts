/** The matrix in a terminal: who gets in stands out. */
import { analyze } from "../../proof/analysis/matrix";
import { matrixText } from "../../proof/analysis/text";
import type { Role } from "../../proof/model/types";
import { ACCOUNT, api, model, policy, route, source } from "../decision/support";

function role(name: string, statements: object[]): Role {
  const address = `aws_iam_role.${name}`;
  return {
    address,
    name,
    arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    accountId: ACCOUNT,
    trustPolicy: policy([], `${address}.assume_role_policy`),
    identityPolicies: statements.length === 0 ? [] : [policy(statements, `${address}.inline_policy`)],
    tags: {},
    maxSessionSeconds: 3600,
    source: source(address),
  };
}

const statement = (Effect: string) => ({ Effect, Action: "execute-api:Invoke", Resource: "*" });
const denied = (name: string) => role(name, [statement("Deny")]);

function lines(...roles: Role[]): string[] {
  const apis = [api({ routes: [route("GET", "/a", { type: "AWS_IAM" })] })];
  return matrixText(analyze(model(apis, { roles })))
    .split("\n")
    .filter((line) => line.includes("role"));
}

it("names roles that are refused everywhere one by one up to two, and counts them from three on", () => {
  expect(lines(denied("a"), denied("b"))).toEqual([
    expect.stringMatching(`^  deny 403   arn:aws:iam::${ACCOUNT}:role/a +any$`),
    expect.stringMatching(`^  deny 403   arn:aws:iam::${ACCOUNT}:role/b +any$`),
  ]);
  expect(lines(denied("a"), denied("b"), denied("c"))).toEqual([
    expect.stringMatching(`^  deny 403   3 roles of account ${ACCOUNT} +any$`),
  ]);
});

it("names each role that is admitted from somewhere, however many there are", () => {
  const from = (name: string) =>
    role(name, [{ ...statement("Allow"), Condition: { IpAddress: { "aws:SourceIp": `203.0.113.${name}/32` } } }]);
  const told = lines(from("1"), from("2"), from("3"));
  expect(told).toHaveLength(6);
  for (const name of ["1", "2", "3"]) {
    expect(told).toContainEqual(
      expect.stringMatching(`^  allow 200  arn:aws:iam::${ACCOUNT}:role/${name} +203.0.113.${name}$`),
    );
  }
});
