import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCredentialRegistry } from "../../proof/local/credentials";
import { StateFolder } from "../../proof/local/state";
import type { Role, User } from "../../proof/model/types";

const policy = (sid: string) => ({
  Version: "2012-10-17",
  Statement: [{ Sid: sid, Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }],
});
const source = (address: string) => ({ file: "main.tf.json", address });
const partner: Role = {
  address: "aws_iam_role.partner",
  name: "partner",
  arn: "arn:aws:iam::222222222222:role/teams/partner",
  accountId: "222222222222",
  trustPolicy: { document: {}, source: source("aws_iam_role.partner.assume_role_policy") },
  identityPolicies: [{ document: policy("model"), source: source("aws_iam_role_policy.partner.policy") }],
  permissionsBoundary: { document: policy("boundary"), source: source("aws_iam_policy.boundary.policy") },
  tags: { team: "partner", stage: "dev" },
  maxSessionSeconds: 3600,
  source: source("aws_iam_role.partner"),
};
const user: User = {
  address: "aws_iam_user.robot",
  name: "robot",
  arn: "arn:aws:iam::111111111111:user/robot",
  accountId: "111111111111",
  identityPolicies: [{ document: policy("robot"), source: source("aws_iam_user_policy.robot.policy") }],
  tags: {},
  source: source("aws_iam_user.robot"),
};
const model = { roles: [partner], users: [user] };
const NOW = Date.UTC(2026, 0, 31, 12);
const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "credentials-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function registry(callers?: unknown, now = () => NOW) {
  const state = new StateFolder(join(folder, "cdktf.out"));
  if (callers === undefined) return createCredentialRegistry({ model, state, now });
  const callersFile = join(folder, "callers.json");
  writeFileSync(callersFile, typeof callers === "string" ? callers : JSON.stringify({ callers }));
  return createCredentialRegistry({ model, state, callersFile, now });
}
const entry = (more: object) => ({ accessKeyId: "AKIAPARTNER", secretAccessKey: SECRET, ...more });

