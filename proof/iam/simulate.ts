import { InputError } from "../errors";
import { repeatedMembers } from "../json-members";
import { parseArn } from "./arn";
import type { AccessOutcome } from "./combine";
import { compilePolicy } from "./compile";
import type { CompiledPolicy } from "./compile";
import { awsPrincipal, contextKeys, principalContext } from "./context";
import { decideAccess } from "./decide";
import { parseSimulation } from "./simulation";
import type { Simulation } from "./simulation";
import type { ExecuteApi } from "./shorthand";
import type { AccessRequest, ContextKeys, PolicyKind, Principal } from "./types";

/** The answer to one line, named after SimulateCustomPolicy. */
export interface SimulationResult {
  readonly id: unknown;
  readonly decision: AccessOutcome | "invalid";
  /** The statements that brought the decision about, by the field that holds their policy and their Sid or index. */
  readonly matched?: readonly { readonly policy: string; readonly statement: string | number }[];
  readonly error?: string;
}

/** Policies kept compiled between lines: simulations ask many questions of few policies. */
const CACHE_SIZE = 2_000;

/** Answers one line of JSON after another; a line that cannot be answered is `invalid`, and never ends the run. */
export class Simulator {
  private readonly cache = new Map<string, CompiledPolicy>();

  answer(line: string): SimulationResult {
    let id: unknown = null;
    try {
      const value: unknown = parseLine(line);
      id = (value as { id?: unknown } | null)?.id ?? null;
      JSON.stringify(id);
      const repeated = repeatedMembers(line, value);
      if (repeated.length > 0) throw new InputError({ what: `stands twice in one object: ${repeated.join(", ")}.` });
      return { id, ...this.decide(parseSimulation(value)) };
    } catch (error) {
      // What is nested deeper than the stack is high can be read, but neither compared nor written out.
      if (error instanceof RangeError) return { id: null, decision: "invalid", error: "the line is nested too deep." };
      if (!(error instanceof InputError)) throw error;
      return { id, decision: "invalid", error: error.message };
    }
  }

  private decide(simulation: Simulation): Omit<SimulationResult, "id"> {
    const { action, resource } = simulation;
    const principal = principalOf(simulation);
    const request: AccessRequest = { principal, action, resource, context: contextOf(simulation, principal) };
    const all = (field: keyof Simulation, kind: PolicyKind, policies: readonly unknown[]) =>
      policies.map((policy, i) => this.compile(policy, kind, `${field}[${i}]`));
    const one = (field: keyof Simulation, kind: PolicyKind, policy: unknown) =>
      policy === undefined ? undefined : this.compile(policy, kind, field, executeApiOf(resource));
    const problems: string[] = [];
    const collect = <T>(compile: () => T): T | undefined => {
      try {
        return compile();
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        problems.push(error.message);
        return undefined;
      }
    };
    // A role's trust policy is the resource policy of the role that is assumed.
    const resourceKind = /^sts:assumerole/i.test(action) ? "trust" : "resource";
    const identityPolicies = collect(() => all("identityPolicies", "identity", simulation.identityPolicies));
    const resourcePolicy = collect(() => one("resourcePolicy", resourceKind, simulation.resourcePolicy));
    const boundaries = collect(() => all("permissionsBoundaries", "boundary", simulation.permissionsBoundaries));
    const sessionPolicies = collect(() => all("sessionPolicies", "session", simulation.sessionPolicies));
    const vpcEndpointPolicy = collect(() => one("vpcEndpointPolicy", "vpc-endpoint", simulation.vpcEndpointPolicy));
    const levels = collect(() =>
      simulation.serviceControlPolicies.map((level, i) =>
        level.map((policy, j) => this.compile(policy, "service-control", `serviceControlPolicies[${i}][${j}]`)),
      ),
    );
    if (problems.length > 0) throw new InputError({ what: problems.join("\n") });
    const decision = decideAccess({
      request,
      resourceOwner: ownerOf(simulation, principal),
      identityPolicies: identityPolicies ?? [],
      resourcePolicy,
      permissionsBoundaries: boundaries,
      sessionPolicies,
      serviceControlPolicies: levels,
      vpcEndpointPolicy,
    });
    const matched = decision.matched.map((ref) => ({ policy: ref.policy.address, statement: ref.sid ?? ref.index }));
    return { decision: decision.decision, matched };
  }

