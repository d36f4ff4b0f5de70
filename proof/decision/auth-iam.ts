import { InputError } from "../errors";
import type { AccessDecision, AccessInput, Layer, LayerName } from "../iam";
import { contextKeys, decideAccess, principalContext } from "../iam";
import type { AccessRequest, ContextKeys } from "../iam/types";
import { verifySignature } from "../sigv4";
import type { Course, RoutedCourse } from "./course";
import { allow, deny } from "./course";
import type { PolicyParty } from "./denials";
import { accessDenied, apiConfiguration, missingAuthenticationToken, resourceNotFound } from "./denials";
import { normalizePath } from "./path";
import { endpointPolicy, noPolicyStep } from "./perimeter";
import type { Caller, Decision, StepName, WireRequest } from "./types";
import { unresolvedAmong } from "./unresolved";
import { combineStep, policyStep } from "./words";

/** Authorization AWS_IAM: the signature before any policy (recorded), then the caller's policies with the API's. */
export function decideIam(course: RoutedCourse): Decision {
  const signed = authenticate(course);
  if ("refused" in signed) return signed.refused;
  const authorized = authorize(course, signed.caller);
  return "refused" in authorized ? authorized.refused : allow(course, { caller: signed.caller }, authorized.matched);
}

/**
 * A path or verb that does not exist is treated as a method protected by AWS_IAM (recorded for unsigned requests). A
 * caller who is authorized there learns that it does not exist: 404, after authentication and authorization
 * (Gateway response types). That the resource policy is asked as well is UNCONFIRMED; without it more would be told.
 */
