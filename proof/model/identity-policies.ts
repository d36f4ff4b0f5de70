import type { Resource } from "../terraform/resource";
import { toText } from "../terraform/value";
import { awsManagedPolicy } from "./managed-policies";
import { ownerOf } from "./owner";
import type { Reading } from "./reading";
import type { PolicyDocument } from "./types";

export interface IdentityPolicies {
  /** Every policy of a role or user, by whichever resource it is attached. */
  of(principal: Resource): PolicyDocument[];
  /** The managed policy that an attribute names by its ARN; one whose text is not known is there and unreadable. */
  named(arn: string, resource: Resource, attribute: string): PolicyDocument;
}

/** Collects the policies of all roles, or of all users, from every way in which Terraform attaches them. */
export function identityPolicies(reading: Reading, kind: "role" | "user"): IdentityPolicies {
  const managed = new Map<string, PolicyDocument>();
  for (const resource of reading.resources("aws_iam_policy")) {
    managed.set(toText(resource.attribute("arn")) ?? "", reading.requiredPolicy(resource, "policy"));
  }
  const attached = new Map<string, PolicyDocument[]>();
  const attach = (key: string, policies: readonly PolicyDocument[]): void => {
    attached.set(key, [...(attached.get(key) ?? []), ...policies]);
  };
  const byArn = (resource: Resource, attribute: string): PolicyDocument[] => {
    const arn = reading.text(resource, attribute);
    return arn === undefined ? [] : [lookup(reading, managed, arn, resource, attribute)];
  };
  const names = (resource: Resource, attribute: string): string[] => reading.texts(resource, attribute) ?? [];
  const keys = (resource: Resource, attribute: string): string[] =>
    names(resource, attribute).map((name) => keyOf(resource, name));
  /** Of what must name one: Terraform refuses a resource without. */
  const required = (resource: Resource, attribute: string): string[] => {
    if ((resource.configured(attribute) ?? "") === "") {
      reading.report(`${resource.address} has no ${attribute}`, reading.source(resource, attribute));
    }
    return keys(resource, attribute);
  };
  const inlineNames = new Map<string, (string | undefined)[]>();
  const attachedArns = new Map<string, (string | undefined)[]>();

  for (const resource of reading.resources(`aws_iam_${kind}_policy`)) {
    for (const key of required(resource, kind)) {
      attach(key, [reading.requiredPolicy(resource, "policy")]);
      inlineNames.set(key, [...(inlineNames.get(key) ?? []), reading.text(resource, "name")]);
    }
  }
  for (const resource of reading.resources(`aws_iam_${kind}_policy_attachment`)) {
    for (const key of required(resource, kind)) {
      attach(key, byArn(resource, "policy_arn"));
      attachedArns.set(key, [...(attachedArns.get(key) ?? []), reading.text(resource, "policy_arn")]);
    }
  }
  const exclusively = (type: string, attribute: string, there: ReadonlyMap<string, (string | undefined)[]>): void => {
    for (const resource of reading.resources(type)) {
      for (const key of required(resource, `${kind}_name`)) {
        const listed = names(resource, attribute);
        const own = there.get(key) ?? [];
        if (listed.length === own.length && own.every((one) => one !== undefined && listed.includes(one))) continue;
        attach(key, [otherThanListed(reading, resource, attribute)]);
      }
    }
  };
  exclusively(`aws_iam_${kind}_policies_exclusive`, "policy_names", inlineNames);
  exclusively(`aws_iam_${kind}_policy_attachments_exclusive`, "policy_arns", attachedArns);
  for (const resource of reading.resources("aws_iam_policy_attachment")) {
    for (const key of keys(resource, `${kind}s`)) attach(key, byArn(resource, "policy_arn"));
  }
  if (kind === "user") attachGroups(reading, { keys, required }, byArn, attach);

  return {
    named: (arn, resource, attribute) => lookup(reading, managed, arn, resource, attribute),
    of(principal) {
      const name = toText(principal.attribute("name")) ?? "";
      const inline = reading
        .blocks(principal, "inline_policy")
        .flatMap((block) => reading.policy(block, "policy") ?? []);
      const listed = (reading.texts(principal, "managed_policy_arns") ?? []).map((arn) =>
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
  { keys, required }: { readonly keys: Keys; readonly required: Keys },
  byArn: ByArn,
  attach: (key: string, policies: readonly PolicyDocument[]) => void,
): void {
  const ofGroup = new Map<string, PolicyDocument[]>();
  const add = (key: string, policies: readonly PolicyDocument[]): void => {
    ofGroup.set(key, [...(ofGroup.get(key) ?? []), ...policies]);
  };
  for (const resource of reading.resources("aws_iam_group_policy")) {
    for (const key of required(resource, "group")) add(key, [reading.requiredPolicy(resource, "policy")]);
  }
  for (const resource of reading.resources("aws_iam_group_policy_attachment")) {
    for (const key of required(resource, "group")) add(key, byArn(resource, "policy_arn"));
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
 * What has exclusive policies and other ones beside them, or not all of these, has after one `terraform apply` what the
 * next one takes away.
 */
function otherThanListed(reading: Reading, resource: Resource, attribute: string): PolicyDocument {
  const source = reading.source(resource, attribute);
  const unresolved = `${source.address} lists other policies than those that the configuration attaches`;
  reading.report(unresolved, source);
  return { document: null, source, unresolved };
}

/** A managed policy that is not in the input may be a Deny, so nothing can be decided on it. */
function lookup(
  reading: Reading,
  managed: ReadonlyMap<string, PolicyDocument>,
  arn: string,
  resource: Resource,
  attribute: string,
): PolicyDocument {
  const found = managed.get(arn);
  if (found !== undefined) return found;
  const source = reading.source(resource, attribute);
  const document = awsManagedPolicy(arn);
  if (document !== undefined) return { document, source };
  const unresolved = `managed policy ${arn} is not in this directory, so it is not known what it allows or denies`;
  reading.report(unresolved, source, "warning");
  return { document: null, source, unresolved };
}
