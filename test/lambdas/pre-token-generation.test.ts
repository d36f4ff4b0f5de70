import { tenantClaims } from "../../lambdas/pre-token-generation/claims";
import { startContainer } from "./support/container";
import { resultOf } from "./support/policy";

describe("a user's tenant and roles", () => {
  it.each<[string, string[], string | undefined, { tenant?: string; roles: string[] }]>([
    ["come from group names", ["tenant:acme", "role:admin"], undefined, { tenant: "acme", roles: ["admin"] }],
    ["are sorted, each once", ["role:b", "role:a", "role:b"], undefined, { roles: ["a", "b"] }],
    ["ignore other groups", ["admins", "xrole:a", "Role:a"], undefined, { roles: [] }],
    ["ignore empty names", ["tenant:", "role:"], undefined, { roles: [] }],
    ["leave the tenant out where two groups disagree", ["tenant:a", "tenant:b"], "c", { roles: [] }],
    ["take the attribute where no group says", [], "acme", { tenant: "acme", roles: [] }],
    ["prefer the group, which users cannot change", ["tenant:acme"], "globex", { tenant: "acme", roles: [] }],
    ["ignore an empty attribute", [], "", { roles: [] }],
  ])("%s", (_what, groups, attribute, expected) => {
    expect(tenantClaims(groups, attribute)).toEqual(expected);
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
      userAttributes: { sub: "7d8", email: "alice@example.com", "custom:tenant": "chosen-by-the-user" },
      groupConfiguration: { groupsToOverride: groups, iamRolesToOverride: [], preferredRole: undefined },
      scopes: ["openid"],
    },
    response: { claimsAndScopeOverrideDetails: null },
  });

  it("adds the claims to both tokens and leaves the rest of the event as it came", async () => {
    const container = await startContainer("pre-token-generation", {});
    const asked = event("2", ["tenant:acme", "role:admin", "role:auditor"]);
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

  it.each([
    ["not named", {}, undefined],
    ["named", { TENANT_ATTRIBUTE: "custom:tenant" }, "chosen-by-the-user"],
  ])("reads the tenant attribute only where it is named: %s", async (_what, environment, tenant) => {
    const container = await startContainer("pre-token-generation", { ...environment } as Record<string, string>);
    const answered = resultOf(await container.invoke(event("2")));
    container.stop();
    expect(answered["response"]).toMatchObject({
      claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride: { roles: "" } } },
    });
    expect(JSON.stringify(answered["response"]).includes("chosen-by-the-user")).toBe(tenant !== undefined);
  });

  it("fails the sign-in where the trigger is wired as V1_0, whose answer would be ignored", async () => {
    const container = await startContainer("pre-token-generation", {});
    expect(await container.invoke(event("1", []))).toEqual({
      error: "The trigger is wired as V1_0; it must be V2_0.",
    });
    container.stop();
  });
});
