import { tenantClaims } from "../../lambdas/pre-token-generation/claims";
import { startContainer } from "./support/container";
import { resultOf } from "./support/policy";

describe("a user's tenant and roles", () => {
  it.each<[string, Record<string, string>, string[], { tenant?: string; roles: string }]>([
    [
      "come from the attribute and the groups",
      { "custom:tenant": "acme" },
      ["auditor", "admin"],
      { tenant: "acme", roles: "admin auditor" },
    ],
    ["name each role once", {}, ["admin", "admin"], { roles: "admin" }],
    ["leave out a tenant the user has not", { tenant: "acme", email: "a@example.com" }, [], { roles: "" }],
    ["leave out an empty tenant", { "custom:tenant": "" }, [], { roles: "" }],
  ])("%s", (_what, attributes, groups, expected) => {
    expect(tenantClaims(attributes, groups)).toEqual(expected);
  });
});

describe("the pre-token-generation trigger", () => {
  const event = (version: string, groups?: string[]) => ({
    version,
    triggerSource: "TokenGeneration_HostedAuth",
    region: "eu-west-1",
    userPoolId: "eu-west-1_Example",
    userName: "alice",
    callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: "client" },
    request: {
      userAttributes: { sub: "7d8", email: "alice@example.com", "custom:tenant": "acme" },
      groupConfiguration: { groupsToOverride: groups, iamRolesToOverride: [], preferredRole: undefined },
      scopes: ["openid"],
    },
    response: { claimsAndScopeOverrideDetails: null },
  });

  it("adds the claims to both tokens and leaves the rest of the event as it came", async () => {
    const container = await startContainer("pre-token-generation", {});
    const asked = event("2", ["auditor", "admin"]);
    const answered = resultOf(await container.invoke(asked));
    const logs = container.logs();
    container.stop();
    const claimsToAddOrOverride = { tenant: "acme", roles: "admin auditor" };
    expect(answered).toEqual({
      ...(JSON.parse(JSON.stringify(asked)) as object),
      response: {
        claimsAndScopeOverrideDetails: {
          idTokenGeneration: { claimsToAddOrOverride },
          accessTokenGeneration: { claimsToAddOrOverride },
        },
      },
    });
    expect(logs).not.toContain("alice");
  });

  it("fails the sign-in where the trigger is wired as V1_0, whose answer would be ignored", async () => {
    const container = await startContainer("pre-token-generation", {});
    expect(await container.invoke(event("1", []))).toEqual({
      error: "The trigger is wired as V1_0; it must be V2_0.",
    });
    container.stop();
  });
});
