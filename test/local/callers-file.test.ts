import { createCredentialRegistry } from "../../proof/local/credentials";
import { StateFolder } from "../../proof/local/state";
import { entry, inFolder, model, partner, policy, registry, SECRET, user } from "./credentials-registry";

describe("a caller of the callers file", () => {
  it.each([
    ["a role", { arn: partner.arn }, "arn:aws:sts::222222222222:assumed-role/partner/local", partner.arn],
    [
      "a role with a session",
      { arn: partner.arn, session: "me" },
      "arn:aws:sts::222222222222:assumed-role/partner/me",
      partner.arn,
    ],
    [
      "a role session",
      { arn: "arn:aws:sts::222222222222:assumed-role/partner/me" },
      "arn:aws:sts::222222222222:assumed-role/partner/me",
      partner.arn,
    ],
    [
      "a session of a role outside the configuration",
      { arn: "arn:aws:sts::333333333333:assumed-role/partner/me" },
      "arn:aws:sts::333333333333:assumed-role/partner/me",
      "arn:aws:iam::333333333333:role/partner",
    ],
    ["a user", { arn: user.arn }, user.arn, user.arn],
    [
      "an account",
      { arn: "arn:aws:iam::333333333333:root" },
      "arn:aws:iam::333333333333:root",
      "arn:aws:iam::333333333333:root",
    ],
  ])("that is %s signs as it", (_, more, arn, principalArn) => {
    const found = registry([entry(more)]).find("AKIAPARTNER");
    expect(found?.caller.principal).toEqual({ kind: "aws", arn, accountId: arn.split(":")[4], principalArn });
    expect(found?.secretAccessKey).toBe(SECRET);
  });

  it("has the permissions of the configuration where the file gives none", () => {
    const found = registry([entry({ arn: partner.arn })]).find("AKIAPARTNER");
    expect(found?.caller).toMatchObject({
      identityPolicies: partner.identityPolicies,
      permissionsBoundary: partner.permissionsBoundary,
      tags: partner.tags,
    });
  });

  it("has what the file gives instead of the configuration's, none included", () => {
    const more = { arn: partner.arn, policies: [], boundary: null, tags: {}, organizationId: "o-a1b2c3d4e5" };
    const caller = registry([entry(more)]).find("AKIAPARTNER")?.caller;
    expect(caller).toMatchObject({ identityPolicies: [], tags: {}, organizationId: "o-a1b2c3d4e5" });
    expect(caller?.permissionsBoundary).toBeUndefined();
  });

  it("points at the file and the JSON path of each of its policies", () => {
    const callers = [
      entry({ arn: user.arn }),
      entry({ accessKeyId: "AKIATWO", arn: user.arn, policies: [policy("a"), policy("b")] }),
    ];
    const sources = registry(callers)
      .find("AKIATWO")
      ?.caller.identityPolicies.map(({ source: { address } }) => address);
    expect(sources).toEqual(["callers[1].policies[0]", "callers[1].policies[1]"]);
  });

  it("may carry a session token, which is then part of its credential", () => {
    expect(registry([entry({ arn: partner.arn, sessionToken: "tok" })]).find("AKIAPARTNER")?.sessionToken).toBe("tok");
  });
});

