import { reducePolicies } from "../../proof/iam";
import type { GrantedTo, Principal } from "../../proof/iam";
import { ACCOUNT, ANONYMOUS, OTHER, aws, compiled, request } from "./helpers";

const PRINCIPAL = "AWS JSON policy elements: Principal";
const NOT_PRINCIPAL = "AWS JSON policy elements: NotPrincipal";
const CREATE_ATTACH = "Create and attach an API Gateway resource policy";

const ROOT_ARN = `arn:aws:iam::${ACCOUNT}:root`;
const BOB_ARN = `arn:aws:iam::${ACCOUNT}:user/Bob`;
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/caller`;
const SESSION_ARN = `arn:aws:sts::${ACCOUNT}:assumed-role/caller/one`;
const PATH_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/team/caller`;

const callers: Record<string, Principal> = {
  anonymous: ANONYMOUS,
  root: aws(ROOT_ARN),
  Bob: aws(BOB_ARN),
  Eve: aws(`arn:aws:iam::${ACCOUNT}:user/Eve`),
  session: aws(SESSION_ARN),
  "other session": aws(`arn:aws:sts::${ACCOUNT}:assumed-role/caller/two`),
  "session of role with path": aws(SESSION_ARN, "/team/"),
  "role itself": aws(ROLE_ARN),
  "federated user": aws(`arn:aws:sts::${ACCOUNT}:federated-user/Bob`),
  stranger: aws(`arn:aws:iam::${OTHER}:user/Bob`),
  apigateway: { kind: "service", service: "apigateway.amazonaws.com" },
  google: { kind: "federated", provider: "accounts.google.com" },
};

function reduce(effect: string, element: object, caller: string) {
  const policy = compiled([{ Effect: effect, Action: "*", Resource: "*", ...element }], "resource");
  const principal = callers[caller];
  if (principal === undefined) throw new Error(caller);
  return reducePolicies([policy], request({ principal }));
}

