import { Simulator } from "../../proof/iam/simulate";
import { ACCOUNT, API, OTHER } from "./helpers";

const USER = `arn:aws:iam::${ACCOUNT}:user/alice`;
const allow = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Invoke", Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }],
};
const deny = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] };
const silent = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };
const api = (Principal: unknown, Condition?: unknown) => ({
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal,
    Action: "execute-api:Invoke",
    Resource: "execute-api:/*",
    ...(Condition === undefined ? {} : { Condition }),
  },
});
const line = (fields: object) => ({
  id: "1",
  callerArn: USER,
  action: "execute-api:Invoke",
  resource: `${API}/dev/GET/orders`,
  ...fields,
});
const answer = (fields: object) => new Simulator().answer(JSON.stringify(line(fields)));

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

  it.each([
    ["not JSON", "{", "not JSON", null],
    ["a list", "[]", "[] is no simulation", null],
    ["null", "null", "null is no simulation", null],
    ["text", '"text"', '"text" is no simulation', null],
    ["a field twice", '{"id":"1","callerArn":null,"callerArn":"x","action":"a:b","resource":"x"}', "stands twice", "1"],
    ["an unknown field", JSON.stringify(line({ resourcePolicies: [] })), "resourcePolicies: there is no such", "1"],
    ["no caller", JSON.stringify(line({ callerArn: undefined })), "an ARN, or null for nobody is expected", "1"],
    ["an empty caller", JSON.stringify(line({ callerArn: "" })), '"" is given, an ARN', "1"],
    ["no action", JSON.stringify(line({ action: undefined })), "an action such as execute-api:Invoke is", "1"],
    [
      "a resource that is no ARN",
      JSON.stringify(line({ resource: "x" })),
      '"x" is given, an ARN, or * is expected',
      "1",
    ],
    [
      "a caller that is not one",
      JSON.stringify(line({ callerArn: "arn:aws:iam::111111111111:user/*" })),
      'callerArn "arn:aws:iam::111111111111:user/*" is no principal',
      "1",
    ],
    [
      "a Version that is null",
      JSON.stringify(line({ identityPolicies: [{ ...allow, Version: null }] })),
      "Version is null",
      "1",
    ],
    ["an address that is a number", JSON.stringify(line({ context: { "aws:SourceIp": 5 } })), "context: {", "1"],
    ["an address in a VPC that is a number", JSON.stringify(line({ context: { "aws:VpcSourceIp": 5 } })), "lists", "1"],
    [
      "a key in two spellings",
      JSON.stringify(line({ context: { "aws:SourceIp": "10.0.0.1", "AWS:SOURCEIP": "10.0.0.2" } })),
      "AWS:SOURCEIP once, as names of keys are without case",
      "1",
    ],
    [
      "a context about another caller",
      JSON.stringify(line({ context: { "aws:PrincipalArn": "arn:aws:iam::222222222222:role/other" } })),
      'aws:PrincipalArn is "arn:aws:iam::222222222222:role/other" in the context, and the caller is',
      "1",
    ],
    ["no resource", JSON.stringify(line({ resource: "" })), '"" is given, an ARN, or * is expected', "1"],
    ["an owner that is none", JSON.stringify(line({ resourceOwner: "me" })), '"me" is given, an account id is', "1"],
    ["policies that are no list", JSON.stringify(line({ identityPolicies: allow })), "identityPolicies", "1"],
    [
      "levels that are no lists",
      JSON.stringify(line({ serviceControlPolicies: [allow] })),
      "serviceControlPolicies",
      "1",
    ],
    ["a list for a context", JSON.stringify(line({ context: [] })), "[] is given, an object of keys and", "1"],
    ["text for a context", JSON.stringify(line({ context: "x" })), '"x" is given, an object of keys and', "1"],
    ["a number for a context", JSON.stringify(line({ context: 7 })), "7 is given, an object of keys and", "1"],
    [
      "an object for a value of a context",
      JSON.stringify(line({ context: { "aws:SourceIp": ["203.0.113.7", {}] } })),
      "lists of strings is expected",
      "1",
    ],
    ["null for a value of a context", JSON.stringify(line({ context: { "aws:SourceIp": null } })), "context", "1"],
    ["an invalid policy", JSON.stringify(line({ identityPolicies: [{ Statement: {} }] })), "identityPolicies[0]", "1"],
  ])("with %s is invalid, and says why", (_what, text, words, id) => {
    const result = new Simulator().answer(text);
    expect(result).toMatchObject({ id, decision: "invalid" });
    expect(result.error).toContain(words);
    expect(result.matched).toBeUndefined();
  });

  it.each([
    ["callerArn", "arn:aws:iam::1:group/g"],
    ["callerArn", "xarn:aws:iam::111111111111:oidc-provider/x"],
    ["callerArn", "arn:aws:iam::111111111111:oidc-provider/"],
    ["callerArn", "arn:aws:iam::1:oidc-provider/x"],
    ["callerArn", "arn:aws:iam::111111111111:other-provider/x"],
    ["callerArn", "the apigateway.amazonaws.com"],
    ["callerArn", "apigateway.amazonaws.com/x"],
    ["callerArn", "apigateway"],
    ["action", "execute-api:*"],
    ["action", "Invoke"],
    ["action", "my execute-api:Invoke"],
    ["action", "execute-api:Invoke now"],
    ["resource", "*x"],
    ["resource", "x*"],
    ["resource", "arn:aws:execute-api"],
    ["resource", "arn:aws:execute-api:us-east-1:111111111111"],
    ["resourceOwner", "1111111111111"],
    ["resourceOwner", "x111111111111"],
    ["resourceOwner", "111111111111:root:x"],
    ["resourceOwner", "arn:aws:sts::111111111111:root"],
  ])("with the %s %j is invalid, and quotes it", (field, value) => {
    const result = answer({ [field]: value });
    expect(result.decision).toBe("invalid");
    expect(result.error).toContain(field);
    expect(result.error).toContain(JSON.stringify(value));
  });

  it.each([["id"], ["callerArn"], ["context"], ["identityPolicies"], ["resourcePolicy"]])(
    "with a %s nested too deep is invalid, and can be told",
    (field) => {
      const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
      const result = new Simulator().answer(JSON.stringify(line({ [field]: 0 })).replace(/:0/, `:${deep}`));
      expect(result.decision).toBe("invalid");
      expect(JSON.stringify(result)).toContain("too deep");
    },
  );

  it("tells the problems of all policies at once", () => {
    const broken = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "Invoke", Resource: "*" } };
    const { error } = answer({ identityPolicies: [broken], sessionPolicies: [broken], vpcEndpointPolicy: broken });
    for (const field of ["identityPolicies[0]", "sessionPolicies[0]", "vpcEndpointPolicy"])
      expect(
        error?.split("\n").filter((text) => text.startsWith(`${field}: `) && text.includes("the action")),
      ).toHaveLength(1);
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