export function decideUnmatched(course: Course): Decision {
  const signed = authenticate(course);
  if ("refused" in signed) return signed.refused;
  const authorized = authorize(course, signed.caller);
  return "refused" in authorized ? authorized.refused : deny(course, resourceNotFound());
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
  const signed = asSigned(request);
  const verified = verifySignature(signed, {
    now,
    region: prepared.api.region,
    service: "execute-api",
    findCredential: (accessKeyId, sessionToken) => ports.findCredential(accessKeyId, sessionToken),
  });
  if (verified.outcome === "refused") return refuse(verified.denial, verified.because);
  // Both normalise alike; should they ever differ, a signature for one resource must not open another.
  if (normalizePath(verified.normalizedPath) !== normalizePath(signed.rawPath)) {
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
): { readonly refused: Decision } | { readonly matched?: NonNullable<Decision["decidedBy"]> } {
  const { engine, prepared, methodArn, steps } = course;
  const { api } = prepared;
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
  const access = decideAccess(input);
  if (prepared.policy === undefined) steps.push(() => noPolicyStep(course));
  steps.push(...layerSteps(input, access));
  const closed = prepared.policy === undefined && api.endpointType === "PRIVATE";
  if (access.decision === "allowed" && !closed) {
    const matched = layerOf(access, "identity")?.decidedBy ?? layerOf(access, "resource")?.decidedBy;
    return matched === undefined ? {} : { matched };
  }
  const explicit = access.decision === "explicitDeny";
  const denying = access.layers.find((layer) => layer.verdict === "DENY")?.name;
  const party = PARTIES[(explicit ? denying : closed ? "resource" : access.missing) ?? "identity"];
  const denial = accessDenied(caller.principal.arn, methodArn, { explicit, party }, engine.wording);
  return { refused: deny(course, denial, explicit ? access.matched[0] : undefined) };
}

function accessInput(course: Course, caller: Caller): AccessInput | InputError {
  const { policies } = course.engine;
  const { prepared, anonymous } = course;
  const { permissionsBoundary: boundary, sessionPolicies, serviceControlPolicies } = caller;
  const request: AccessRequest = {
    ...anonymous,
    principal: caller.principal,
    context: withCaller(anonymous.context, caller),
  };
  try {
    return {
      request,
      resourceOwner: prepared.api.accountId,
      resourcePolicy: prepared.policy,
      vpcEndpointPolicy: endpointPolicy(course),
      identityPolicies: policies.all(caller.identityPolicies, "identity"),
      permissionsBoundaries: boundary === undefined ? undefined : [policies.get(boundary, "boundary")],
      sessionPolicies: sessionPolicies.length === 0 ? undefined : policies.all(sessionPolicies, "session"),
      serviceControlPolicies: serviceControlPolicies.map((level) => policies.all(level, "service-control")),
    };
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** The keys that only a signed caller has (AWS condition keys that can be used in API Gateway resource policies). */
function withCaller(context: ContextKeys, caller: Caller): ContextKeys {
  let own = callerKeys.get(caller);
  if (own === undefined) callerKeys.set(caller, (own = keysOf(caller)));
  const keys = new Map(context);
  for (const [name, values] of own) keys.set(name, values);
  return keys;
}

const callerKeys = new WeakMap<Caller, ContextKeys>();

function keysOf(caller: Caller): ContextKeys {
  return contextKeys({
    ...principalContext(caller.principal, {
      userId: caller.userId,
      tags: caller.tags,
      ...(caller.organizationId === undefined ? {} : { organizationId: caller.organizationId }),
      ...(caller.issuedAt === undefined ? {} : { tokenIssuedAt: caller.issuedAt }),
    }),
    // Present for temporary credentials only, and sessions made here never used MFA.
    ...(caller.issuedAt === undefined ? {} : { "aws:MultiFactorAuthPresent": "false" }),
  });
}

const PARTIES: Readonly<Record<LayerName, PolicyParty>> = {
  "service-control": "service control policy",
  "vpc-endpoint": "VPC endpoint policy",
  resource: "resource-based policy",
  identity: "identity-based policy",
  "permissions-boundary": "permissions boundary",
  session: "session policy",
};

const STEPS: Readonly<Record<LayerName, StepName>> = {
  "service-control": "identity-policy",
  "vpc-endpoint": "vpc-endpoint-policy",
  resource: "resource-policy",
  identity: "identity-policy",
  "permissions-boundary": "identity-policy",
  session: "identity-policy",
};

const NAMES: Readonly<Record<LayerName, string>> = {
  "service-control": "the organization's service control policies",
  "vpc-endpoint": "the VPC endpoint policy",
  resource: "the resource policy",
  identity: "the caller's identity policies",
  "permissions-boundary": "the caller's permissions boundary",
  session: "the caller's session policies",
};

function layerSteps(input: AccessInput, access: AccessDecision): Course["steps"] {
  const own = layerOf(access, "identity")?.verdict ?? "NEITHER";
  const resource = layerOf(access, "resource")?.verdict ?? "NONE";
  return [
    ...access.layers.map((layer) => () => {
      const policies = policiesOf(input, layer.name);
      return policyStep(STEPS[layer.name], NAMES[layer.name], policies, input.request, layer);
    }),
    () => {
      const step = combineStep(access.crossAccount ? "B" : "A", "identity policies", own, resource, access.decision);
      const { missing } = access;
      const silent = missing === undefined || missing === "identity" || missing === "resource";
      if (access.decision !== "implicitDeny" || silent) return step;
      return { ...step, because: `${step.because} An Allow in ${NAMES[missing]} is needed as well.` };
    },
  ];
}

function layerOf(access: AccessDecision, wanted: LayerName): Layer | undefined {
  return access.layers.find(({ name }) => name === wanted);
}

function policiesOf(input: AccessInput, layer: LayerName): Parameters<typeof policyStep>[2] {
  switch (layer) {
    case "service-control":
      return (input.serviceControlPolicies ?? []).flat();
    case "vpc-endpoint":
      return input.vpcEndpointPolicy === undefined ? [] : [input.vpcEndpointPolicy];
    case "resource":
      return input.resourcePolicy === undefined ? [] : [input.resourcePolicy];
    case "identity":
      return input.identityPolicies;
    case "permissions-boundary":
      return input.permissionsBoundaries ?? [];
    case "session":
      return input.sessionPolicies ?? [];
  }
}

/** The request as its client sent it: with the headers and the path that were taken out after it was signed. */
function asSigned(request: WireRequest): WireRequest {
  const { headers, signedOnlyHeaders = [], rawPath, signedPathPrefix = "" } = request;
  if (signedOnlyHeaders.length === 0 && signedPathPrefix === "") return request;
  return { ...request, headers: [...headers, ...signedOnlyHeaders], rawPath: signedPathPrefix + rawPath };
}
