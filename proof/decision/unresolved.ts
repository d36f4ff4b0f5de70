import type { PolicyDocument } from "../model/types";
import type { Course } from "./course";
import { deny } from "./course";
import { apiConfiguration } from "./denials";
import type { Decision, StepName, TraceStep } from "./types";

/**
 * The refusal of a request that depends on something the configuration leaves unknown: how callers of the route must
 * authenticate, what the resource policy says, or what the policy of the interface endpoint says. Nothing is allowed
 * on the strength of what is not known, nor of its absence.
 */
export function refuseUnresolved(course: Course): Decision | undefined {
  const { engine, prepared, route, request } = course;
  if (route?.refused !== undefined) {
    return refuse(
      course,
      "route",
      `It is not known how callers of ${route.method} ${route.path} must authenticate: ${route.refused}.`,
      route.source,
    );
  }
  const { policy, endpointType } = prepared.api;
  if (policy?.unresolved !== undefined) {
    return refuse(course, "resource-policy", `The resource policy is not known: ${policy.unresolved}.`, policy.source);
  }
  const endpoint = endpointType === "PRIVATE" ? request.network.vpc?.endpoint : undefined;
  const limits = endpoint === undefined ? undefined : engine.vpcEndpoints.get(endpoint)?.policy;
  if (limits?.unresolved !== undefined) {
    return refuse(
      course,
      "vpc-endpoint-policy",
      `The policy of ${endpoint} is not known: ${limits.unresolved}.`,
      limits.source,
    );
  }
  return undefined;
}

/** The first of a caller's policies that could not be read; it may be a Deny. */
export function unresolvedAmong(policies: readonly (PolicyDocument | undefined)[]): PolicyDocument | undefined {
  return policies.find((policy) => policy?.unresolved !== undefined);
}

function refuse(course: Course, step: StepName, because: string, source: NonNullable<TraceStep["source"]>): Decision {
  course.steps.push(() => ({
    step,
    result: "unresolved",
    because: `${because} Every request that depends on it is refused until it can be read.`,
    source,
  }));
  return deny(course, apiConfiguration());
}