describe("A Principal", () => {
  it.each<[unknown, string, GrantedTo | undefined, string]>([
    ["*", "anonymous", "everyone", CREATE_ATTACH],
    ["*", "Bob", "everyone", PRINCIPAL],
    ["*", "stranger", "everyone", PRINCIPAL],
    ["*", "session", "everyone", PRINCIPAL],
    ["*", "apigateway", "everyone", PRINCIPAL],
    ["*", "google", "everyone", PRINCIPAL],
    [{ AWS: "*" }, "anonymous", "everyone", "All principals: both spellings are equivalent"],
    [{ AWS: "*" }, "Bob", "everyone", PRINCIPAL],
    [{ AWS: "*" }, "apigateway", undefined, "UNCONFIRMED: a service is no AWS principal"],
    [{ AWS: "*" }, "google", undefined, "UNCONFIRMED: an identity provider is no AWS principal"],
    [{ AWS: ["*"] }, "Bob", "everyone", PRINCIPAL],
    [{ AWS: ACCOUNT }, "Bob", "account", "AWS account principals"],
    [{ AWS: ROOT_ARN }, "Bob", "account", "AWS account principals"],
    [{ AWS: ROOT_ARN }, "session", "account", "AWS account principals"],
    [{ AWS: ROOT_ARN }, "federated user", "account", "AWS account principals"],
    [{ AWS: ROOT_ARN }, "root", "principal", "AWS account principals: the root user is the account"],
    [{ AWS: ACCOUNT }, "root", "principal", "AWS account principals: the root user is the account"],
    [{ AWS: ROOT_ARN }, "stranger", undefined, "AWS account principals"],
    [{ AWS: ROOT_ARN }, "anonymous", undefined, CREATE_ATTACH],
    [{ AWS: OTHER }, "stranger", "account", "AWS account principals"],
    [{ AWS: [OTHER, ACCOUNT] }, "Bob", "account", "AWS account principals: a list"],
    [{ AWS: BOB_ARN }, "Bob", "principal", "IAM user principals"],
    [{ AWS: BOB_ARN }, "Eve", undefined, "IAM user principals"],
    [{ AWS: BOB_ARN }, "stranger", undefined, "IAM user principals"],
    [{ AWS: BOB_ARN }, "root", undefined, "IAM user principals"],
    [{ AWS: BOB_ARN }, "anonymous", undefined, CREATE_ATTACH],
    [{ AWS: BOB_ARN.replace("Bob", "bob") }, "Bob", undefined, "IAM user principals: names are case-sensitive"],
    [{ AWS: BOB_ARN }, "federated user", undefined, "AWS STS federated user session principals"],
    [
      { AWS: `arn:aws:sts::${ACCOUNT}:federated-user/Bob` },
      "federated user",
      "session",
      "AWS STS federated user session principals",
    ],
    [{ AWS: ROLE_ARN }, "session", "principal", "IAM role principals; recorded: a role session matches its role"],
    [{ AWS: ROLE_ARN }, "other session", "principal", "IAM role principals"],
    [{ AWS: ROLE_ARN }, "role itself", "principal", "IAM role principals"],
    [{ AWS: ROLE_ARN }, "session of role with path", undefined, "IAM ARNs: the path is part of the ARN"],
    [{ AWS: PATH_ROLE_ARN }, "session of role with path", "principal", "IAM ARNs: the path is part of the ARN"],
    [{ AWS: PATH_ROLE_ARN }, "session", undefined, "IAM ARNs: the path is part of the ARN"],
    [{ AWS: SESSION_ARN }, "session", "session", "Assumed-role session principals"],
    [{ AWS: SESSION_ARN }, "other session", undefined, "Assumed-role session principals"],
    [{ AWS: [ROLE_ARN, SESSION_ARN] }, "session", "session", "the entry that reaches furthest counts"],
    [{ AWS: [SESSION_ARN, ROLE_ARN] }, "session", "session", "the entry that reaches furthest counts"],
    [{ AWS: [ACCOUNT, ROLE_ARN] }, "session", "principal", "the entry that reaches furthest counts"],
    [{ AWS: [ACCOUNT, "*"] }, "Bob", "everyone", "the entry that reaches furthest counts"],
    [{ Service: "apigateway.amazonaws.com" }, "apigateway", "principal", "AWS service principals"],
    [
      { Service: ["lambda.amazonaws.com", "apigateway.amazonaws.com"] },
      "apigateway",
      "principal",
      "AWS service principals",
    ],
    [{ Service: "lambda.amazonaws.com" }, "apigateway", undefined, "AWS service principals"],
    [{ Service: "apigateway.amazonaws.com" }, "Bob", undefined, "AWS service principals"],
    [{ Service: "apigateway.amazonaws.com", AWS: BOB_ARN }, "Bob", "principal", PRINCIPAL],
    [{ Federated: "accounts.google.com" }, "google", "principal", "Web identity session principals"],
    [{ Federated: "www.amazon.com" }, "google", undefined, "Web identity session principals"],
    [{ Federated: "accounts.google.com" }, "anonymous", undefined, "Web identity session principals"],
  ])("%j reaches %s as %s (%s)", (element, caller, grantedTo) => {
    const allow = reduce("Allow", { Principal: element }, caller);
    expect([allow.verdict, allow.grantedTo]).toEqual([grantedTo === undefined ? "NEITHER" : "ALLOW", grantedTo]);
    expect(reduce("Deny", { Principal: element }, caller).verdict).toBe(grantedTo === undefined ? "NEITHER" : "DENY");
  });
});

it("an account id stands for the ARN of its root (recorded: SAM test_api_resource_policies_aws_account)", () => {
  const policy = compiled({ Effect: "Allow", Principal: { AWS: ACCOUNT }, Action: "*", Resource: "*" }, "resource");
  const entry = { kind: "account", accountId: ACCOUNT, rootArn: ROOT_ARN };
  expect(policy.statements[0]?.principal?.entries).toEqual([entry]);
});

it.each(["AROAEXAMPLEEXAMPLE01", "AIDAEXAMPLEEXAMPLE01"])(
  "%s, which AWS leaves of a deleted principal in a saved policy, matches nobody (recorded: role made again)",
  (id) => {
    for (const caller of ["Bob", "session", "anonymous"]) {
      expect(reduce("Allow", { Principal: { AWS: id } }, caller).verdict).toBe("NEITHER");
      expect(reduce("Allow", { Principal: { AWS: [id, "*"] } }, caller).verdict).toBe("ALLOW");
    }
  },
);