describe("a callers file that is wrong", () => {
  const problems = (callers: unknown): string[] => {
    try {
      registry(callers);
    } catch (error) {
      return (error as Error).message.split(`${inFolder()}/`).join("").split("\n");
    }
    return [];
  };

  it("is refused with all its problems at once, each at its JSON path", () => {
    expect(
      problems([
        { accessKeyId: "AK!", secretAccessKey: 7, arn: partner.arn, extra: 1 },
        { secretAccessKey: SECRET, arn: "x", policies: {}, tags: { a: 1 }, boundary: [], organizationId: "acme" },
      ]),
    ).toEqual([
      "callers.json: callers[0].accessKeyId: must be 3 to 128 letters, digits or underscores, such as AKIAIOSFODNN7EXAMPLE.",
      "callers.json: callers[0].secretAccessKey: must be a string.",
      "callers.json: callers[0]: unknown member 'extra'.",
      "callers.json: callers[1].accessKeyId: must be a string.",
      "callers.json: callers[1].policies: must be a list of policy documents.",
      "callers.json: callers[1].boundary: must be a policy document, an object.",
      "callers.json: callers[1].organizationId: must be an organization id such as o-a1b2c3d4e5.",
      "callers.json: callers[1].tags.a: must be a string.",
    ]);
  });

  it.each([
    [
      "an ARN of something else",
      { arn: "arn:aws:s3:::bucket" },
      /callers\[0\]\.arn: 'arn:aws:s3:::bucket' is not the ARN/,
    ],
    ["a user with a session", { arn: user.arn, session: "me" }, /only a role has sessions/],
    ["a session name that is not one", { arn: partner.arn, session: "a b" }, /'a b' does not hold the name/],
    [
      "a wildcard for a role",
      { arn: `${partner.arn.split("/")[0]}/*` },
      /'arn:aws:iam::[0-9]{12}:role\/\*' does not hold/,
    ],
    ["an assumed role in iam", { arn: "arn:aws:iam::222222222222:assumed-role/partner/me" }, /is not the ARN/],
  ])("by %s says so", (_, more, message) => {
    expect(problems([entry(more)]).join("\n")).toMatch(message);
  });

  it("by an ARN and a policy names these also beside members that do not exist", () => {
    const shown = problems([entry({ arn: "nobody", policies: [{ Version: "1999" }], extra: 1 })]).join("\n");
    expect(shown).toContain("callers[0]: unknown member 'extra'.");
    expect(shown).toContain("callers[0].arn: 'nobody' is not the ARN");
    expect(shown).toContain('callers[0].policies[0]: Version is "1999".');
  });

  it("by nesting that is too deep says so", () => {
    expect(problems(`{"callers":${"[".repeat(30_000)}${"]".repeat(30_000)}}`)).toEqual([
      "callers.json: is nested too deep.",
    ]);
  });

  it("by two callers with one key names both", () => {
    expect(problems([entry({ arn: user.arn }), entry({ arn: partner.arn })])).toEqual([
      "callers.json: callers[1].accessKeyId: 'AKIAPARTNER' is already the key of callers[0].",
      "  Give every caller its own access key id.",
    ]);
  });

  it("by policies that IAM would not save names each, at its JSON path", () => {
    const bad = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Maybe", Action: "execute-api:Invoke", Resource: "*" }],
    };
    const shown = problems([entry({ arn: user.arn, policies: [policy("good"), bad], boundary: { Version: "1999" } })]);
    expect(shown.filter((line) => line.startsWith("callers.json: callers[0].policies[1]: ")).join()).toMatch(/Maybe/);
    expect(shown.filter((line) => line.startsWith("callers.json: callers[0].boundary: ")).join()).toMatch(/1999/);
    expect(shown.filter((line) => line.includes("policies[0]"))).toEqual([]);
  });

  it("by its syntax is refused at line and column without quoting a secret", () => {
    const text = `{ "callers": [\n  { "secretAccessKey": "${SECRET}" "arn" } ] }`;
    expect(problems(text)).toEqual(["callers.json:2:67: The callers file is not JSON."]);
  });

  it("by a member that stands twice, of which the last would undo the first, names each place", () => {
    const text = JSON.stringify({ callers: [entry({ arn: user.arn, policies: [policy("one")] })] })
      .replace('"Effect":', '"Effect":"Deny","Effect":')
      .replace('"arn":', '"secretAccessKey":"other","arn":');
    expect(problems(text)).toEqual([
      'callers.json: callers[0]."secretAccessKey": stands twice in one object, of which the last would count.',
      'callers.json: callers[0].policies[0].Statement[0]."Effect": stands twice in one object, of which the last would count.',
    ]);
  });

  it("by an empty secret, or one that is no string, never shows the value", () => {
    const shown = problems([{ accessKeyId: "AKIAONE", secretAccessKey: [SECRET], arn: user.arn }]).join("\n");
    expect(shown).toContain("callers[0].secretAccessKey");
    expect(shown).not.toContain(SECRET);
  });

  it("by not being there names the file", () => {
    const state = new StateFolder(inFolder("cdktf.out"));
    const callersFile = inFolder("none.json");
    expect(() => createCredentialRegistry({ model, state, callersFile })).toThrow(
      /none\.json.*cannot be read \(ENOENT\)/,
    );
  });
});
