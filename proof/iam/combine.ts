import type { Verdict } from "./types";

/** The outcome of a request once all policies are combined. */
export type AccessOutcome = "allowed" | "explicitDeny" | "implicitDeny";

/**
 * Table A of API Gateway's authorization flow: IAM callers of the API's own account, and every Lambda authorizer. An Allow of
 * either side is enough.
 *
 * @param identity The caller's own policies, or the policy that a Lambda authorizer returned.
 * @param resource The API's resource policy, NEITHER where there is none.
 */
export function combineSameAccount(identity: Verdict, resource: Verdict): AccessOutcome {
  if (identity === "DENY" || resource === "DENY") return "explicitDeny";
  return identity === "ALLOW" || resource === "ALLOW" ? "allowed" : "implicitDeny";
}

/**
 * Table B of API Gateway's authorization flow: IAM callers of another account, and Cognito user pools (where `identity` is
 * ALLOW for an accepted token). Both sides must allow.
 */
export function combineCrossAccount(identity: Verdict, resource: Verdict): AccessOutcome {
  if (identity === "DENY" || resource === "DENY") return "explicitDeny";
  return identity === "ALLOW" && resource === "ALLOW" ? "allowed" : "implicitDeny";
}

/** Policies that limit each other: DENY if one denies, ALLOW if all allow. None is ALLOW: nothing limits. */
export function intersect(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("DENY")) return "DENY";
  return verdicts.every((verdict) => verdict === "ALLOW") ? "ALLOW" : "NEITHER";
}
