import { Simulator } from "../../proof/iam/simulate";
import { allow, answer, line } from "./simulations";

describe("A simulation", () => {
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
});