  private compile(document: unknown, kind: PolicyKind, address: string, executeApi?: ExecuteApi): CompiledPolicy {
    const key = JSON.stringify([kind, address, executeApi, document]);
    const known = this.cache.get(key);
    if (known !== undefined) return known;
    const source = { file: "", address };
    const compiled = compilePolicy(document, { kind, source, executeApi });
    // A line that asks for one of them again compiles it again.
    if (this.cache.size >= CACHE_SIZE) this.cache.clear();
    this.cache.set(key, compiled);
    return compiled;
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new InputError({ what: `the line is not JSON: ${(error as Error).message}.` });
  }
}

/** A user, role, session, federated user or root ARN; a service; an identity provider; or nobody. */
function principalOf(simulation: Simulation): Principal {
  const { callerArn, context } = simulation;
  if (callerArn === null) return { kind: "anonymous" };
  if (/^arn:[^:]+:iam::\d{12}:(saml|oidc)-provider\/./.test(callerArn)) {
    return { kind: "federated", provider: callerArn };
  }
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(callerArn)) {
    // Cognito's identity pools are a provider, though their name is that of a service.
    return callerArn.endsWith(".amazonaws.com") && callerArn !== "cognito-identity.amazonaws.com"
      ? { kind: "service", service: callerArn }
      : { kind: "federated", provider: callerArn };
  }
  const principal = awsPrincipal(callerArn);
  if (principal === undefined) {
    throw new InputError({
      what: `callerArn ${JSON.stringify(callerArn)} is no principal.`,
      next: "Name a user, role, role session, federated user or root by its ARN, a service or provider, or null.",
    });
  }
  // The ARN of a session does not hold the IAM path of its role; the context may.
  const given = Object.entries(context).find(([key]) => key.toLowerCase() === "aws:principalarn")?.[1];
  const principalArn = given?.length === 1 ? given[0] : undefined;
  if (principalArn === undefined) return principal;
  const pathless = (arn: string): string => arn.replace(/:role\/.*\//, ":role/");
  const same = callerArn.includes(":assumed-role/") ? pathless(principalArn) : principalArn;
  if (same === principal.principalArn) return { ...principal, principalArn };
  throw new InputError({
    what: `aws:PrincipalArn is ${JSON.stringify(principalArn)} in the context, and the caller is ${callerArn}.`,
    next: "It is the ARN of the user, or of the role of a session with its path.",
  });
}

/** What follows from the caller itself, unless the line says otherwise. */
function contextOf(simulation: Simulation, principal: Principal): ContextKeys {
  const keys = new Map(contextKeys(principalContext(principal)));
  for (const [key, values] of contextKeys(simulation.context)) keys.set(key, values);
  return keys;
}

function ownerOf(simulation: Simulation, principal: Principal): string {
  const { resourceOwner, resource } = simulation;
  if (resourceOwner !== undefined) return resourceOwner;
  const owner = parseArn(resource)?.accountId ?? "";
  if (/^\d{12}$/.test(owner)) return owner;
  return principal.kind === "aws" ? principal.accountId : "";
}

/** The API whose policy `execute-api:/…` is part of is the one that the request is for. */
function executeApiOf(resource: string): ExecuteApi | undefined {
  const arn = parseArn(resource);
  if (arn?.service !== "execute-api") return undefined;
  const { partition, region, accountId } = arn;
  return { partition, region, accountId, apiId: arn.resource.split("/")[0] ?? "" };
}
