import type { AccessDecision, AccessInput, CompiledPolicy, CompiledStatement } from "../iam";
import { checksOf, decideAccess, reducePolicies, statementApplies } from "../iam";
import type { AccessRequest, Effect } from "../iam/types";
import type { Course } from "./course";
import { deny } from "./course";
import { apiConfiguration } from "./denials";
import { endpointPolicy } from "./perimeter";
import type { Caller, Decision, StepName } from "./types";
import { statementSource } from "./words";
import type { KeyFacts } from "./unknown-keys";
import { suspectsIn, unknownKey, unknownVariable } from "./unknown-keys";

/** A statement of which it cannot be told whether it applies. */
interface Doubt {
  /** Without what cannot be told of it. */
  readonly statement: CompiledStatement;
  readonly because: string;
}

export function factsOf({ prepared: { api }, request }: Course, caller?: Caller): KeyFacts {
  return { api, caller, throughEndpoint: request.network.vpc !== undefined };
}

/**
 * Why it cannot be told whether a request is allowed. What cannot be told of statements is read in both ways: every
 * doubtful Deny applies and no doubtful Allow, then the other way round. Where both come to the same, so does AWS.
 */
export function doubtAboutAccess(input: AccessInput, facts: KeyFacts): Doubt | undefined {
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
  const doubts = doubtsIn(policies, input.request, facts);
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

/** Why it cannot be told what a policy says to a request that nobody signed. */
export function doubtAboutPolicy(policy: CompiledPolicy, request: AccessRequest, facts: KeyFacts): Doubt | undefined {
  const doubts = doubtsIn([policy], request, facts);
  if (doubts.size === 0) return undefined;
  const verdict = (applying: Effect) => reducePolicies([readAs(applying, policy, doubts)], request).verdict;
  return verdict("Allow") === verdict("Deny") ? undefined : applyingAmong(doubts, request);
}

/** The refusal of a request that nobody signed, where it cannot be told what the policies before the API say to it. */
export function refuseAnonymousDoubt(course: Course): Decision | undefined {
  const facts = factsOf(course);
  const about = (policy: CompiledPolicy | undefined) => policy && doubtAboutPolicy(policy, course.anonymous, facts);
  const resource = about(course.prepared.policy);
  if (resource !== undefined) return refuseDoubt(course, "resource-policy", resource);
  const endpoint = about(endpointPolicy(course));
  return endpoint && refuseDoubt(course, "vpc-endpoint-policy", endpoint);
}

/** Refuses what depends on a statement of which it cannot be told whether it applies. */
export function refuseDoubt(course: Course, step: StepName, { statement, because }: Doubt): Decision {
  const { policy, sid, index } = statement.ref;
  course.steps.push(() => ({
    step,
    result: "unresolved",
    because: `It cannot be told whether statement ${sid ?? index} of ${policy.address} applies: ${because}.`,
    source: statementSource(statement.ref),
  }));
  return deny(course, apiConfiguration());
}

type Doubts = ReadonlyMap<CompiledStatement, Doubt>;

function doubtsIn(policies: readonly CompiledPolicy[], request: AccessRequest, facts: KeyFacts): Doubts {
  const doubts = new Map<CompiledStatement, Doubt>();
  for (const statement of policies.flatMap((policy) => [...suspectsIn(policy)])) {
    const variable = unknownVariable(statement, facts);
    const unknown = statement.conditions.map((condition) => unknownKey(condition, statement, request, facts));
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
