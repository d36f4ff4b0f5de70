import type { Api, Stage } from "../model/types";
import { LONGEST_METHOD_ARN_BYTES, methodArn } from "./arn";
import { decideIam, decideUnmatched } from "./auth-iam";
import { beginLambda } from "./auth-lambda";
import { decideCognito } from "./auth-cognito";
import { decideNone } from "./auth-none";
import { requestKeys } from "./context-keys";
import type { Course } from "./course";
import { deny, isRouted } from "./course";
import { forbidden, uriTooLong } from "./denials";
import { refuseAnonymousDoubt } from "./doubts";
import type { Engine } from "./engine";
import { decodeUnreserved, readPath } from "./path";
import type { Begun, PendingAuthorizer } from "./pending";
import type { Assumptions, AuthorizerOutcome, Ports, SyncPorts } from "./ports";
import { admittedInBoth } from "./readings";
import type { Decision, TraceStep, WireRequest } from "./types";
import { refuseUnresolved } from "./unresolved";
import { lastHeader } from "./wire";

export type { PendingAuthorizer } from "./pending";

/**
 * Decides one request, as API Gateway does: stage, route, length, then the checks of the method's authorization type.
 *
 * @param api one of the engine's model
 * @throws never for anything a request can hold; passes on what `ports` throw
 */
export async function decide(
  engine: Engine,
  api: Api,
  request: WireRequest,
  ports: Ports,
  assumptions: Assumptions = {},
): Promise<Decision> {
  const begun = begin(engine, api, request, ports, assumptions);
  if (!("pending" in begun)) return begun;
  const started = ports.now();
  const outcome = await ports.invokeAuthorizer(begun.authorizer, begun.event());
  return complete(begun, outcome, ports.now() - started);
}

/** The same without waiting: a decision, or what is needed to finish it. */
export function begin(
  engine: Engine,
  api: Api,
  request: WireRequest,
  ports: SyncPorts,
  assumptions: Assumptions = {},
): Begun {
  const prepared = engine.apis.get(api.address);
  if (prepared === undefined) throw new Error(`The engine was prepared without the API ${api.address}.`);
  const given = { engine, prepared, request, ports, assumptions, now: ports.now() };
  const read = (rawPath: string): Begun => follow(start(given, rawPath));
  const asSent = read(request.rawPath);
  const decoded = decodeUnreserved(request.rawPath);
  return decoded === request.rawPath ? asSent : admittedInBoth(asSent, read(decoded));
}

/** The checks of one request, in their order. */
function follow(course: Course): Begun {
  const { request } = course;
  const { api } = course.prepared;
  if (usesDisabledEndpoint(api, request)) return endpointDisabled(course);
  const { stage } = course;
  if (stage === undefined) return noSuchStage(course);
  traceRoute(course, stage);
  const unresolved = refuseUnresolved(course);
  if (unresolved !== undefined) return unresolved;
  if (isTooLong(course)) return tooLong(course);
  if (!isRouted(course)) return decideUnmatched(course);
  const { auth } = course.route;
  const doubted = auth.type === "AWS_IAM" ? undefined : refuseAnonymousDoubt(course);
  if (doubted !== undefined) return doubted;
  switch (auth.type) {
    case "NONE":
      return decideNone(course);
    case "AWS_IAM":
      return decideIam(course);
    case "COGNITO_USER_POOLS":
      return decideCognito(course, auth);
    case "CUSTOM":
      return beginLambda(course, auth.authorizer);
  }
}

/** Finishes what `begin` left open. An answer that fulfils the contract enters the authorizer's cache. */
export function complete(pending: PendingAuthorizer, outcome: AuthorizerOutcome, latencyMs = 0): Decision {
  return pending.complete(outcome, latencyMs);
}

type Given = Pick<Course, "engine" | "prepared" | "request" | "ports" | "assumptions" | "now">;

