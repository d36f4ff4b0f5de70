/** A role, a user, and the registry of their credentials. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCredentialRegistry } from "../../proof/local/credentials";
import { StateFolder } from "../../proof/local/state";
import type { Role, User } from "../../proof/model/types";

export const policy = (sid: string) => ({
  Version: "2012-10-17",
  Statement: [{ Sid: sid, Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }],
});

const source = (address: string) => ({ file: "main.tf.json", address });

export const partner: Role = {
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

export const user: User = {
  address: "aws_iam_user.robot",
  name: "robot",
  arn: "arn:aws:iam::111111111111:user/robot",
  accountId: "111111111111",
  identityPolicies: [{ document: policy("robot"), source: source("aws_iam_user_policy.robot.policy") }],
  tags: {},
  source: source("aws_iam_user.robot"),
};

export const model = { roles: [partner], users: [user] };
export const NOW = Date.UTC(2026, 0, 31, 12);
export const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "credentials-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A path in the folder of the test that runs. */
export const inFolder = (...names: string[]) => join(folder, ...names);

/** A registry as another process would make it: from the state folder, and a callers file of its own. */
export function registry(callers?: unknown, now = () => NOW) {
  const state = new StateFolder(inFolder("cdktf.out"));
  if (callers === undefined) return createCredentialRegistry({ model, state, now });
  const callersFile = inFolder("callers.json");
  writeFileSync(callersFile, typeof callers === "string" ? callers : JSON.stringify({ callers }));
  return createCredentialRegistry({ model, state, callersFile, now });
}

export const entry = (more: object) => ({ accessKeyId: "AKIAPARTNER", secretAccessKey: SECRET, ...more });
