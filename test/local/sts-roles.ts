import type { Model, Role, User } from "../../proof/model/types";

export const allow = (action: string | string[], resource = "*") => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: action, Resource: resource }],
});
export const trust = (principal: object, condition?: object, action: string | string[] = "sts:AssumeRole") => ({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: principal, Action: action, ...(condition ? { Condition: condition } : {}) },
  ],
});

export function role(name: string, trustPolicy: object, more: Partial<Role> = {}): Role {
  const accountId = more.accountId ?? "222222222222";
  const address = more.address ?? `partner-access/aws_iam_role.${name}`;
  return {
    address,
    name,
    arn: `arn:aws:iam::${accountId}:role/${name}`,
    accountId,
    trustPolicy: { document: trustPolicy, source: { file: "cdk.tf.json", address: `${address}.assume_role_policy` } },
    identityPolicies: [],
    tags: {},
    maxSessionSeconds: 7200,
    source: { file: "cdk.tf.json", address },
    ...more,
  };
}

export function user(name: string, policies: object[] = [], accountId = "222222222222"): User {
  const source = { file: "cdk.tf.json", address: `aws_iam_user.${name}` };
  return {
    address: `aws_iam_user.${name}`,
    name,
    arn: `arn:aws:iam::${accountId}:user/${name}`,
    accountId,
    identityPolicies: policies.map((document) => ({ document, source })),
    tags: {},
    source,
  };
}

export function model(roles: readonly Role[], users: readonly User[] = [], more: Partial<Model> = {}): Model {
  return {
    apis: [],
    functions: [],
    userPools: [],
    oidcIssuers: [],
    roles,
    users,
    secrets: [],
    vpcEndpoints: [],
    problems: [],
    ...more,
  };
}
