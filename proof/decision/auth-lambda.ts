import { combineSameAccount, reducePolicies } from "../iam";
import type { LambdaAuthorizer } from "../model/types";
import { cacheKey } from "./authorizer-cache";
import { requestEvent, tokenEvent } from "./authorizer-event";
import type { AuthorizerResult } from "./authorizer-output";
import { readAuthorizerOutput } from "./authorizer-output";
import type { RoutedCourse } from "./course";
import { allow, deny } from "./course";
import { apiConfiguration, authorizerConfiguration, authorizerDenied, unauthorized } from "./denials";
import type { PreparedLambdaAuthorizer } from "./authorizers";
import { doubtAboutPolicy, untoldOf, refuseDoubt } from "./doubts";
import type { Begun } from "./pending";
import { anonymousResourceVerdict, refuseAnonymous, refusedByEndpoint } from "./perimeter";
import type { ResourceVerdict } from "./perimeter";
import type { AuthorizerOutcome } from "./ports";
import type { Reduction } from "../iam/types";
import type { Decision, TraceStep } from "./types";
import { combineStep, policyStep } from "./words";

/**
 * Authorization CUSTOM, in two phases (API Gateway resource policy evaluation workflow): an explicit Deny of the
 * resource policy ends the request before anything else; then the identity sources, the cache or the function, and
 * what it returned is combined with the resource policy as for a caller of the same account.
 *
 * Whether the Deny or the missing identity source is answered first is UNCONFIRMED; the documentation puts the policy
 * before the authorizer, and that order tells a denied network nothing of the authorizer.
 */
export function beginLambda(course: RoutedCourse, authorizer: LambdaAuthorizer): Begun {
  const prepared = course.prepared.lambda.get(authorizer.address);
  if (prepared === undefined) return deny(course, apiConfiguration());
  const resource = anonymousResourceVerdict(course);
  const closed = resource.verdict === "NEITHER" && course.prepared.policy === undefined;
  if (resource.verdict === "DENY" || closed) {
    return refuseAnonymous(course, !closed, "resource-based policy", resource.decidedBy);
  }
  const refused = refusedByEndpoint(course);
  if (refused !== undefined) return refused;
  const identity = prepared.sources.map(({ expression, values }) => ({ expression, values: values(course.facts) }));
  const unidentified = missingIdentity(course, prepared, identity);
  if (unidentified !== undefined) return unidentified;
  return answerOf(course, prepared, resource, identity);
}

/** An identity source and the values that the request holds for it. */
interface Identity {
  readonly expression: string;
  readonly values: readonly string[];
}

/** 401 before the function runs, also where nothing is cached (recorded with a TTL of 0). */
function missingIdentity(
  course: RoutedCourse,
  { authorizer, regex }: PreparedLambdaAuthorizer,
  identity: readonly Identity[],
): Decision | undefined {
  const refuse = (result: string, because: () => string): Decision => {
    course.steps.push(() => ({ step: "identity-source", result, because: because(), source: authorizer.source }));
    return deny(course, unauthorized());
  };
  for (const { expression, values } of identity) {
    const [value, ...others] = new Set(values);
    if (value === undefined) {
      return refuse("missing", () => `${expression} is missing or empty, so the authorizer is not called. Send it.`);
    }
    // Which of several values AWS hands on is UNCONFIRMED, and a cache keyed by one must not answer for another.
    if (authorizer.type === "TOKEN" && others.length > 0) {
      return refuse("deny", () => `${expression} is in the request with ${others.length + 1} values. Send one.`);
    }
    if (regex?.test(value) === false) {
      return refuse(
        "deny",
        () =>
          `${expression} does not match the validation expression ${authorizer.identityValidationExpression}, so the authorizer is not called.`,
      );
    }
  }
  course.steps.push(() => ({
    step: "identity-source",
    result: "matched",
    because:
      identity.length === 0
        ? "The authorizer has no identity source, so it is called for every request."
        : `Present and not empty: ${identity.map(({ expression }) => expression).join(", ")}.`,
    source: authorizer.source,
  }));
  return undefined;
}

function answerOf(
  course: RoutedCourse,
  prepared: PreparedLambdaAuthorizer,
  resource: ResourceVerdict,
  identity: readonly Identity[],
): Begun {
  const { authorizer } = prepared;
  const { cache } = course.engine;
  const { api } = course.prepared;
  const assumed = assumedOutcome(course, authorizer);
  if (assumed !== undefined) return settle(course, authorizer, resource, assumed, 0, () => undefined);
  const ttlMs = authorizer.resultTtlSeconds * 1000;
  const values = identity.map((source) => source.values);
  const key = ttlMs > 0 ? cacheKey([api.address, course.stage.name, authorizer.address], values) : undefined;
  const cached = key === undefined ? undefined : cache.get(key, course.now);
  course.steps.push(() => ({
    step: "authorizer",
    result: cached === undefined ? "miss" : "hit",
    because: cacheWords(authorizer, cached !== undefined),
    source: authorizer.source,
  }));
  if (cached !== undefined) return judge(course, authorizer, resource, cached, 0);
  return {
    pending: true,
    authorizer,
    event: () => eventOf(course, authorizer, values),
    complete: (outcome, latencyMs) =>
      settle(course, authorizer, resource, outcome, latencyMs, (result) => {
        if (key !== undefined) cache.set(key, result, course.ports.now() + ttlMs);
      }),
  };
}

