import { Simulator } from "../../proof/iam/simulate";
import { ACCOUNT, OTHER } from "./helpers";
import { allow, answer, api, line, USER } from "./simulations";

const deny = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] };
const silent = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };

describe("A simulation", () => {
  it.each([
    [{}, "implicitDeny"],
    [{ identityPolicies: [allow] }, "allowed"],
    [{ identityPolicies: [JSON.stringify(allow)] }, "allowed"],
    [{ identityPolicies: [allow, deny] }, "explicitDeny"],
    [{ callerArn: null, resourcePolicy: api("*") }, "allowed"],
    [{ callerArn: null, resourcePolicy: null }, "implicitDeny"],
    [{ callerArn: null, identityPolicies: [allow] }, "implicitDeny"],
    [{ resourcePolicy: api({ AWS: USER }) }, "allowed"],
    [{ callerArn: `arn:aws:iam::${OTHER}:user/bob`, resourcePolicy: api("*") }, "implicitDeny"],
    [{ callerArn: `arn:aws:iam::${OTHER}:user/bob`, resourcePolicy: api("*"), identityPolicies: [allow] }, "allowed"],
    [{ identityPolicies: [allow], resourceOwner: OTHER }, "implicitDeny"],
    [{ identityPolicies: [allow], resourceOwner: `arn:aws:iam::${ACCOUNT}:root` }, "allowed"],
    [{ identityPolicies: [allow], resource: "arn:aws:s3:::bucket" }, "allowed"],
    [{ identityPolicies: [allow], permissionsBoundaries: [silent] }, "implicitDeny"],
    [{ identityPolicies: [allow], sessionPolicies: [silent] }, "implicitDeny"],
    [{ identityPolicies: [allow], serviceControlPolicies: [[allow], [silent]] }, "implicitDeny"],
    [{ identityPolicies: [allow], serviceControlPolicies: [[allow], [silent, allow]] }, "allowed"],
    [{ identityPolicies: [allow], serviceControlPolicies: [] }, "allowed"],
    [{ identityPolicies: [allow], serviceControlPolicies: [[]] }, "implicitDeny"],
    [{ callerArn: null, resourcePolicy: api("*"), vpcEndpointPolicy: api({ AWS: ACCOUNT }, {}) }, "invalid"],
    [
      {
        resourcePolicy: api("*", { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
        context: { "aws:SourceIp": ["203.0.113.7"] },
      },
      "allowed",
    ],
    [
      {
        resourcePolicy: api("*", { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
        context: { "aws:sourceip": "198.51.100.7" },
      },
      "implicitDeny",
    ],
    [{ resourcePolicy: api("*", { StringEquals: { "aws:PrincipalAccount": ACCOUNT } }) }, "allowed"],
    [
      {
        resourcePolicy: api("*", { StringEquals: { "aws:PrincipalAccount": ACCOUNT } }),
        context: { "aws:PrincipalAccount": OTHER },
      },
      "implicitDeny",
    ],
    [
      { resourcePolicy: api("*", { Bool: { "aws:SecureTransport": true } }), context: { "aws:SecureTransport": true } },
      "allowed",
    ],
    [
      {
        callerArn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`,
        resourcePolicy: api({ AWS: `arn:aws:iam::${ACCOUNT}:role/r` }),
      },
      "allowed",
    ],
    [
      {
        callerArn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`,
        resourcePolicy: api({ AWS: `arn:aws:iam::${ACCOUNT}:role/p/r` }),
        context: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/p/r` },
      },
      "allowed",
    ],
    [
      {
        callerArn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`,
        resourcePolicy: api({ AWS: `arn:aws:iam::${ACCOUNT}:role/team/blue/r` }),
        context: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/team/blue/r` },
      },
      "allowed",
    ],
    [
      {
        callerArn: `arn:aws:iam::${ACCOUNT}:role/p/r`,
        identityPolicies: [allow],
        context: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/p/r` },
      },
      "allowed",
    ],
    [
      { callerArn: "apigateway.amazonaws.com", resourcePolicy: api({ Service: "apigateway.amazonaws.com" }) },
      "allowed",
    ],
    [
      {
        callerArn: "cognito-identity.amazonaws.com",
        action: "sts:AssumeRoleWithWebIdentity",
        resource: `arn:aws:iam::${ACCOUNT}:role/r`,
        resourcePolicy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { Federated: "cognito-identity.amazonaws.com" },
            Action: "sts:AssumeRoleWithWebIdentity",
          },
        },
      },
      "allowed",
    ],
  ])("%#: %j is %s", (fields, expected) => {
    expect(answer(fields).decision).toBe(expected);
  });

  const trusting = (Federated: string) => ({
    action: "sts:AssumeRoleWithWebIdentity",
    resource: `arn:aws:iam::${ACCOUNT}:role/r`,
    resourcePolicy: {
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Principal: { Federated }, Action: "sts:AssumeRoleWithWebIdentity" },
    },
  });
  const GITHUB = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
  const OKTA = `arn:aws-cn:iam::${ACCOUNT}:saml-provider/okta`;
  const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`;
  it.each([
    ["nobody is whom * stands for", { callerArn: null, resourcePolicy: api({ AWS: "*" }) }, "allowed"],
    ["an OIDC provider", { callerArn: GITHUB, ...trusting(GITHUB) }, "allowed"],
    ["a SAML provider", { callerArn: OKTA, ...trusting(OKTA) }, "allowed"],
    ["a provider by its host", { callerArn: "accounts.google.com", ...trusting("accounts.google.com") }, "allowed"],
    ["another provider", { callerArn: GITHUB, ...trusting(OKTA) }, "implicitDeny"],
    [
      "a session with other keys than its role's",
      {
        callerArn: SESSION,
        resourcePolicy: api({ AWS: `arn:aws:iam::${ACCOUNT}:role/r` }),
        context: { "aws:SourceIp": ["203.0.113.7"] },
      },
      "allowed",
    ],
    [
      "a session of a role that is told twice",
      {
        callerArn: SESSION,
        resourcePolicy: api({ AWS: `arn:aws:iam::${ACCOUNT}:role/r` }),
        context: { "aws:PrincipalArn": ["arn:aws:iam::111111111111:role/a", "arn:aws:iam::111111111111:role/b"] },
      },
      "allowed",
    ],
    ["any resource, which is the caller's", { resource: "*", identityPolicies: [allow] }, "allowed"],
    ["so is one without account", { resource: "arn:aws:s3:::bucket", identityPolicies: [allow] }, "allowed"],
    ["so is one with less", { resource: "arn:aws:sns:us-east-1:1111:t", identityPolicies: [allow] }, "allowed"],
    ["or more", { resource: "arn:aws:sns:us-east-1:2222222222222:t", identityPolicies: [allow] }, "allowed"],
    [
      "or other characters",
      { resource: "arn:aws:sns:us-east-1:x222222222222:t", identityPolicies: [allow] },
      "allowed",
    ],
    [
      "nobody at a resource without account",
      { callerArn: null, resource: "arn:aws:s3:::b", resourcePolicy: { ...deny, Statement: [] } },
      "implicitDeny",
    ],
    [
      "the owner of another partition",
      { identityPolicies: [allow], resourceOwner: `arn:aws-cn:iam::${ACCOUNT}:root` },
      "allowed",
    ],
    ["no owner", { identityPolicies: [allow], resourceOwner: null }, "allowed"],
    ["a number in the context", { identityPolicies: [allow], context: { "s3:max-keys": 5 } }, "allowed"],
    ["no context", { identityPolicies: [allow], context: null }, "allowed"],
    [
      "a boundary spares nobody of a NotPrincipal",
      {
        identityPolicies: [allow],
        permissionsBoundaries: [allow],
        resourcePolicy: {
          Version: "2012-10-17",
          Statement: { Effect: "Deny", NotPrincipal: { AWS: [USER, ACCOUNT] }, Action: "*", Resource: "*" },
        },
      },
      "explicitDeny",
    ],
  ])("answers for %s", (_who, fields, expected) => {
    expect(answer(fields).decision).toBe(expected);
  });

  it.each([
    ["permissionsBoundaries", { permissionsBoundaries: [allow, deny] }, "permissionsBoundaries[1]"],
    ["sessionPolicies", { sessionPolicies: [deny] }, "sessionPolicies[0]"],
    ["resourcePolicy", { resourcePolicy: { ...api("*"), Statement: { ...deny.Statement[0], Principal: "*" } } }, ""],
    ["vpcEndpointPolicy", { vpcEndpointPolicy: { Statement: { ...deny.Statement[0], Principal: "*" } } }, ""],
  ])("names a Deny in %s", (field, fields, policy) => {
    expect(answer({ identityPolicies: [allow], ...fields })).toEqual({
      id: "1",
      decision: "explicitDeny",
      matched: [{ policy: policy === "" ? field : policy, statement: 0 }],
    });
  });

  it.each([
    ["of another service", "arn:aws:lambda:us-east-1:111111111111:function:f"],
    ["that is any", "*"],
  ])("knows no API for a resource %s", (_what, resource) => {
    expect(answer({ resource, resourcePolicy: api("*") })).toMatchObject({
      decision: "invalid",
      error: expect.stringMatching(
        /^resourcePolicy: .* is short for an ARN of an API that is not known here/,
      ) as string,
    });
  });

  it("names the statements that matched by the field of their policy and their Sid or index", () => {
    expect(answer({ identityPolicies: [silent, allow], resourcePolicy: api("*") })).toEqual({
      id: "1",
      decision: "allowed",
      matched: [
        { policy: "resourcePolicy", statement: 0 },
        { policy: "identityPolicies[1]", statement: "Invoke" },
      ],
    });
    expect(answer({ identityPolicies: [allow], serviceControlPolicies: [[allow], [allow, deny]] }).matched).toEqual([
      { policy: "serviceControlPolicies[1][1]", statement: 0 },
    ]);
  });

  it("answers a policy it has seen before as it did the first time, for each API", () => {
    const simulator = new Simulator();
    const ask = (apiId: string) => {
      const resource = `arn:aws:execute-api:us-east-1:${ACCOUNT}:${apiId}/dev/GET/orders`;
      return simulator.answer(JSON.stringify(line({ resource, resourcePolicy: api("*") }))).decision;
    };
    expect([ask("one"), ask("one"), ask("two"), ask("one")]).toEqual(["allowed", "allowed", "allowed", "allowed"]);
  });
});
