import type { CompiledPolicy, CompiledStatement, Condition, Pattern } from "../iam";
import { conditionHolds, contextKeys } from "../iam";
import { isVariable } from "../iam/pattern";
import type { AccessRequest, ContextKeys, PolicyKind } from "../iam/types";
import type { Api } from "../model/types";
import type { Caller } from "./types";

/** What decides which condition keys a request has on AWS, beside those whose values are known. */
export interface KeyFacts {
  /** Absent where nobody signed. */
  readonly caller?: Caller | undefined;
  /** Whether the request came through an interface endpoint. */
  readonly throughEndpoint: boolean;
  readonly api: Pick<Api, "region" | "accountId">;
}

/**
 * Keys that AWS gives to every signed call (AWS global condition context keys: "Always included in the request
 * context"). No AWS service stands between the caller and the API here, nor is one the caller.
 */
export function callKeys(api: KeyFacts["api"]): ContextKeys {
  let keys = ofCalls.get(api);
  if (keys === undefined) {
    keys = contextKeys({
      "aws:RequestedRegion": api.region,
      "aws:ResourceAccount": api.accountId,
      "aws:ViaAWSService": "false",
      "aws:PrincipalIsAWSService": "false",
    });
    ofCalls.set(api, keys);
  }
  return keys;
}

const ofCalls = new WeakMap<KeyFacts["api"], ContextKeys>();

function globalKeys(...names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => `aws:${name.toLowerCase()}`));
}

/** There for calls that an AWS service makes, or passes on, alone. */
export const OF_SERVICES = globalKeys(
  ...["CalledVia", "CalledViaFirst", "CalledViaLast", "PrincipalServiceName", "PrincipalServiceNamesList"],
  ...["SourceAccount", "SourceOrgID", "SourceOrgPaths"],
);

/** Of these the keys of a request say everything: what they hold, or that they are not there. */
const TOLD: ReadonlySet<string> = new Set([
  ...globalKeys(
    ...["CurrentTime", "EpochTime", "SecureTransport", "SourceIp", "Referer", "UserAgent"],
    ...["SourceVpc", "SourceVpce", "VpcSourceIp", "PrincipalAccount", "PrincipalArn", "PrincipalType", "username"],
    ...["PrincipalOrgID", "TokenIssueTime", "MultiFactorAuthPresent", "MultiFactorAuthAge"],
    // There for calls with tags in them, and with privileged sessions of the root user.
    ...["TagKeys", "AssumedRoot"],
  ),
  ...OF_SERVICES,
]);

/** There where a session of a role was made in a certain way, of which nothing here says. */
const OF_SESSIONS = globalKeys(
  ...["FederatedProvider", "SourceIdentity", "ChatbotSourceArn", "SignInSessionArn"],
  ...["Ec2InstanceSourceVpc", "Ec2InstanceSourcePrivateIPv4"],
);

export const OF_ENDPOINTS = globalKeys("SourceVpcArn", "VpceAccount", "VpceOrgID", "VpceOrgPaths");

export function isTold(key: string): boolean {
  return TOLD.has(key) || key.startsWith("aws:principaltag/") || key.startsWith("aws:requesttag/");
}

/**
 * Whether a request may have a key on AWS of which nothing here says what it holds. Such a key is never taken to be
 * absent: a Deny under it would spare whom AWS denies.
 */
function isUnknown(key: string, kind: PolicyKind, { caller, throughEndpoint, api }: KeyFacts): boolean {
  if (isTold(key) || callKeys(api).has(key)) return false;
  if (key === "aws:userid") return caller?.madeUpId === true;
  if (key === "aws:principalorgpaths") return caller !== undefined;
  // IAM knows it in calls of AWS services alone; API Gateway lists it for resource policies "without criteria".
  if (key === "aws:sourcearn") return ofApiGateway(kind);
  if (OF_SESSIONS.has(key)) return caller?.issuedAt !== undefined;
  if (OF_ENDPOINTS.has(key)) return throughEndpoint;
  const namespace = key.slice(0, key.indexOf(":"));
  if (namespace === "aws" || namespace === "execute-api") return true;
  // Keys of an identity provider stay with the session; those of other services are in calls of these alone.
  return (namespace === "saml" || /[./]/.test(namespace)) && caller?.issuedAt !== undefined;
}