describe("a role session", () => {
  it("is verifiable by a process that did not mint it and shares only the state folder", () => {
    const minted = registry().mintRoleSession({
      role: partner,
      sessionName: "ci",
      sessionPolicies: [policy("narrow")],
    });
    const found = registry().find(minted.accessKeyId, minted.sessionToken);
    expect(found).toEqual(minted);
    expect(found?.secretAccessKey).toHaveLength(40);
  });

  it("acts as the role with its path, its policies, its boundary and the tags of both, session tags winning", () => {
    const minted = registry().mintRoleSession({
      role: partner.arn,
      sessionName: "ci",
      tags: { stage: "test", job: "7" },
    });
    expect(minted.caller).toMatchObject({
      principal: {
        kind: "aws",
        arn: "arn:aws:sts::222222222222:assumed-role/partner/ci",
        accountId: "222222222222",
        principalArn: "arn:aws:iam::222222222222:role/teams/partner",
      },
      identityPolicies: partner.identityPolicies,
      permissionsBoundary: partner.permissionsBoundary,
      tags: { team: "partner", stage: "test", job: "7" },
      issuedAt: NOW,
    });
    expect(minted.caller.userId).toMatch(/^AROA[A-Z2-7]{17}:ci$/);
  });

  it("lasts as long as asked and is still found when it is over, so that the answer can be 'expired'", () => {
    const minted = registry().mintRoleSession({ role: partner, sessionName: "ci", durationSeconds: 900 });
    expect(minted.expiresAt).toBe(NOW + 900_000);
    const later = registry(undefined, () => NOW + 1_000_000);
    expect(later.find(minted.accessKeyId, minted.sessionToken)?.expiresAt).toBe(NOW + 900_000);
  });

  it("carries its session policies into the other process", () => {
    const minted = registry().mintRoleSession({
      role: partner,
      sessionName: "ci",
      sessionPolicies: [policy("narrow")],
    });
    const found = registry().find(minted.accessKeyId, minted.sessionToken);
    expect(found?.caller.sessionPolicies.map(({ document }) => document)).toEqual([policy("narrow")]);
  });

  it("is read once: its policies are the same objects at each request, so that they are compiled once", () => {
    const minted = registry().mintRoleSession({
      role: partner,
      sessionName: "ci",
      sessionPolicies: [policy("narrow")],
    });
    const verifier = registry();
    const first = verifier.find(minted.accessKeyId, minted.sessionToken);
    expect(first?.caller.sessionPolicies).toHaveLength(1);
    expect(verifier.find(minted.accessKeyId, minted.sessionToken)).toBe(first);
    expect(verifier.find("ASIAANOTHERKEYID0000", minted.sessionToken)).toBeUndefined();
  });

  it("is not found without its token, with another session's token, or with any character of the token changed", () => {
    const [one, two] = ["one", "two"].map((sessionName) => registry().mintRoleSession({ role: partner, sessionName }));
    if (one === undefined || two === undefined) throw new Error("two sessions were asked for");
    const verifier = registry();
    expect(verifier.find(one.accessKeyId)).toBeUndefined();
    expect(verifier.find(one.accessKeyId, two.sessionToken)).toBeUndefined();
    const changed = Array.from(one.sessionToken, (character, index) => {
      const other = character === "A" ? "B" : "A";
      return one.sessionToken.slice(0, index) + other + one.sessionToken.slice(index + 1);
    });
    expect(changed.filter((token) => verifier.find(one.accessKeyId, token) !== undefined)).toEqual([]);
  });

  it("is not found in another state folder, nor after a reset of its own", () => {
    const minted = registry().mintRoleSession({ role: partner, sessionName: "ci" });
    const elsewhere = createCredentialRegistry({ model, state: new StateFolder(join(folder, "other.out")) });
    expect(elsewhere.find(minted.accessKeyId, minted.sessionToken)).toBeUndefined();
    new StateFolder(join(folder, "cdktf.out")).reset();
    expect(registry().find(minted.accessKeyId, minted.sessionToken)).toBeUndefined();
  });

  it("is not found once its role is gone from the configuration", () => {
    const minted = registry().mintRoleSession({ role: partner, sessionName: "ci" });
    const state = new StateFolder(join(folder, "cdktf.out"));
    const without = createCredentialRegistry({ model: { roles: [], users: [user] }, state });
    expect(without.find(minted.accessKeyId, minted.sessionToken)).toBeUndefined();
  });

  it("of an unknown role is refused with the known ones", () => {
    const unknown = "arn:aws:iam::222222222222:role/nobody";
    expect(() => registry().mintRoleSession({ role: unknown, sessionName: "ci" })).toThrow(
      /nobody.*\n.*role\/teams\/partner.*user\/robot/,
    );
  });

  it("leaves neither secret nor token on the disk, only a master key that its owner alone may read", () => {
    const minted = registry().mintRoleSession({ role: partner, sessionName: "ci" });
    const { path } = new StateFolder(join(folder, "cdktf.out"));
    const files = readdirSync(path);
    expect(files).toEqual(["credentials.json"]);
    const content = readFileSync(join(path, "credentials.json"), "utf8");
    expect(Object.keys(JSON.parse(content))).toEqual(["masterKey"]);
    expect(content).not.toContain(minted.secretAccessKey);
    expect(statSync(join(path, "credentials.json")).mode & 0o777).toBe(0o600);
  });

  it("cannot be made with a damaged master key", () => {
    new StateFolder(join(folder, "cdktf.out")).write("credentials.json", { masterKey: "short" });
    expect(() => registry()).toThrow(/no usable master key/);
  });
});

describe("a user session", () => {
  it("acts as the user with the user's own policies", () => {
    const minted = registry().mintUserSession(user.arn, 900);
    expect(registry().find(minted.accessKeyId, minted.sessionToken)?.caller).toMatchObject({
      principal: { arn: user.arn, principalArn: user.arn },
      identityPolicies: user.identityPolicies,
      issuedAt: NOW,
    });
  });

  it("of a user in the callers file has the policies that the file gives", () => {
    const arn = "arn:aws:iam::333333333333:user/outside";
    const made = registry([entry({ arn, policies: [policy("file")] })]).mintUserSession(arn, 900);
    expect(made.caller.identityPolicies.map(({ document }) => document)).toEqual([policy("file")]);
  });
});

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
      return (error as Error).message.split(`${folder}/`).join("").split("\n");
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
    const state = new StateFolder(join(folder, "cdktf.out"));
    const callersFile = join(folder, "none.json");
    expect(() => createCredentialRegistry({ model, state, callersFile })).toThrow(
      /none\.json.*cannot be read \(ENOENT\)/,
    );
  });
});
