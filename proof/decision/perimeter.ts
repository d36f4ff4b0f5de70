/**
 * The resource policy and the VPC endpoint policy for callers whom nobody signed for: every method that is not
 * AWS_IAM, where only statements with the principal `*` can match (Control access to a REST API with API Gateway
 * resource policies, troubleshooting).
 */
import type { CompiledPolicy } from "../iam";
import { reducePolicies } from "../iam";
import type { StatementRef, Verdict } from "../iam/types";
import type { Course } from "./course";
import { deny } from "./course";
import { accessDenied } from "./denials";
import type { PolicyParty } from "./denials";
import type { Decision, TraceStep } from "./types";
import { policyStep } from "./words";

export interface ResourceVerdict {
  /** `NONE` where a public API has no resource policy; a private one without is `NEITHER`, and closed. */
  readonly verdict: Verdict | "NONE";
  readonly decidedBy?: StatementRef | undefined;
}

/** Evaluates the resource policy for the anonymous caller and notes it in the trace. */
export function anonymousResourceVerdict(course: Course): ResourceVerdict {
  const { prepared, anonymous, steps } = course;
  const { policy, api } = prepared;
  if (policy === undefined) {
    steps.push(() => noPolicyStep(course));
    return { verdict: api.endpointType === "PRIVATE" ? "NEITHER" : "NONE" };
  }
  const reduction = reducePolicies([policy], anonymous);
  steps.push(() => {
    const step = policyStep("resource-policy", "the resource policy", [policy], anonymous, reduction);
    if (reduction.verdict !== "NEITHER") return step;
    const only = "On a method that is not AWS_IAM nobody is signed, so only statements for the principal * can apply.";
    return { ...step, because: `${step.because} ${only}` };
  });
  return reduction;
}

/** What it means that the API has no resource policy. */
export function noPolicyStep({ prepared: { api } }: Course): TraceStep {
  const closed = api.endpointType === "PRIVATE";
  return {
    step: "resource-policy",
    result: closed ? "neither" : "none",
    because: closed
      ? "The API is PRIVATE and has no resource policy: AWS refuses to deploy it, and refuses every call where a public API was made private. Attach a resource policy that allows the endpoint or VPC."
      : "The API has no resource policy, so none limits or grants anything.",
    source: api.source,
  };
}

/** A refusal by the policy of the interface endpoint, where the request came through one that the configuration holds. */
export function refusedByEndpoint(course: Course): Decision | undefined {
  const policy = endpointPolicy(course);
  if (policy === undefined) return undefined;
  const reduction = reducePolicies([policy], course.anonymous);
  course.steps.push(() =>
    policyStep("vpc-endpoint-policy", "the VPC endpoint policy", [policy], course.anonymous, reduction),
  );
  if (reduction.verdict === "ALLOW") return undefined;
  return refuseAnonymous(course, reduction.verdict === "DENY", "VPC endpoint policy", reduction.decidedBy);
}

/** Undefined where the request came through no endpoint, one of another configuration, or one with full access. */
export function endpointPolicy({ engine, prepared, request }: Course): CompiledPolicy | undefined {
  const endpoint = request.network.vpc?.endpoint;
  if (prepared.api.endpointType !== "PRIVATE" || endpoint === undefined) return undefined;
  return engine.endpointPolicies.get(endpoint);
}

/**
 * For NONE and Cognito, where an existing resource policy that is silent denies (API Gateway resource policy
 * evaluation workflow): the refusal, or else the statement that admits.
 */
export function requireResourceAllow(course: Course): { refused: Decision } | Pick<Decision, "decidedBy"> {
  const { verdict, decidedBy } = anonymousResourceVerdict(course);
  if (verdict === "DENY" || verdict === "NEITHER") {
    return { refused: refuseAnonymous(course, verdict === "DENY", "resource-based policy", decidedBy) };
  }
  const refused = refusedByEndpoint(course);
  if (refused !== undefined) return { refused };
  return { decidedBy };
}

export function refuseAnonymous(
  course: Course,
  explicit: boolean,
  party: PolicyParty,
  decidedBy?: StatementRef,
): Decision {
  const denial = accessDenied("anonymous", course.methodArn, { explicit, party }, course.engine.wording);
  return deny(course, denial, decidedBy);
}
