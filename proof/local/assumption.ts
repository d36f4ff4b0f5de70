import type { RequestAssumer, RequestCaller } from "../decision/request-file";
import type { TraceStep } from "../decision/types";
import { InputError } from "../errors";
import { describePrincipal } from "../iam";
import type { Principal, StatementRef } from "../iam/types";
import type { Role } from "../model/types";
import type { KnownCallers, ResolvedCaller } from "./named-caller";
import { resolveCaller } from "./named-caller";
import { accessDenied } from "./sts-errors";
import type { StsError } from "./sts-errors";
import type { AssumeAnswer, AssumeRequest } from "./sts-trust";
import { assumeAction, mayAssume, trustAdmits } from "./sts-trust";

/** What AWS STS answers to the call by which a role's session was made. */
export interface Assumption {
  readonly step: TraceStep;
  /** Absent where STS gives the session. */
  readonly refusal?: StsError;
  /** Why it cannot be told whether STS gives the session, which is refused here. */
  readonly undecided?: string;
  /** The ARN of who assumes it, where nothing says what that one may do. */
  readonly unknown?: string;
}

/** A session of a role, and who asks for it. */
export interface AssumedCaller extends RequestCaller {
  readonly assumedBy: RequestAssumer;
}

export function isAssumed(caller: RequestCaller | null | undefined): caller is AssumedCaller {
  return caller?.assumedBy !== undefined;
}

/**
 * Whether the caller of a request could have assumed its role: decided by the trust policy in the configuration and by
 * the policies of who assumes it, as AWS STS does. Tags that the role does not have are tags of the session.
 *
 * @param call when the request is sent, and from where
 * @throws InputError where the role is not in the configuration, or an ARN is none of a caller
 */
export function decideAssumption(
  asked: AssumedCaller,
  known: KnownCallers,
  where: string,
  call: Pick<AssumeRequest, "now" | "sourceIp">,
): Assumption {
  const { assumedBy } = asked;
  const { principal } = resolveCaller(asked, known, where, call.now).caller;
  const role = known.model.roles.find(({ arn }) => arn === principal.principalArn);
  if (role === undefined) {
    throw new InputError({
      what: `'${principal.principalArn}' is no role of the configuration, so nothing says who may assume it. Known: ${known.model.roles.map(({ arn }) => arn).join(", ") || "none"}.`,
      where: `${where}: caller.assumedBy`,
      next: "Leave 'assumedBy' out to take the session as made.",
    });
  }
  const { externalId } = assumedBy;
  const ofSession = Object.entries(asked.tags ?? {}).filter(([key, value]) => role.tags[key] !== value);
  const request: AssumeRequest = {
    role,
    sessionName: principal.arn.slice(principal.arn.lastIndexOf("/") + 1),
    tags: Object.fromEntries(ofSession),
    ...call,
    ...(externalId === undefined ? {} : { externalId }),
  };
  const { principal: who, resolved } = assumerOf(assumedBy, known, where, call.now);
  const answer = resolved === undefined ? trustAdmits(request, who) : mayAssume(resolved.caller, request);
  return {
    step: stepOf(answer, describePrincipal(who), request),
    ...(answer.outcome === "allow" ? {} : { refusal: refusalOf(answer.because, who, role) }),
    ...(answer.outcome === "deny" && answer.undecided ? { undecided: answer.because } : {}),
    ...(resolved === undefined || resolved.known ? {} : { unknown: resolved.caller.principal.principalArn }),
  };
}

interface Assumer {
  readonly principal: Principal;
  /** Of whoever has policies of its own. */
  readonly resolved?: ResolvedCaller;
}

function assumerOf(assumedBy: RequestAssumer, known: KnownCallers, where: string, now: number): Assumer {
  const { arn, service, federated, ...said } = assumedBy;
  if (arn !== undefined) {
    const resolved = resolveCaller({ ...said, arn }, known, where, now, "caller.assumedBy");
    return { principal: resolved.caller.principal, resolved };
  }
  const principal: Principal =
    service === undefined ? { kind: "federated", provider: federated ?? "" } : { kind: "service", service };
  return { principal };
}

function stepOf(answer: AssumeAnswer, who: string, { role, externalId }: AssumeRequest): TraceStep {
  const sent = externalId === undefined ? "No external id is sent." : `The external id is '${externalId}'.`;
  if (answer.outcome === "deny") {
    const because = `${who} may not assume ${role.arn}: ${answer.because}. ${sent}`;
    const result = answer.undecided ? "unresolved" : "deny";
    return { step: "assume-role", result, because, source: role.trustPolicy.source };
  }
  const names = answer.by.map((ref) => `statement ${nameOf(ref)} of ${ref.policy.address}`);
  const trust = answer.by.find(({ kind }) => kind === "trust");
  return {
    step: "assume-role",
    result: "allow",
    because: `${who} may assume ${role.arn}: ${names.join(" and ")} allow${names.length === 1 ? "s" : ""} it. ${sent}`,
    source: { ...role.trustPolicy.source, ...(trust === undefined ? {} : { statement: nameOf(trust) }) },
  };
}

function nameOf({ sid, index }: StatementRef): string | number {
  return sid ?? index;
}

function refusalOf(because: string, who: Principal, { arn }: Role): StsError {
  const name = who.kind === "aws" ? who.arn : who.kind === "service" ? who.service : describePrincipal(who);
  return accessDenied(name, assumeAction(who), arn, because);
}
