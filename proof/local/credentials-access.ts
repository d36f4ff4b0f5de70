import type { Caller } from "../decision/types";
import type { AccessDecision, AccessInput, CompiledPolicy } from "../iam";
import { compilePolicy, contextKeys, decideAccess, principalContext } from "../iam";
import type { AccessRequest, PolicyKind, Principal } from "../iam/types";
import type { PolicyDocument } from "../model/types";

/** A call of an AWS API, as policies see it. */
export interface ApiCall {
  /** `sts:AssumeRole` */
  readonly action: string;
  /** A full ARN. */
  readonly resource: string;
  /** The account that owns the resource. */
  readonly resourceOwner: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The address the request comes from; absent where nothing was sent. */
  readonly sourceIp?: string;
  /** Keys of the service itself: `sts:ExternalId`. */
  readonly keys?: Readonly<Record<string, string | readonly string[]>>;
}

/** `aws:ResourceTag/team` and the like. */
export function tagKeys(prefix: string, tags: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));
}

/** The call with the keys that AWS gives to every call. AWS's own endpoints speak TLS only; no session here used MFA. */
export function accessRequest(principal: Principal, call: ApiCall, caller?: Caller): AccessRequest {
  const { action, resource, resourceOwner, now, sourceIp, keys } = call;
  const [, , , region = ""] = resource.split(":");
  const context = contextKeys({
    ...principalContext(principal, {
      ...(caller === undefined ? {} : { userId: caller.userId, tags: caller.tags }),
      ...(caller?.organizationId === undefined ? {} : { organizationId: caller.organizationId }),
      ...(caller?.issuedAt === undefined ? {} : { tokenIssuedAt: caller.issuedAt }),
    }),
    ...(caller?.issuedAt === undefined ? {} : { "aws:MultiFactorAuthPresent": "false" }),
    ...(sourceIp === undefined ? {} : { "aws:SourceIp": sourceIp }),
    "aws:ResourceAccount": resourceOwner,
    // Always in a signed call, whose caller is no AWS service here. The region is that of the resource; roles have none.
    ...(principal.kind !== "aws" ? {} : { "aws:ViaAWSService": "false", "aws:PrincipalIsAWSService": "false" }),
    ...(region === "" ? {} : { "aws:RequestedRegion": region }),
    "aws:SecureTransport": "true",
    "aws:CurrentTime": new Date(now).toISOString(),
    "aws:EpochTime": String(Math.floor(now / 1000)),
    ...keys,
  });
  return { principal, action, resource, context };
}

/**
 * Whether the caller's policies, with the policy of the resource where it has one, allow the call.
 *
 * @throws InputError where a policy is not valid.
 */
export function decideCall(caller: Caller, call: ApiCall, resourcePolicy?: CompiledPolicy): AccessDecision {
  return decideAccess(accessInput(caller, call, resourcePolicy));
}

/**
 * The call with the policies that decide on it.
 *
 * @throws InputError where a policy is not valid.
 */
export function accessInput(caller: Caller, call: ApiCall, resourcePolicy?: CompiledPolicy): AccessInput {
  const { permissionsBoundary: boundary, sessionPolicies } = caller;
  return {
    request: accessRequest(caller.principal, call, caller),
    resourceOwner: call.resourceOwner,
    resourcePolicy,
    identityPolicies: compileAll(caller.identityPolicies, "identity"),
    permissionsBoundaries: boundary === undefined ? undefined : [compile(boundary, "boundary")],
    sessionPolicies: sessionPolicies.length === 0 ? undefined : compileAll(sessionPolicies, "session"),
    serviceControlPolicies: caller.serviceControlPolicies.map((level) => compileAll(level, "service-control")),
  };
}

/** Why nothing can be decided on these policies: one of them is not known, and may be a Deny. */
export function unreadAmong(policies: readonly (PolicyDocument | undefined)[]): string | undefined {
  const unread = policies.find((policy) => policy?.unresolved !== undefined);
  return unread === undefined ? undefined : `a policy is not known: ${unread.unresolved}`;
}

export function compile(policy: PolicyDocument, kind: PolicyKind): CompiledPolicy {
  return compilePolicy(policy.document, { kind, source: policy.source });
}

function compileAll(policies: readonly PolicyDocument[], kind: PolicyKind): readonly CompiledPolicy[] {
  return policies.map((policy) => compile(policy, kind));
}

/** Where a decision against a caller stands: the statements that deny, or the kind of policy that does not allow. */
export function denialOf(access: AccessDecision, caller: Caller, { action, resource }: ApiCall): string {
  if (access.decision === "explicitDeny") {
    const denying = access.matched.map(({ policy, index }) => `${policy.address} statement ${index}`);
    return `${action} on ${resource} is denied by ${denying.join(", ")}`;
  }
  return `no ${access.missing ?? "identity"} policy of ${caller.principal.arn} allows ${action} on ${resource}`;
}
