import type { InputError } from "../errors";
import type { AccessInput } from "../iam";
import { contextKeys, principalContext } from "../iam";
import type { AccessRequest, ContextKeys } from "../iam/types";
import type { Course } from "./course";
import { endpointPolicy } from "./perimeter";
import { madeOf } from "./policies";
import type { Caller } from "./types";
import { callKeys } from "./unknown-keys";

/** Everything that says something about one signed request, or what is wrong with a policy of its caller. */
export function accessInput(course: Course, caller: Caller): AccessInput | InputError {
  const { policies } = course.engine;
  const { prepared, anonymous } = course;
  const { permissionsBoundary: boundary, sessionPolicies, serviceControlPolicies } = caller;
  const request: AccessRequest = {
    ...anonymous,
    principal: caller.principal,
    context: withCaller(anonymous.context, caller, callKeys(prepared.api)),
  };
  return madeOf(() => ({
    request,
    resourceOwner: prepared.api.accountId,
    resourcePolicy: prepared.policy,
    vpcEndpointPolicy: endpointPolicy(course),
    identityPolicies: policies.all(caller.identityPolicies, "identity"),
    permissionsBoundaries: boundary === undefined ? undefined : [policies.get(boundary, "boundary")],
    sessionPolicies: policies.all(sessionPolicies, "session"),
    serviceControlPolicies: serviceControlPolicies.map((level) => policies.all(level, "service-control")),
  }));
}

/** The keys that only a signed call has, by its caller and by the API. */
function withCaller(context: ContextKeys, caller: Caller, ofCall: ContextKeys): ContextKeys {
  let own = callerKeys.get(caller);
  if (own === undefined) callerKeys.set(caller, (own = keysOf(caller)));
  const keys = new Map(context);
  for (const [name, values] of own) keys.set(name, values);
  for (const [name, values] of ofCall) keys.set(name, values);
  return keys;
}

const callerKeys = new WeakMap<Caller, ContextKeys>();

/** The condition keys that a signed caller has. */
export function keysOf({ principal, userId, tags, organizationId, issuedAt, mfaAgeSeconds }: Caller): ContextKeys {
  return contextKeys({
    ...principalContext(principal, { userId, tags, organizationId, tokenIssuedAt: issuedAt }),
    ...(issuedAt === undefined ? {} : mfaOf(mfaAgeSeconds)),
  });
}

/** The keys of MFA, which temporary credentials have; the age where they were made with it. */
function mfaOf(ageSeconds: number | undefined): Record<string, string> {
  if (ageSeconds === undefined) return { "aws:MultiFactorAuthPresent": "false" };
  return { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": String(ageSeconds) };
}