describe("A NotPrincipal", () => {
  /** Whether a Deny applies, and whether an Allow does. */
  it.each<[unknown, string, boolean, boolean, string]>([
    [{ AWS: [BOB_ARN, ROOT_ARN] }, "Bob", false, false, NOT_PRINCIPAL],
    [{ AWS: [BOB_ARN, ROOT_ARN] }, "Eve", true, false, "the account's ARN is there for Bob's sake, not Eve's"],
    [{ AWS: [BOB_ARN, ROOT_ARN] }, "stranger", true, true, NOT_PRINCIPAL],
    [
      { AWS: [BOB_ARN, ROOT_ARN] },
      "anonymous",
      true,
      true,
      "NotPrincipal with Allow: you might grant access to anonymous users",
    ],
    [{ AWS: [BOB_ARN, ROOT_ARN] }, "root", false, false, NOT_PRINCIPAL],
    [{ AWS: BOB_ARN }, "Bob", true, false, "UNCONFIRMED: without the account's ARN it might be denied"],
    [{ AWS: BOB_ARN }, "Eve", true, true, NOT_PRINCIPAL],
    [{ AWS: [ROLE_ARN, ROOT_ARN] }, "session", false, false, NOT_PRINCIPAL],
    [{ AWS: [SESSION_ARN, ROOT_ARN] }, "session", true, false, "without the role's ARN it might be denied"],
    [{ AWS: [SESSION_ARN, ROLE_ARN] }, "session", true, false, "without the account's ARN it might be denied"],
    [{ AWS: ["AIDAEXAMPLEEXAMPLE01", ROOT_ARN] }, "Bob", true, false, "an id of a deleted user spares nobody"],
    [{ AWS: [SESSION_ARN, ROLE_ARN, ROOT_ARN] }, "session", false, false, NOT_PRINCIPAL],
    [{ AWS: [SESSION_ARN, ROOT_ARN] }, "other session", true, false, NOT_PRINCIPAL],
    [{ AWS: ROOT_ARN }, "Bob", true, false, "UNCONFIRMED: the account alone spares its root user only"],
    [{ AWS: [BOB_ARN, OTHER] }, "Bob", true, false, "another account's ARN is not that of Bob's account"],
    [{ AWS: "*" }, "Bob", false, false, "nobody is outside of everyone"],
    [{ AWS: ["*", BOB_ARN] }, "Eve", false, false, "nobody is outside of everyone"],
    ["*", "Bob", false, false, "nobody is outside of everyone"],
    ["*", "anonymous", false, false, "nobody is outside of everyone"],
    [{ Service: "apigateway.amazonaws.com" }, "apigateway", false, false, NOT_PRINCIPAL],
    [{ Service: "apigateway.amazonaws.com" }, "Bob", true, true, NOT_PRINCIPAL],
  ])("%j for %s: a Deny applies %s, an Allow %s (%s)", (element, caller, denied, allowed) => {
    expect(reduce("Deny", { NotPrincipal: element }, caller).verdict).toBe(denied ? "DENY" : "NEITHER");
    const allow = reduce("Allow", { NotPrincipal: element }, caller);
    expect([allow.verdict, allow.grantedTo]).toEqual(allowed ? ["ALLOW", "everyone"] : ["NEITHER", undefined]);
  });
});

describe("The widest grant", () => {
  const statement = (Principal: unknown, Sid: string) => ({
    Sid,
    Effect: "Allow",
    Principal,
    Action: "*",
    Resource: "*",
  });
  it.each([
    [[statement({ AWS: ACCOUNT }, "account"), statement("*", "everyone")], "everyone"],
    [[statement("*", "everyone"), statement({ AWS: ACCOUNT }, "account")], "everyone"],
    [[statement("*", "everyone"), statement({ AWS: ROLE_ARN }, "principal")], "principal"],
    [[statement({ AWS: SESSION_ARN }, "session"), statement({ AWS: ROLE_ARN }, "principal")], "session"],
  ])("of several statements is told, whatever their order: %#", (statements, expected) => {
    const reduction = reducePolicies([compiled(statements, "resource")], request({ principal: aws(SESSION_ARN) }));
    expect([reduction.grantedTo, reduction.decidedBy?.sid]).toEqual([expected, expected]);
  });

  it("is that of the first statement where several reach as far", () => {
    const twice = [statement("*", "first"), statement({ AWS: "*" }, "second")];
    expect(reducePolicies([compiled(twice, "resource")], request()).decidedBy?.sid).toBe("first");
    const plain = [1, 2].map((i) => ({ Sid: `s${i}`, Effect: "Allow", Action: "*", Resource: "*" }));
    expect(reducePolicies([compiled(plain)], request()).decidedBy?.sid).toBe("s1");
  });

  it("is not told for policies without principals", () => {
    const policy = compiled({ Effect: "Allow", Action: "*", Resource: "*" });
    const { verdict, grantedTo } = reducePolicies([policy], request());
    expect([verdict, grantedTo]).toEqual(["ALLOW", undefined]);
  });
});
