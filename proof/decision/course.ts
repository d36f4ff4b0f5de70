import type { AccessRequest, StatementRef } from "../iam/types";
import type { Route, Stage } from "../model/types";
import { forbidden } from "./denials";
import type { Engine, PreparedApi } from "./engine";
import type { RequestPath } from "./path";
import type { Assumptions, SyncPorts } from "./ports";
import type { RequestFacts } from "./request-context";
import type { AuthorizationContext, Decision, Denial, TraceStep, WireRequest } from "./types";

/** One request on its way through the checks. */
export interface Course {
  readonly engine: Engine;
  readonly prepared: PreparedApi;
  readonly request: WireRequest;
  readonly ports: SyncPorts;
  readonly assumptions: Assumptions;
  /** Milliseconds since the epoch; read once, so that all checks of one request agree. */
  readonly now: number;
  readonly path: RequestPath;
  readonly methodArn: string;
  readonly stage: Stage | undefined;
  readonly route: Route | undefined;
  /** Where both are known. */
  readonly facts: RequestFacts | undefined;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** The request as policies see it while nobody is signed. */
  readonly anonymous: AccessRequest;
  /** Written down as they happen, put into words only when somebody reads the trace. */
  readonly steps: (() => TraceStep)[];
}

/** A course whose stage and route are known: what every authorization type but an unmatched route starts from. */
export type RoutedCourse = Course & { readonly stage: Stage; readonly route: Route; readonly facts: RequestFacts };

export function isRouted(course: Course): course is RoutedCourse {
  return course.facts !== undefined;
}

export function deny(course: Course, denial: Denial, decidedBy?: StatementRef): Decision {
  return decision(course, "deny", {}, { denial, decidedBy });
}

/**
 * Admits the request, except where it cannot have reached the API at all: a private API is there only for requests
 * through an interface endpoint, whatever its policies say (Private REST APIs in API Gateway). The check comes last
 * so that a trace still shows what the policies say.
 */
export function allow(course: Course, authorization: AuthorizationContext, decidedBy?: StatementRef): Decision {
  const { endpointType, source } = course.prepared.api;
  if (endpointType === "PRIVATE" && course.request.network.vpc === undefined) {
    course.steps.push(() => ({
      step: "network",
      result: "deny",
      because:
        "The API is PRIVATE and the request did not come through a VPC endpoint, so on AWS it never reaches the API. " +
        "It would be admitted through an execute-api interface endpoint.",
      source,
    }));
    return deny(course, forbidden());
  }
  return decision(course, "allow", authorization, { decidedBy });
}

function decision(
  course: Course,
  outcome: Decision["outcome"],
  authorization: AuthorizationContext,
  more: Pick<Decision, "denial" | "decidedBy">,
): Decision {
  const { prepared, stage, route, pathParameters, path, methodArn, steps } = course;
  let trace: readonly TraceStep[] | undefined;
  return {
    outcome,
    api: prepared.api,
    stage,
    route,
    pathParameters,
    path: path.path,
    methodArn,
    authorization,
    ...more,
    get trace() {
      return (trace ??= steps.map((step) => step()));
    },
  };
}