/**
 * Policies that API Gateway evaluates by its own table of keys (AWS condition keys that can be used in API Gateway
 * resource policies). Whether other keys of a call are there is UNCONFIRMED: what holds with and without them is held.
 */
function ofApiGateway(kind: PolicyKind): boolean {
  return kind === "resource" || kind === "vpc-endpoint" || kind === "authorizer";
}

/** Statements that read a key which is not always told; few do. */
const suspects = new WeakMap<CompiledPolicy, ReadonlySet<CompiledStatement>>();

export function suspectsIn(policy: CompiledPolicy): ReadonlySet<CompiledStatement> {
  let found = suspects.get(policy);
  if (found === undefined) {
    const keysOf = (statement: CompiledStatement): readonly string[] => [
      ...statement.conditions.flatMap((condition) => [condition.lowerKey, ...variablesOf(condition)]),
      ...variablesCovered(statement),
    ];
    found = new Set(policy.statements.filter((statement) => !keysOf(statement).every(isTold)));
    suspects.set(policy, found);
  }
  return found;
}

/** The key for which it cannot be told whether a condition holds, where there is one. */
export function unknownKey(
  condition: Condition,
  { ref: { kind, effect } }: CompiledStatement,
  request: AccessRequest,
  facts: KeyFacts,
): string | undefined {
  const { lowerKey, key } = condition;
  const variable = variablesOf(condition).find((name) => isVague(name, kind, facts));
  if (variable !== undefined) return variable;
  if (isUnknown(lowerKey, kind, facts)) return leavesOpen(condition, request) ? key : undefined;
  if (!ofApiGateway(kind) || !callKeys(facts.api).has(lowerKey)) return undefined;
  const without = new Map(request.context);
  without.delete(lowerKey);
  const present = new Map([...request.context, ...callKeys(facts.api)]);
  const [one, other] = [without, present].map((context) => conditionHolds(condition, effect, { ...request, context }));
  return one === other ? undefined : key;
}

/** Whether it depends on what a key of which nothing is known holds, whether a condition on it holds. */
export function leavesOpen({ lowerKey, operator, values }: Condition, request: AccessRequest): boolean {
  // Of an id that is made up, the kind and the name of the session are what they are on AWS.
  if (lowerKey === "aws:userid" && values.every(({ source }) => /^(?:AROA|AIDA)?\*(?::[^$]*)?$/.test(source))) {
    return !request.context.has(lowerKey);
  }
  // That it is there is all that `Null` asks.
  return operator.type !== "null" || !request.context.has(lowerKey);
}

/** The variable for which it cannot be told which resources a statement covers, where there is one. */
export function unknownVariable(statement: CompiledStatement, facts: KeyFacts): string | undefined {
  return variablesCovered(statement).find((name) => isVague(name, statement.ref.kind, facts));
}

function isVague(variable: string, kind: PolicyKind, facts: KeyFacts): boolean {
  return isUnknown(variable, kind, facts) || (ofApiGateway(kind) && callKeys(facts.api).has(variable));
}

export function variablesOf({ values }: Condition): readonly string[] {
  return variablesIn(values.flatMap(({ pattern }) => pattern ?? []));
}

export function variablesCovered({ resource }: CompiledStatement): readonly string[] {
  return variablesIn(resource?.patterns ?? []);
}

function variablesIn(patterns: readonly Pattern[]): readonly string[] {
  return patterns.flatMap(({ tokens }) => tokens.filter(isVariable).map(({ key }) => key));
}
