import type { Doubt } from "../decision/doubts";
import { describeDoubt, doubtAboutAccess, doubtAboutPolicy } from "../decision/doubts";
import type { Caller } from "../decision/types";
import type { CompiledPolicy } from "../iam";
import { decideAccess, describePrincipal, explainPolicies, isRootUser, reducePolicies } from "../iam";
import type { AccessRequest, Principal, StatementRef } from "../iam/types";
import type { Role } from "../model/types";
import { untoldOfAssuming } from "./call-keys";
import type { ApiCall } from "./credentials-access";
import { accessInput, accessRequest, compile, denialOf, tagKeys, unreadAmong } from "./credentials-access";
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

/** AWS's words, recorded in public issues. */
export const ROOT_REFUSED = "Roles may not be assumed by root accounts.";

export type AssumeAnswer =
  /** `by`: the statements that allow. */
  | { readonly outcome: "allow"; readonly principal: Principal; readonly by: readonly StatementRef[] }
  /**
   * `because` says which statement of which policy would have to say something else. `undecided` where AWS may allow it: it
   * depends on a condition key of which nothing says what it holds.
   */
  | { readonly outcome: "deny"; readonly because: string; readonly undecided?: true };

/**
 * Whether a caller whose own policies are known may assume the role: the trust policy must allow, and so must the
 * caller's own policies unless the trust policy names the caller itself in the role's own account.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 *
 * @throws InputError where the trust policy or a policy of the caller is not valid.
 */
export function mayAssume(caller: Caller, asked: AssumeRequest): AssumeAnswer {
  const { principal } = caller;
  const unread = unreadAmong([asked.role.trustPolicy, ...caller.identityPolicies, caller.permissionsBoundary]);
  if (unread !== undefined) return { outcome: "deny", because: unread };
  const trust = compile(asked.role.trustPolicy, "trust");
  const by: StatementRef[] = [];
  let doubt: Doubt | undefined;
  for (const call of callsOf(principal, asked)) {
    const input = accessInput(caller, call, trust);
    const about = doubtAboutAccess(input, untoldOfAssuming(input.request, caller));
    doubt ??= about;
    const access = decideAccess(input);
    by.push(...access.matched);
    if (about !== undefined || access.decision === "allowed") continue;
    const byTrust = access.decision === "implicitDeny" && access.missing === "resource";
    const because = byTrust ? unmet(trust, input.request) : denialOf(access, caller, call);
    return { outcome: "deny", because };
  }
  return doubt === undefined ? { outcome: "allow", principal, by } : untold(doubt);
}

/**
 * Whether the trust policy alone admits somebody: the principal given, or else one of those that the policy names. What
 * a principal's own policies say is left out, since a person at the local command line is none of them.
 *
 * @throws InputError where the trust policy is not valid.
 */
export function trustAdmits(asked: AssumeRequest, as?: Principal): AssumeAnswer {
  if (as?.kind === "aws" && isRootUser(as)) return { outcome: "deny", because: ROOT_REFUSED };
  const unread = unreadAmong([asked.role.trustPolicy]);
  if (unread !== undefined) return { outcome: "deny", because: unread };
  const trust = compile(asked.role.trustPolicy, "trust");
  const candidates = as === undefined ? namedPrincipals(trust, asked.role) : [as];
  const reasons = new Set<string>();
  let undecided = false;
  for (const principal of candidates) {
    const answer = admits(trust, principal, asked);
    if (answer.outcome === "allow") return answer;
    undecided ||= answer.undecided === true;
    reasons.add(answer.because);
  }
  const because = reasons.size === 0 ? "its trust policy names nobody in an Allow" : [...reasons].join("; ");
  return { outcome: "deny", because, ...(undecided ? { undecided } : {}) };
}

function admits(trust: CompiledPolicy, principal: Principal, asked: AssumeRequest): AssumeAnswer {
  const by: StatementRef[] = [];
  let doubt: Doubt | undefined;
  for (const call of callsOf(principal, asked)) {
    const request = accessRequest(principal, call);
    const about = doubtAboutPolicy(trust, request, untoldOfAssuming(request), (verdict) => verdict === "ALLOW");
    doubt ??= about;
    const { verdict, decidedBy } = reducePolicies([trust], request);
    if (about === undefined && verdict !== "ALLOW") return { outcome: "deny", because: unmet(trust, request) };
    if (decidedBy !== undefined) by.push(decidedBy);
  }
  return doubt === undefined ? { outcome: "allow", principal, by } : untold(doubt);
}

function untold(doubt: Doubt): AssumeAnswer {
  return { outcome: "deny", because: describeDoubt(doubt), undecided: true };
}

/** The call by which a principal of this kind enters a role. */
export function assumeAction(principal: Principal): string {
  if (principal.kind !== "federated") return "sts:AssumeRole";
  const saml = principal.provider.includes(":saml-provider/");
  return saml ? "sts:AssumeRoleWithSAML" : "sts:AssumeRoleWithWebIdentity";
}

/** The call by which a principal enters a role, and that for session tags. */
function callsOf(principal: Principal, asked: AssumeRequest): readonly ApiCall[] {
  const { role, externalId, sessionName, tags = {}, now, sourceIp } = asked;
  const enter = assumeAction(principal);
  const keysOfTags = Object.keys(tags);
  const keys = {
    "sts:RoleSessionName": sessionName,
    ...(externalId === undefined ? {} : { "sts:ExternalId": externalId }),
    ...(keysOfTags.length === 0 ? {} : { "aws:TagKeys": keysOfTags }),
    ...tagKeys("aws:RequestTag", tags),
    ...tagKeys("aws:ResourceTag", role.tags),
    ...tagKeys("iam:ResourceTag", role.tags),
  };
  const call = { resource: role.arn, resourceOwner: role.accountId, now, keys };
  const actions = keysOfTags.length === 0 ? [enter] : [enter, "sts:TagSession"];
  return actions.map((action) => ({ action, ...call, ...(sourceIp === undefined ? {} : { sourceIp }) }));
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
      if (entry.kind === "deleted") return [];
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