function start(given: Given, rawPath: string): Course {
  const { engine, prepared, request, ports, assumptions, now } = given;
  const { api } = prepared;
  const path = readPath(rawPath);
  const stage = prepared.stages.get(path.stage);
  const match = stage && prepared.routes.match(request.method, path);
  const route = match?.route;
  const resource = methodArn(api, path.stage, request.method, path.path);
  // Named one by one, not spread: an object that grows after a spread costs as much as half of a decision.
  return {
    engine,
    prepared,
    request,
    ports,
    assumptions,
    now,
    path,
    methodArn: resource,
    stage,
    route,
    facts: stage && route && { api, stage, route, request, now },
    pathParameters: match?.pathParameters ?? {},
    anonymous: {
      principal: { kind: "anonymous" },
      action: "execute-api:Invoke",
      resource,
      context: requestKeys(request, api.endpointType, engine.vpcEndpoints, now),
    },
    steps: rawPath === request.rawPath ? [] : [() => decodedStep(rawPath, api)],
  };
}

function decodedStep(rawPath: string, { source }: Api): TraceStep {
  return {
    step: "route",
    result: "decoded",
    because: `The path holds escapes of characters that need none, and is decided as sent and decoded. This is ${rawPath}. Send it without these escapes.`,
    source,
  };
}

/** The default endpoint is known by its host; a local host stands for the custom domain that is left. */
function usesDisabledEndpoint(api: Api, request: WireRequest): boolean {
  if (!api.disableExecuteApiEndpoint) return false;
  return /\.execute-api\.[a-z0-9-]+\.amazonaws\.com/i.test(lastHeader(request, "host") ?? "");
}

function endpointDisabled(course: Course): Decision {
  course.steps.push(() => ({
    step: "stage",
    result: "deny",
    because:
      "The API's default execute-api endpoint is disabled and the request names it as its host. Call the API's custom domain.",
    source: course.prepared.api.source,
  }));
  return deny(course, forbidden());
}

function noSuchStage(course: Course): Decision {
  course.steps.push(() => {
    const known = [...course.prepared.stages.keys()].map((name) => `/${name}`).join(", ") || "none";
    return {
      step: "stage",
      result: "missing",
      because: `The path ${course.request.rawPath} begins with no stage of the API. Its stages: ${known}.`,
      source: course.prepared.api.source,
    };
  });
  return deny(course, forbidden());
}

function traceRoute(course: Course, stage: Stage): void {
  course.steps.push(() => ({
    step: "stage",
    result: "matched",
    because: `${course.prepared.api.name}, stage ${stage.name}.`,
    source: stage.source,
  }));
  course.steps.push(() => {
    const { route, request, path, prepared } = course;
    const asked = `${request.method} ${path.path}`;
    if (route !== undefined) {
      return {
        step: "route",
        result: "matched",
        because: `${asked} is served by ${route.method} ${route.path}, protected by ${route.auth.type}.`,
        source: route.source,
      };
    }
    const verbs = prepared.api.routes
      .filter(({ path: template }) => template === path.path)
      .map(({ method }) => method);
    const hint = verbs.length === 0 ? "" : ` At this path there is ${verbs.join(", ")}.`;
    return {
      step: "route",
      result: "missing",
      because: `No route serves ${asked}, so it is treated as a method protected by AWS_IAM.${hint} Define the method, or correct the path or verb.`,
      source: prepared.api.source,
    };
  });
}

/** Applies where authorization or a resource policy is active (API Gateway quotas). */
function isTooLong({ methodArn: arn, route, prepared }: Course): boolean {
  if (arn.length * 4 <= LONGEST_METHOD_ARN_BYTES || Buffer.byteLength(arn) <= LONGEST_METHOD_ARN_BYTES) return false;
  return route?.auth.type !== "NONE" || prepared.policy !== undefined || prepared.api.endpointType === "PRIVATE";
}

function tooLong(course: Course): Decision {
  course.steps.push(() => ({
    step: "route",
    result: "deny",
    because: `The method ARN has ${Buffer.byteLength(course.methodArn)} bytes; with authorization or a resource policy at most ${LONGEST_METHOD_ARN_BYTES} are allowed. Shorten the path.`,
    source: course.route?.source ?? course.prepared.api.source,
  }));
  return deny(course, uriTooLong());
}
