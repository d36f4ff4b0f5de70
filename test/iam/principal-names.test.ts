import { ACCOUNT, problemsOf } from "./helpers";

const problems = (Principal: unknown) =>
  problemsOf(
    {
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Principal, Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:*:*:a/*" },
    },
    "resource",
  );

/** IAM User Guide, "AWS JSON policy elements: Principal": what is no principal is refused whole, not read in part. */
describe("the name of a principal is read from its first character to its last", () => {
  it.each<[string, string]>([
    ["AWS", `1${ACCOUNT}`],
    ["AWS", `${ACCOUNT}1`],
    ["AWS", `xarn:aws:iam::${ACCOUNT}:role/a`],
    ["AWS", `arn:aws:iam::${ACCOUNT}:role/a b`],
    ["AWS", `arn:aws:iam::${ACCOUNT}:role/a\n`],
    ["AWS", "alice"],
    ["AWS", "xAIDAEXAMPLEEXAMPLE01"],
    ["AWS", "AIDAEXAMPLEEXAMPLE01x"],
    ["AWS", ""],
    ["Service", "x apigateway.amazonaws.com"],
    ["Service", "apigateway.amazonaws.com/x"],
    ["Federated", "x cognito-identity.amazonaws.com"],
    ["Federated", "oidc.example.com/id/*"],
    ["Federated", "oidc.example.com/id/1 2"],
    ["Federated", `xarn:aws:iam::${ACCOUNT}:saml-provider/okta`],
    ["Federated", `arn:aws:iam::1${ACCOUNT}:saml-provider/okta`],
    ["Federated", `arn:aws:iam::${ACCOUNT}:saml-provider/okta*`],
  ])("%s %j is none", (type, name) => {
    expect(problems({ [type]: name })).toHaveLength(1);
  });

  it.each<[string, string]>([
    ["AWS", ACCOUNT],
    ["Service", "apigateway.amazonaws.com"],
    ["Federated", "oidc.example.com"],
    ["Federated", "oidc.example.com/id/12"],
    ["Federated", `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.example.com/id/12`],
    ["Federated", `arn:aws-us-gov:iam::${ACCOUNT}:saml-provider/okta`],
  ])("%s %j is one", (type, name) => {
    expect(problems({ [type]: name })).toEqual([]);
  });
});