/** What the authorizer is taken to answer; undefined where it has to be asked. */
function assumedOutcome(course: RoutedCourse, authorizer: LambdaAuthorizer): AuthorizerOutcome | undefined {
  const { authorizers, authorizerResult: payload, authorizerRefused } = course.assumptions;
  const knows = authorizers?.includes(authorizer.name) ?? true;
  if (knows && !("authorizerResult" in course.assumptions)) return undefined;
  const refused = authorizerRefused?.(course.prepared.api, course.stage, authorizer);
  if (refused !== undefined) return { cannotInvoke: refused };
  return knows ? { payload } : { errorMessage: "Unauthorized" };
}

function cacheWords(authorizer: LambdaAuthorizer, hit: boolean): string {
  const ttl = authorizer.resultTtlSeconds;
  if (ttl === 0) return `${authorizer.name} does not cache (TTL 0): the function is called for every request.`;
  return hit
    ? `${authorizer.name} answered for these identity values within the last ${ttl} s; that policy is evaluated again for this request.`
    : `${authorizer.name} has no answer for these identity values that is younger than ${ttl} s: the function is called.`;
}

function eventOf(course: RoutedCourse, authorizer: LambdaAuthorizer, values: readonly (readonly string[])[]): unknown {
  if (authorizer.type === "TOKEN") return tokenEvent(course.methodArn, values[0]?.[0] ?? "");
  return requestEvent(course.facts, course.methodArn, course.path.path, course.pathParameters);
}

/** Recorded: exactly the error text `Unauthorized` is 401; any other error and any malformed answer 500 without words. */
function settle(
  course: RoutedCourse,
  authorizer: LambdaAuthorizer,
  resource: ResourceVerdict,
  outcome: AuthorizerOutcome,
  latencyMs: number,
  keep: (result: AuthorizerResult) => void,
): Decision {
  const fail = (denial: ReturnType<typeof unauthorized>, because: string): Decision => {
    course.steps.push(() => ({ step: "authorizer", result: "deny", because, source: authorizer.source }));
    return deny(course, denial);
  };
  if ("cannotInvoke" in outcome) {
    return fail(authorizerConfiguration(), `${authorizer.name} cannot be called: ${outcome.cannotInvoke}`);
  }
  if ("errorMessage" in outcome) {
    return outcome.errorMessage === "Unauthorized"
      ? fail(unauthorized(), `${authorizer.name} failed with exactly 'Unauthorized', which is answered 401.`)
      : fail(
          authorizerConfiguration(),
          `${authorizer.name} failed with an error other than exactly 'Unauthorized', which is answered 500. See the function's log.`,
        );
  }
  const answer = readAuthorizerOutput(outcome.payload, authorizer.source);
  if ("invalid" in answer) {
    return fail(authorizerConfiguration(), `${authorizer.name} broke its output contract: ${answer.invalid}.`);
  }
  keep(answer.result);
  return judge(course, authorizer, resource, answer.result, latencyMs);
}

/** The returned policy against this very request, combined with the resource policy. */
function judge(
  course: RoutedCourse,
  authorizer: LambdaAuthorizer,
  resource: ResourceVerdict,
  result: AuthorizerResult,
  latencyMs: number,
): Decision {
  const doubt = doubtAboutPolicy(result.policy, course.anonymous, untoldOf(course));
  if (doubt !== undefined) return refuseDoubt(course, "authorizer-policy", doubt);
  const reduction = reducePolicies([result.policy], course.anonymous);
  course.steps.push(() => authorizerPolicyStep(course, authorizer, result, reduction));
  const resourceVerdict = resource.verdict === "NONE" ? "NEITHER" : resource.verdict;
  const combined = combineSameAccount(reduction.verdict, resourceVerdict);
  course.steps.push(() =>
    combineStep(course.anonymous, {
      table: "A",
      party: "authorizer policy",
      who: `the principal '${result.principalId}'`,
      own: reduction.verdict,
      resource: resource.verdict,
      outcome: combined,
    }),
  );
  if (combined !== "allowed") {
    const explicit = combined === "explicitDeny";
    return deny(course, authorizerDenied(explicit, course.engine.wording), reduction.decidedBy);
  }
  const { usageIdentifierKey } = result;
  return allow(
    course,
    {
      authorizer: { ...result.rendered, integrationLatency: latencyMs },
      ...(usageIdentifierKey === undefined || course.prepared.api.apiKeySource !== "AUTHORIZER"
        ? {}
        : { usageIdentifierKey }),
    },
    reduction.verdict === "ALLOW" ? reduction.decidedBy : resource.decidedBy,
  );
}

/** A policy without any Allow is how authorizers say that they know the caller, and grant nothing. */
function authorizerPolicyStep(
  { anonymous }: RoutedCourse,
  { name }: LambdaAuthorizer,
  { policy, principalId }: AuthorizerResult,
  reduction: Reduction,
): TraceStep {
  const step = policyStep("authorizer-policy", `the policy that ${name} returned`, [policy], anonymous, reduction);
  const known = `${name} knows the caller as '${principalId}'`;
  const because = policy.statements.some(({ effect }) => effect === "Allow")
    ? `${known}. ${step.because}`
    : `${known} and granted it no route, so not ${anonymous.resource} either. Give the caller what the authorizer asks for, such as a scope of the route, or have the authorizer grant it.`;
  return { ...step, because };
}
