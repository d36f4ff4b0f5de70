import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createCredentialRegistry } from "../../proof/local/credentials";
import { StateFolder } from "../../proof/local/state";
import { entry, inFolder, model, NOW, partner, policy, registry, user } from "./credentials-registry";

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
    const elsewhere = createCredentialRegistry({ model, state: new StateFolder(inFolder("other.out")) });
    expect(elsewhere.find(minted.accessKeyId, minted.sessionToken)).toBeUndefined();
    new StateFolder(inFolder("cdktf.out")).reset();
    expect(registry().find(minted.accessKeyId, minted.sessionToken)).toBeUndefined();
  });

  it("is not found once its role is gone from the configuration", () => {
    const minted = registry().mintRoleSession({ role: partner, sessionName: "ci" });
    const state = new StateFolder(inFolder("cdktf.out"));
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
    const { path } = new StateFolder(inFolder("cdktf.out"));
    const files = readdirSync(path);
    expect(files).toEqual(["credentials.json"]);
    const content = readFileSync(join(path, "credentials.json"), "utf8");
    expect(Object.keys(JSON.parse(content))).toEqual(["masterKey"]);
    expect(content).not.toContain(minted.secretAccessKey);
    expect(statSync(join(path, "credentials.json")).mode & 0o777).toBe(0o600);
  });

  it("cannot be made with a damaged master key", () => {
    new StateFolder(inFolder("cdktf.out")).write("credentials.json", { masterKey: "short" });
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
