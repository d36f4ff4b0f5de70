import type { Resource } from "../terraform/resource";
import { toText } from "../terraform/value";
import { ownerOf } from "./owner";
import type { Reading } from "./reading";
import type { PolicyDocument } from "./types";

export interface IdentityPolicies {
  /** Every policy of a role or user, by whichever resource it is attached. */
  of(principal: Resource): PolicyDocument[];
  /** A managed policy by its ARN, if the configuration has it. */
  managed(arn: string): PolicyDocument | undefined;
}

/** Collects the policies of all roles, or of all users, from every way in which Terraform attaches them. */
export function identityPolicies(reading: Reading, kind: "role" | "user"): IdentityPolicies {
  const managed = new Map<string, PolicyDocument>();
  for (const resource of reading.resources("aws_iam_policy")) {
    const policy = reading.policy(resource, "policy");
    if (policy !== undefined) managed.set(toText(resource.attribute("arn")) ?? "", policy);
  }
  const attached = new Map<string, PolicyDocument[]>();
  const attach = (key: string, policies: readonly PolicyDocument[]): void => {
    attached.set(key, [...(attached.get(key) ?? []), ...policies]);
  };
  const byArn = (resource: Resource, attribute: string): PolicyDocument[] => {
    const arn = reading.text(resource, attribute);
    return arn === undefined ? [] : lookup(reading, managed, arn, resource, attribute);
  };
  const names = (resource: Resource, attribute: string): string[] => reading.texts(resource, attribute) ?? [];
  const keys = (resource: Resource, attribute: string): string[] =>
    names(resource, attribute).map((name) => keyOf(resource, name));

  for (const resource of reading.resources(`aws_iam_${kind}_policy`)) {
    for (const key of keys(resource, kind)) attach(key, [reading.policy(resource, "policy") ?? []].flat());
  }
  for (const resource of reading.resources(`aws_iam_${kind}_policy_attachment`)) {
    for (const key of keys(resource, kind)) attach(key, byArn(resource, "policy_arn"));
  }
  for (const resource of reading.resources("aws_iam_policy_attachment")) {
    for (const key of keys(resource, `${kind}s`)) attach(key, byArn(resource, "policy_arn"));
  }
  if (kind === "user") attachGroups(reading, keys, byArn, attach);

  return {
    managed: (arn) => managed.get(arn),
    of(principal) {
      const name = toText(principal.attribute("name")) ?? "";
      const inline = reading
        .blocks(principal, "inline_policy")
        .flatMap((block) => reading.policy(block, "policy") ?? []);
      const listed = (reading.texts(principal, "managed_policy_arns") ?? []).flatMap((arn) =>
        lookup(reading, managed, arn, principal, "managed_policy_arns"),
      );
      const all = [...inline, ...listed, ...(attached.get(keyOf(principal, name)) ?? [])];
      return [...new Set(all)];
    },
  };
}

/** A role or user of one account, by name: the last part of an ARN, should one be given. */
const keyOf = (resource: Resource, name: string): string =>
  `${ownerOf(resource).accountId} ${name.slice(name.lastIndexOf("/") + 1)}`;

type Keys = (resource: Resource, attribute: string) => string[];
type ByArn = (resource: Resource, attribute: string) => PolicyDocument[];

function attachGroups(
  reading: Reading,
  keys: Keys,
  byArn: ByArn,
  attach: (key: string, policies: readonly PolicyDocument[]) => void,
): void {
  const ofGroup = new Map<string, PolicyDocument[]>();
  const add = (key: string, policies: readonly PolicyDocument[]): void => {
    ofGroup.set(key, [...(ofGroup.get(key) ?? []), ...policies]);
  };
  for (const resource of reading.resources("aws_iam_group_policy")) {
    for (const key of keys(resource, "group")) add(key, [reading.policy(resource, "policy") ?? []].flat());
  }
  for (const resource of reading.resources("aws_iam_group_policy_attachment")) {
    for (const key of keys(resource, "group")) add(key, byArn(resource, "policy_arn"));
  }
  for (const resource of reading.resources("aws_iam_policy_attachment")) {
    for (const key of keys(resource, "groups")) add(key, byArn(resource, "policy_arn"));
  }
  const members: readonly [type: string, users: string, groups: string][] = [
    ["aws_iam_user_group_membership", "user", "groups"],
    ["aws_iam_group_membership", "users", "group"],
  ];
  for (const [type, users, groups] of members) {
    for (const resource of reading.resources(type)) {
      const policies = keys(resource, groups).flatMap((key) => ofGroup.get(key) ?? []);
      for (const key of keys(resource, users)) attach(key, policies);
    }
  }
}

/**
 * A managed policy that is not in the input, such as one of AWS's own, is taken to grant nothing. A Deny in it would be
 * missed, which is why it is said aloud.
 */
function lookup(
  reading: Reading,
  managed: ReadonlyMap<string, PolicyDocument>,
  arn: string,
  resource: Resource,
  attribute: string,
): PolicyDocument[] {
  const found = managed.get(arn);
  if (found !== undefined) return [found];
  reading.report(
    `managed policy ${arn} is not in this directory: it is taken to grant nothing`,
    reading.source(resource, attribute),
    "warning",
  );
  return [];
}
