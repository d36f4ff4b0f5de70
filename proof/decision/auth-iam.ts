import { InputError } from "../errors";
import { decideAccess } from "../iam";
import type { StatementRef } from "../iam/types";
import { verifySignature } from "../sigv4";
import { accessInput } from "./access-input";
import type { Course } from "./course";
import { allow, deny } from "./course";
import type { Refusal } from "./denials";
import { accessDenied, apiConfiguration, missingAuthenticationToken, resourceNotFound } from "./denials";
import { doubtAboutAccess, untoldOf, refuseDoubt } from "./doubts";
import { layerOf, layerSteps, PARTIES } from "./iam-layers";
import { normalizePath } from "./path";
import { noPolicyStep } from "./perimeter";
import type { Caller, Decision, WireRequest } from "./types";
import { unresolvedAmong } from "./unresolved";

/** Authorization AWS_IAM: the signature before any policy (recorded), then the caller's policies with the API's. */
export function decideIam(course: Course): Decision {
  const signed = authenticate(course);
  if ("refused" in signed) return signed.refused;
  const authorized = authorize(course, signed.caller);
  return "refused" in authorized ? authorized.refused : allow(course, { caller: signed.caller }, authorized.matched);
}

/**
 * A path or verb that does not exist is treated as a method protected by AWS_IAM (recorded for unsigned requests). A
 * caller who would be admitted there learns that it does not exist: 404, after authentication and authorization
 * (Gateway response types). That the resource policy is asked as well is UNCONFIRMED; without it more would be told.
 */
export function decideUnmatched(course: Course): Decision {
  const decision = decideIam(course);
  return decision.outcome === "allow" ? deny(course, resourceNotFound()) : decision;
}

function authenticate(course: Course): { readonly caller: Caller } | { readonly refused: Decision } {
  const { request, now, ports, prepared, steps, assumptions } = course;
  const refuse = (denial: Parameters<typeof deny>[1], because: string): { readonly refused: Decision } => {
    steps.push(() => ({ step: "signature", result: "deny", because }));
    return { refused: deny(course, denial) };
  };
  if (assumptions.caller === null) {
    return refuse(
      missingAuthenticationToken(),
      "Nobody signed the request. Sign it with AWS Signature Version 4 for the service execute-api.",
    );
  }
  if (assumptions.caller !== undefined) {
    const { caller } = assumptions;
    steps.push(() => ({
      step: "signature",
      result: "assumed",
      because: `The signature is taken as passed; the caller is ${caller.principal.arn}.`,
    }));
    return { caller };
  }
  const verified = verifySignature(asSigned(request), {
    now,
    region: prepared.api.region,
    service: "execute-api",
    findCredential: (accessKeyId, sessionToken) => ports.findCredential(accessKeyId, sessionToken),
  });
  if (verified.outcome === "refused") return refuse(verified.denial, verified.because);
  // A signature for one resource must not open another: dot segments could lead out of the prefix, for one.
  const routed = `${request.signedPathPrefix ?? ""}${normalizePath(request.rawPath)}`;
  if (normalizePath(verified.normalizedPath) !== normalizePath(routed)) {
    return refuse(
      missingAuthenticationToken(),
      `The signature covers the path ${verified.normalizedPath}, which is not the path that is routed.`,
    );
  }
  const { caller, accessKeyId } = verified.credential;
  steps.push(() => ({
    step: "signature",
    result: "allow",
    because: `The signature is that of ${accessKeyId}, which belongs to ${caller.principal.arn} of account ${caller.principal.accountId}.`,
  }));
  return { caller };
}

function authorize(
  course: Course,
  caller: Caller,
): { readonly refused: Decision } | { readonly matched: StatementRef | undefined } {
  const { engine, prepared, methodArn, steps } = course;
  const { api } = prepared;
  const refuse = (refusal: Refusal, decidedBy?: StatementRef): { readonly refused: Decision } => ({
    refused: deny(course, accessDenied(caller.principal.arn, methodArn, refusal, engine.wording), decidedBy),
  });
  const { identityPolicies, permissionsBoundary, sessionPolicies, serviceControlPolicies } = caller;
  const unread = unresolvedAmong([
    ...identityPolicies,
    permissionsBoundary,
    ...sessionPolicies,
    ...serviceControlPolicies.flat(),
  ]);
  if (unread !== undefined) {
    steps.push(() => ({
      step: "identity-policy",
      result: "unresolved",
      because: `A policy of the caller is not known, and may be a Deny: ${unread.unresolved}.`,
      source: unread.source,
    }));
    return { refused: deny(course, apiConfiguration()) };
  }
  const input = accessInput(course, caller);
  if (input instanceof InputError) {
    steps.push(() => ({
      step: "identity-policy",
      result: "deny",
      because: `A policy of the caller is not valid: ${input.message}`,
    }));
    return { refused: deny(course, apiConfiguration()) };
  }
  if (prepared.policy === undefined) {
    steps.push(() => noPolicyStep(course));
    if (api.endpointType === "PRIVATE") return refuse({ explicit: false, party: PARTIES.resource });
  }
  const doubt = doubtAboutAccess(input, untoldOf(course, caller));
  if (doubt !== undefined) return { refused: refuseDoubt(course, "identity-policy", doubt) };
  const access = decideAccess(input);
  steps.push(...layerSteps(access));
  if (access.decision === "allowed") {
    return { matched: layerOf(access, "identity")?.decidedBy ?? layerOf(access, "resource")?.decidedBy };
  }
  const explicit = access.decision === "explicitDeny";
  const denying = access.layers.find((layer) => layer.verdict === "DENY")?.name;
  const party = PARTIES[(explicit ? denying : access.missing) ?? "identity"];
  return refuse({ explicit, party }, explicit ? access.matched[0] : undefined);
}

/** The request as its client sent it: with the headers and the path that were taken out after it was signed. */
function asSigned(request: WireRequest): WireRequest {
  const { headers, signedOnlyHeaders = [], rawPath, signedPathPrefix = "" } = request;
  return { ...request, headers: [...headers, ...signedOnlyHeaders], rawPath: signedPathPrefix + rawPath };
}
