import type { Resource } from "../terraform/resource";
import { identityPolicies } from "./identity-policies";
import type { IdentityPolicies } from "./identity-policies";
import { ownerOf } from "./owner";
import type { Reading } from "./reading";
import type { PolicyDocument, Role, User } from "./types";

/** IAM's default: one hour. */
const defaultSessionSeconds = 3600;

export function buildRoles(reading: Reading): Role[] {
  const policies = identityPolicies(reading, "role");
  return reading.resources("aws_iam_role").flatMap((resource): Role[] => {
    const trustPolicy = reading.policy(resource, "assume_role_policy");
    if (trustPolicy === undefined) {
      reading.report(`${resource.address} has no trust policy`, reading.source(resource, "assume_role_policy"));
      return [];
    }
    return [
      {
        ...principal(reading, resource, policies),
        trustPolicy,
        maxSessionSeconds: reading.number(resource, "max_session_duration") ?? defaultSessionSeconds,
      },
    ];
  });
}

export function buildUsers(reading: Reading): User[] {
  const policies = identityPolicies(reading, "user");
  return reading.resources("aws_iam_user").map((resource) => principal(reading, resource, policies));
}

function principal(reading: Reading, resource: Resource, policies: IdentityPolicies): User {
  const boundary = permissionsBoundary(reading, resource, policies);
  return {
    address: reading.address(resource),
    name: reading.text(resource, "name") ?? resource.name,
    arn: reading.text(resource, "arn") ?? "",
    accountId: ownerOf(resource).accountId,
    identityPolicies: policies.of(resource),
    ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
    tags: reading.tags(resource),
    source: reading.source(resource),
  };
}

/** A boundary that is not here limits in a way that is not known, so nothing can be allowed. */
function permissionsBoundary(
  reading: Reading,
  resource: Resource,
  policies: IdentityPolicies,
): PolicyDocument | undefined {
  const found = resource.configured("permissions_boundary");
  if (found === undefined || found === "") return undefined;
  if (typeof found === "string") return policies.named(found, resource, "permissions_boundary");
  const source = reading.source(resource, "permissions_boundary");
  const reason = `${resource.address} has a permissions boundary that is not in this directory`;
  reading.report(reason, source, "warning");
  return { document: null, source, unresolved: reason };
}
