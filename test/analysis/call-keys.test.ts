/** Keys that AWS gives to calls beside those of API Gateway's table: the matrix and `explain` answer alike. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyze, matrixOf } from "../../proof/analysis/matrix";
import { Explainer } from "../../proof/cli/explain/explainer";
import { StateFolder } from "../../proof/local/state";
import type { Model } from "../../proof/model/types";
import { ACCOUNT, allowAll, api, denyAll, model, policy, route, source } from "../decision/support";

const folder = mkdtempSync(join(tmpdir(), "portcullis-call-keys-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ARN = `arn:aws:iam::${ACCOUNT}:role/reader`;
const own = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };

/** A role that its own policy denies under a condition, or the resource policy. */
function world(Condition: object, where: "identity" | "resource"): Model {
  const identity = where === "identity" ? [own, { ...own, Effect: "Deny", Condition }] : [own];
  const resource = where === "identity" ? [allowAll] : [allowAll, { ...denyAll, Condition }];
  const reader = {
    address: "aws_iam_role.reader",
    name: "reader",
    arn: ARN,
    accountId: ACCOUNT,
    trustPolicy: policy([], "trust"),
    identityPolicies: [policy(identity, "aws_iam_role_policy.reader.policy")],
    tags: {},
    maxSessionSeconds: 3600,
    source: source("aws_iam_role.reader"),
  };
  return model([api({ routes: [route("GET", "/orders", { type: "AWS_IAM" })], policy: policy(resource) })], {
    roles: [reader],
  });
}

const inMatrix = (given: Model) => {
  const entries = matrixOf(analyze(given)).routes.flatMap((one) => one.entries);
  const found = entries.find(({ who }) => who === ARN) ?? entries.find(({ who }) => who !== "anonymous");
  return found?.outcome ?? entries.map(({ who, outcome }) => `${who} ${outcome}`);
};

async function explained(given: Model) {
  const explainer = new Explainer({ model: given, state: new StateFolder(folder), warn: () => undefined });
  const { outcome, status } = await explainer.explain({ method: "GET", path: "/orders", caller: { arn: ARN } }, "it");
  await explainer.close();
  return status === 500 ? "undecided" : outcome;
}

it.each<[string, object, "identity" | "resource", string]>([
  ["the region of the call", { StringEquals: { "aws:RequestedRegion": "us-east-1" } }, "identity", "deny"],
  ["another region", { StringEquals: { "aws:RequestedRegion": "eu-west-1" } }, "identity", "allow"],
  ["the account of the API", { StringNotEquals: { "aws:ResourceAccount": ACCOUNT } }, "identity", "allow"],
  ["a call by the caller itself", { Bool: { "aws:ViaAWSService": "false" } }, "identity", "deny"],
  ["the organization of the API", { StringEquals: { "aws:ResourceOrgID": "o-a" } }, "identity", "undecided"],
  ["what the session is for", { StringEquals: { "aws:SourceIdentity": "eve" } }, "identity", "undecided"],
  [
    "a region, which API Gateway does not list",
    { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
    "resource",
    "undecided",
  ],
  ["whoever is no service", { BoolIfExists: { "aws:PrincipalIsAWSService": "false" } }, "resource", "deny"],
])("a Deny for %s", async (_, Condition, where, expected) => {
  const given = world(Condition, where);
  expect(inMatrix(given)).toBe(expected);
  expect(await explained(given)).toBe(expected);
});
