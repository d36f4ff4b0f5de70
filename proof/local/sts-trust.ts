import type { Caller } from "../decision/types";
import type { CompiledPolicy } from "../iam";
import {
  compilePolicy,
  contextKeys,
  decideAccess,
  describePrincipal,
  explainPolicies,
  principalContext,
  reducePolicies,
} from "../iam";
import type { AccessRequest, PolicyKind, Principal } from "../iam/types";
import type { PolicyDocument, Role } from "../model/types";
import { identityOf } from "./credentials-principal";

/** What somebody asks of a role, beyond being who they are. */
export interface AssumeRequest {
  readonly role: Role;
  readonly sessionName: string;
  readonly externalId?: string;
  /** Session tags; they need `sts:TagSession` as well. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The address the request comes from; absent where nothing was sent. */
  readonly sourceIp?: string;
}

export type AssumeAnswer =
  | { readonly outcome: "allow"; readonly principal: Principal }
  /** `because` says which statement of which policy would have to say something else. */
  | { readonly outcome: "deny"; readonly because: string };

/**
 * Whether a caller whose own policies are known may assume the role: the trust policy must allow, and so must the
 * caller's own policies unless the trust policy names the caller itself in the role's own account.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 *
 * @throws InputError where the trust policy or a policy of the caller is not valid.
 */
export function mayAssume(caller: Caller, asked: AssumeRequest): AssumeAnswer {
  const { principal, permissionsBoundary: boundary, sessionPolicies } = caller;
  const trust = compiled(asked.role.trustPolicy, "trust");
  const all = (documents: readonly PolicyDocument[], kind: PolicyKind) => documents.map((one) => compiled(one, kind));
  for (const action of actionsOf(principal, asked)) {
    const request = accessRequest(principal, action, asked, caller);
    const access = decideAccess({
      request,
      resourceOwner: asked.role.accountId,
      resourcePolicy: trust,
      identityPolicies: all(caller.identityPolicies, "identity"),
      permissionsBoundaries: boundary === undefined ? undefined : [compiled(boundary, "boundary")],
      sessionPolicies: sessionPolicies.length === 0 ? undefined : all(sessionPolicies, "session"),
      serviceControlPolicies: caller.serviceControlPolicies.map((level) => all(level, "service-control")),
    });
    if (access.decision === "allowed") continue;
    const denying = access.matched.map(({ policy, index }) => `${policy.address} statement ${index}`).join(", ");
    const because =
      access.decision === "explicitDeny"
        ? `${action} is denied by ${denying}`
        : access.missing === "resource"
          ? unmet(trust, request)
          : `no ${access.missing ?? "identity"} policy of ${principal.arn} allows ${action} on ${asked.role.arn}`;
    return { outcome: "deny", because };
  }
  return { outcome: "allow", principal };
}

/**
 * Whether the trust policy alone admits somebody: the principal given, or else one of those that the policy names. What
 * a principal's own policies say is left out, since a person at the local command line is none of them.
 *
 * @throws InputError where the trust policy is not valid.
 */
export function trustAdmits(asked: AssumeRequest, as?: Principal): AssumeAnswer {
  const trust = compiled(asked.role.trustPolicy, "trust");
  const candidates = as === undefined ? namedPrincipals(trust, asked.role) : [as];
  const reasons = new Set<string>();
  for (const principal of candidates) {
    const requests = actionsOf(principal, asked).map((action) => accessRequest(principal, action, asked));
    const refused = requests.find((request) => reducePolicies([trust], request).verdict !== "ALLOW");
    if (refused === undefined) return { outcome: "allow", principal };
    reasons.add(unmet(trust, refused));
  }
  const because = reasons.size === 0 ? "its trust policy names nobody in an Allow" : [...reasons].join("; ");
  return { outcome: "deny", because };
}

function compiled(policy: PolicyDocument, kind: PolicyKind): CompiledPolicy {
  return compilePolicy(policy.document, { kind, source: policy.source });
}

/** The action by which a principal of this kind enters a role, and that for session tags. */
function actionsOf(principal: Principal, { tags = {} }: AssumeRequest): readonly string[] {
  const enter =
    principal.kind !== "federated"
      ? "sts:AssumeRole"
      : principal.provider.includes(":saml-provider/")
        ? "sts:AssumeRoleWithSAML"
        : "sts:AssumeRoleWithWebIdentity";
  return Object.keys(tags).length === 0 ? [enter] : [enter, "sts:TagSession"];
}

/** An STS endpoint speaks TLS only, and a session made here never used MFA. */
function accessRequest(principal: Principal, action: string, asked: AssumeRequest, caller?: Caller): AccessRequest {
  const { role, externalId, sessionName, tags = {}, now, sourceIp } = asked;
  const temporary = caller?.issuedAt !== undefined;
  const context = contextKeys({
    ...principalContext(principal, {
      ...(caller === undefined ? {} : { userId: caller.userId, tags: caller.tags }),
      ...(caller?.organizationId === undefined ? {} : { organizationId: caller.organizationId }),
      ...(caller?.issuedAt === undefined ? {} : { tokenIssuedAt: caller.issuedAt }),
    }),
    ...(temporary ? { "aws:MultiFactorAuthPresent": "false" } : {}),
    ...(externalId === undefined ? {} : { "sts:ExternalId": externalId }),
    ...(sourceIp === undefined ? {} : { "aws:SourceIp": sourceIp }),
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    ...(Object.keys(tags).length === 0 ? {} : { "aws:TagKeys": Object.keys(tags) }),
    ...Object.fromEntries(Object.entries(role.tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
    "sts:RoleSessionName": sessionName,
    "aws:ResourceAccount": role.accountId,
    "aws:SecureTransport": "true",
    "aws:CurrentTime": new Date(now).toISOString(),
    "aws:EpochTime": String(Math.floor(now / 1000)),
  });
  return { principal, action, resource: role.arn, context };
}

/** Those whom an Allow of the trust policy names; an account, or everybody, is stood for by an account's root. */
function namedPrincipals(trust: CompiledPolicy, role: Role): readonly Principal[] {
  const root = (accountId: string, arn: string): Principal => ({ kind: "aws", arn, accountId, principalArn: arn });
  const anybody = root(role.accountId, role.arn.replace(/:role\/.*$/, ":root"));
  const allows = trust.statements.filter(({ effect }) => effect === "Allow");
  return allows.flatMap(({ principal }) => {
    if (principal === undefined || principal.negated) return [anybody];
    return principal.entries.flatMap((entry): readonly Principal[] => {
      if (entry.kind === "account") return [root(entry.accountId, entry.rootArn)];
      if (entry.kind === "service" || entry.kind === "federated") return [entry];
      if (entry.kind === "everyone" || entry.kind === "every-aws") return [anybody];
      const identity = identityOf(entry.arn, undefined, { roles: [] });
      return typeof identity === "string" ? [] : [identity.principal];
    });
  });
}

/** The first thing each Allow did not find in the request; or the Deny that applied. */
function unmet(trust: CompiledPolicy, request: AccessRequest): string {
  const { decidedBy, statements } = explainPolicies([trust], request);
  const who = describePrincipal(request.principal);
  if (decidedBy?.effect === "Deny") return `statement ${decidedBy.index} of its trust policy denies ${who}`;
  const reasons = statements
    .filter(({ ref }) => ref.effect === "Allow")
    .map(({ ref, because }) => `statement ${ref.index}, ${because}`);
  return `its trust policy does not allow ${request.action} to ${who} (${reasons.join("; ") || "it allows nothing"})`;
}
