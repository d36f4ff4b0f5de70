/** Secrets, and who may read which of them. */
import type { Secret } from "../../proof/model/types";
import { allow } from "./sts-roles";

function secret(
  name: string,
  versions: Secret["versions"] = [],
  account = "222222222222",
  statement?: object,
  tags: Secret["tags"] = {},
): Secret {
  const source = { file: "cdk.tf.json", address: `aws_secretsmanager_secret.${name}` };
  const arn = `arn:aws:secretsmanager:eu-central-1:${account}:secret:${name}-AbCdEf`;
  const document = { Version: "2012-10-17", Statement: [{ Action: "secretsmanager:*", Resource: "*", ...statement }] };
  const policy = statement === undefined ? {} : { policy: { document, source } };
  return { address: source.address, name, arn, versions, source, tags, ...policy };
}

export const signing = secret("signing");
const reader = { AWS: "arn:aws:iam::222222222222:user/reader" };

export const secrets = [
  signing,
  secret("guarded", [], undefined, { Effect: "Deny", Principal: reader }),
  secret("granted", [], undefined, { Effect: "Allow", Principal: { AWS: "arn:aws:iam::222222222222:user/one" } }),
  secret("shared", [], "333333333333", { Effect: "Allow", Principal: reader }),
  secret("tagged", [], undefined, undefined, { team: "billing" }),
  secret("configured", [{ stages: ["AWSCURRENT"], value: '{"key":"from the configuration"}' }]),
  secret("staged", [{ stages: ["AWSPENDING"] }, { stages: ["AWSCURRENT"] }]),
  secret("rotating"),
  secret("forbidden"),
  secret("elsewhere", [], "333333333333"),
];

const read = "secretsmanager:GetSecretValue";
const denyWhere = (key: string, value: string) => ({
  Effect: "Deny",
  Action: read,
  Resource: "*",
  Condition: { StringEquals: { [key]: value } },
});

export const callers = [
  {
    accessKeyId: "AKIAREADER",
    secretAccessKey: "reader",
    arn: "arn:aws:iam::222222222222:user/reader",
    policies: [
      allow(read),
      {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Deny", Action: read, Resource: "arn:aws:secretsmanager:*:*:secret:forbidden-*" },
          denyWhere("secretsmanager:ResourceTag/team", "billing"),
          denyWhere("secretsmanager:VersionId", "11111111-1111-1111-1111-111111111111"),
        ],
      },
    ],
  },
  {
    accessKeyId: "AKIAONE",
    secretAccessKey: "one",
    arn: "arn:aws:iam::222222222222:user/one",
    policies: [allow(read, signing.arn)],
  },
  {
    accessKeyId: "AKIACURRENT",
    secretAccessKey: "current",
    arn: "arn:aws:iam::222222222222:user/current",
    policies: [
      {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: read,
            Resource: "*",
            Condition: { StringEquals: { "secretsmanager:VersionStage": "AWSCURRENT" } },
          },
        ],
      },
    ],
  },
];
