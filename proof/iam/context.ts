import { splitArn } from "./arn";
import type { ContextKeys, Principal } from "./types";

/** Context keys by lower-case name; one value may stand without a list. Two spellings of one key are one key. */
export function contextKeys(entries: Readonly<Record<string, string | readonly string[]>>): ContextKeys {
  const keys = new Map<string, readonly string[]>();
  for (const name of Object.keys(entries)) {
    const value = entries[name] ?? [];
    const values = typeof value === "string" ? [value] : value;
    const lower = name.toLowerCase();
    const before = keys.get(lower);
    keys.set(lower, before === undefined ? values : [...before, ...values]);
  }
  return keys;
}

export interface PrincipalFacts {
  /** `AIDA…` for a user, `AROA…:session` for a session. */
  readonly userId?: string | undefined;
  readonly organizationId?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds since the epoch; set for temporary credentials. */
  readonly tokenIssuedAt?: number | undefined;
}

/**
 * The keys that describe a caller (IAM User Guide, "AWS global condition context keys", "Principal key values"). API Gateway
 * fills them for signed callers alone, so other principals have none.
 */
export function principalContext(principal: Principal, facts: PrincipalFacts = {}): Readonly<Record<string, string>> {
  if (principal.kind !== "aws") return {};
  const resource = splitArn(principal.arn)?.[5] ?? "";
  const type = principalType(resource);
  const userId = facts.userId ?? (type === "Account" ? principal.accountId : undefined);
  const keys: Record<string, string> = {
    "aws:PrincipalArn": principal.principalArn,
    "aws:PrincipalAccount": principal.accountId,
  };
  if (type !== undefined) keys["aws:PrincipalType"] = type;
  if (userId !== undefined) keys["aws:userid"] = userId;
  if (type === "User") keys["aws:username"] = resource.slice(resource.lastIndexOf("/") + 1);
  if (facts.organizationId !== undefined) keys["aws:PrincipalOrgID"] = facts.organizationId;
  if (facts.tokenIssuedAt !== undefined) {
    keys["aws:TokenIssueTime"] = new Date(facts.tokenIssuedAt).toISOString().replace(/\.\d{3}Z$/, "Z");
  }
  for (const [key, value] of Object.entries(facts.tags ?? {})) keys[`aws:PrincipalTag/${key}`] = value;
  return keys;
}

function principalType(resource: string): string | undefined {
  if (resource === "root") return "Account";
  if (resource.startsWith("user/")) return "User";
  if (resource.startsWith("assumed-role/") || resource.startsWith("role/")) return "AssumedRole";
  return resource.startsWith("federated-user/") ? "FederatedUser" : undefined;
}

/**
 * A caller by its ARN, as a policy simulation is given it.
 *
 * @param rolePath The IAM path of the role of a session, which its ARN does not hold: `/` or `/team/`.
 * @returns undefined where the ARN is none of a user, role, session, federated user or root user.
 */
export function awsPrincipal(arn: string, rolePath = "/"): Extract<Principal, { kind: "aws" }> | undefined {
  const parts = splitArn(arn);
  if (parts === undefined) return undefined;
  const [, partition, service, region, accountId, resource] = parts;
  if (region !== "" || !/^\d{12}$/.test(accountId)) return undefined;
  const session = /^assumed-role\/([^/]+)\/[^/]+$/.exec(resource);
  if (service === "sts" && session !== null) {
    const principalArn = `arn:${partition}:iam::${accountId}:role${rolePath}${session[1]}`;
    return { kind: "aws", arn, accountId, principalArn };
  }
  const known =
    service === "iam" ? /^(root|user\/[^*?]+|role\/[^*?]+)$/.test(resource) : /^federated-user\/[^/]+$/.test(resource);
  return known && (service === "iam" || service === "sts")
    ? { kind: "aws", arn, accountId, principalArn: arn }
    : undefined;
}
