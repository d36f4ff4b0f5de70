import type { AccessDecision, AccessInput, CompiledPolicy, CompiledStatement, Condition } from "../iam";
import { checksOf, decideAccess, reducePolicies, statementApplies } from "../iam";
import type { AccessRequest, Effect, Verdict } from "../iam/types";
import type { Course, RoutedCourse } from "./course";
import { deny } from "./course";
import { apiConfiguration } from "./denials";
import { endpointPolicy } from "./perimeter";
import type { Caller, Decision, StepName } from "./types";
import { statementSource } from "./words";
import { suspectsIn, unknownKey, unknownVariable } from "./unknown-keys";

/** A statement of which it cannot be told whether it applies. */
export interface Doubt {
  /** Without what cannot be told of it. */
  readonly statement: CompiledStatement;
  readonly because: string;
}

/** Which keys of policies cannot be told of a request. */
export interface Untold {
  /** The statements that may read one; others are not looked at. */
  readonly suspectsIn: (policy: CompiledPolicy) => Iterable<CompiledStatement>;
  /** The key for which it cannot be told which resources a statement covers, where there is one. */
  readonly variable: (statement: CompiledStatement) => string | undefined;
  /** The key for which it cannot be told whether a condition of a statement holds, where there is one. */
  readonly key: (condition: Condition, statement: CompiledStatement, request: AccessRequest) => string | undefined;
}

/** What cannot be told of a request to an API. */
export function untoldOf({ prepared: { api }, request }: Course, caller?: Caller): Untold {
  const facts = { api, caller, throughEndpoint: request.network.vpc !== undefined };
  return {
    suspectsIn,
    variable: (statement) => unknownVariable(statement, facts),
    key: (condition, statement, asked) => unknownKey(condition, statement, asked, facts),
  };
}

/**
 * Why it cannot be told whether a request is allowed. What cannot be told of statements is read in both ways: every
 * doubtful Deny applies and no doubtful Allow, then the other way round. Where both come to the same, so does AWS.
 */
export function doubtAboutAccess(input: AccessInput, untold: Untold): Doubt | undefined {
  const { identityPolicies, resourcePolicy, vpcEndpointPolicy } = input;
  const { permissionsBoundaries = [], sessionPolicies = [], serviceControlPolicies = [] } = input;
  const policies = [
    ...identityPolicies,
    resourcePolicy,
    vpcEndpointPolicy,
    ...permissionsBoundaries,
    ...sessionPolicies,
    ...serviceControlPolicies.flat(),
  ].filter((policy) => policy !== undefined);
  const doubts = doubtsIn(policies, input.request, untold);
  if (doubts.size === 0) return undefined;
  const decide = (applying: Effect): AccessDecision => {
    const read = (policy: CompiledPolicy): CompiledPolicy => readAs(applying, policy, doubts);
    const one = (policy: CompiledPolicy | undefined) => policy && read(policy);
    return decideAccess({
      ...input,
      identityPolicies: identityPolicies.map(read),
      resourcePolicy: one(resourcePolicy),
      vpcEndpointPolicy: one(vpcEndpointPolicy),
      permissionsBoundaries: permissionsBoundaries.map(read),
      sessionPolicies: sessionPolicies.map(read),
      serviceControlPolicies: serviceControlPolicies.map((level) => level.map(read)),
    });
  };
  const { decision, request } = decide("Allow");
  const differs = (decision === "allowed") !== (decide("Deny").decision === "allowed");
  return differs ? applyingAmong(doubts, request) : undefined;
}

/**
 * Why it cannot be told what a policy says to a request that nobody signed.
 *
 * @param matters what of the verdict the answer depends on; default all of it
 */
export function doubtAboutPolicy(
  policy: CompiledPolicy,
  request: AccessRequest,
  untold: Untold,
  matters: (verdict: Verdict) => unknown = (verdict) => verdict,
): Doubt | undefined {
  const doubts = doubtsIn([policy], request, untold);
  if (doubts.size === 0) return undefined;
  const read = (applying: Effect) => matters(reducePolicies([readAs(applying, policy, doubts)], request).verdict);
  return read("Allow") === read("Deny") ? undefined : applyingAmong(doubts, request);
}

/** The refusal of a request that nobody signed, where it cannot be told what the policies before the API say to it. */
export function refuseAnonymousDoubt(course: RoutedCourse): Decision | undefined {
  const untold = untoldOf(course);
  // Silence refuses as a Deny does, but for a Lambda authorizer: what that returns may allow where the policy is silent.
  const isAllow = (verdict: Verdict) => verdict === "ALLOW";
  const ofApi = course.route.auth.type === "CUSTOM" ? undefined : isAllow;
  const { policy } = course.prepared;
  const resource = policy && doubtAboutPolicy(policy, course.anonymous, untold, ofApi);
  if (resource !== undefined) return refuseDoubt(course, "resource-policy", resource);
  const before = endpointPolicy(course);
  const endpoint = before && doubtAboutPolicy(before, course.anonymous, untold, isAllow);
  return endpoint && refuseDoubt(course, "vpc-endpoint-policy", endpoint);
}

/** Refuses what depends on a statement of which it cannot be told whether it applies. */
export function refuseDoubt(course: Course, step: StepName, doubt: Doubt): Decision {
  course.steps.push(() => ({
    step,
    result: "unresolved",
    because: `${describeDoubt(doubt)}.`,
    source: statementSource(doubt.statement.ref),
  }));
  return deny(course, apiConfiguration());
}

/** What cannot be told, without a full stop. */
export function describeDoubt({ statement: { ref }, because }: Doubt): string {
  return `It cannot be told whether statement ${ref.sid ?? ref.index} of ${ref.policy.address} applies: ${because}`;
}

type Doubts = ReadonlyMap<CompiledStatement, Doubt>;

function doubtsIn(policies: readonly CompiledPolicy[], request: AccessRequest, untold: Untold): Doubts {
  const doubts = new Map<CompiledStatement, Doubt>();
  for (const statement of policies.flatMap((policy) => [...untold.suspectsIn(policy)])) {
    const variable = untold.variable(statement);
    const unknown = statement.conditions.map((condition) => untold.key(condition, statement, request));
    const key = variable ?? unknown.find((one) => one !== undefined);
    if (key === undefined) continue;
    const rest = {
      ...statement,
      resource: variable === undefined ? statement.resource : undefined,
      conditions: statement.conditions.filter((_, index) => unknown[index] === undefined),
    };
    const because = `nothing says what ${key} holds for the caller`;
    doubts.set(statement, { statement: { ...rest, checks: checksOf(rest) }, because });
  }
  return doubts;
}

/** The policy as it reads where its doubtful statements of one effect apply as far as can be told, and no others. */
function readAs(applying: Effect, policy: CompiledPolicy, doubts: Doubts): CompiledPolicy {
  const statements = policy.statements.flatMap((statement) => {
    const doubt = doubts.get(statement);
    if (doubt === undefined) return [statement];
    return statement.effect === applying ? [doubt.statement] : [];
  });
  return { ...policy, statements };
}

function applyingAmong(doubts: Doubts, request: AccessRequest): Doubt | undefined {
  return [...doubts.values()].find(({ statement }) => statementApplies(statement, request));
}
