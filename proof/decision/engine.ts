import { InputError } from "../errors";
import type { InputProblem } from "../errors";
import type { PolicyKind } from "../iam/types";
import type { Api, Model, PolicyDocument, Stage, VpcEndpoint } from "../model/types";
import { AuthorizerCache } from "./authorizer-cache";
import type { PreparedAuthorizers } from "./authorizers";
import { prepareAuthorizers } from "./authorizers";
import type { Wording } from "./denials";
import type { CompiledPolicy } from "../iam";
import { compileApiPolicy, madeOf, PolicyStore } from "./policies";
import type { RouteTree } from "./routes";
import { compileRoutes } from "./routes";

export interface EngineOptions {
  /** Which generation of AWS's words denials carry. Default `current`. */
  readonly wording?: Wording;
  /** Answers of Lambda authorizers kept at most. Default 10,000. */
  readonly cacheEntries?: number;
}

/** Everything of a model that a decision needs, compiled once. */
export interface Engine {
  readonly model: Model;
  readonly wording: Wording;
  readonly cache: AuthorizerCache;
  readonly policies: PolicyStore;
  readonly vpcEndpoints: ReadonlyMap<string, VpcEndpoint>;
  readonly endpointPolicies: ReadonlyMap<string, CompiledPolicy>;
  /** By Terraform address. */
  readonly apis: ReadonlyMap<string, PreparedApi>;
}

export interface PreparedApi extends PreparedAuthorizers {
  readonly api: Api;
  readonly stages: ReadonlyMap<string, Stage>;
  readonly routes: RouteTree;
  readonly policy: CompiledPolicy | undefined;
}

/**
 * Compiles a model: policies, routes, identity sources, validation expressions. Nothing is left to fail at a request.
 *
 * @throws InputError with every problem at once: policies that AWS would not take or that cannot be evaluated exactly
 *   (file, address, statement), identity sources and expressions that cannot be enforced with AWS's meaning
 */
export function prepareEngine(model: Model, options: EngineOptions = {}): Engine {
  const problems: InputProblem[] = [];
  const policies = new PolicyStore();
  // What could not be read is a problem of the model already, and refuses what depends on it.
  const checked = (policy: PolicyDocument, kind: PolicyKind): CompiledPolicy | undefined =>
    policy.unresolved === undefined ? collect(problems, () => policies.get(policy, kind)) : undefined;
  for (const holder of [...model.roles, ...model.users]) {
    holder.identityPolicies.forEach((policy) => checked(policy, "identity"));
    if (holder.permissionsBoundary !== undefined) checked(holder.permissionsBoundary, "boundary");
  }
  const apis = model.apis.map((api): PreparedApi => {
    const { policy: found } = api;
    const readable = found !== undefined && found.unresolved === undefined;
    const policy = readable ? collect(problems, () => compileApiPolicy(found, api)) : undefined;
    return {
      api,
      stages: new Map(api.stages.map((stage) => [stage.name, stage])),
      routes: compileRoutes(api.routes),
      policy,
      ...prepareAuthorizers(api, model, problems),
    };
  });
  const endpointPolicies = model.vpcEndpoints.flatMap((endpoint): [string, CompiledPolicy][] => {
    const policy = endpoint.policy === undefined ? undefined : checked(endpoint.policy, "vpc-endpoint");
    return policy === undefined ? [] : [[endpoint.id, policy]];
  });
  if (problems.length > 0) throw new InputError(problems);
  return {
    model,
    wording: options.wording ?? "current",
    cache: new AuthorizerCache(options.cacheEntries ?? 10_000),
    policies,
    vpcEndpoints: new Map(model.vpcEndpoints.map((endpoint) => [endpoint.id, endpoint])),
    endpointPolicies: new Map(endpointPolicies),
    apis: new Map(apis.map((prepared) => [prepared.api.address, prepared])),
  };
}

function collect<T>(problems: InputProblem[], make: () => T): T | undefined {
  const made = madeOf(make);
  if (!(made instanceof InputError)) return made;
  problems.push(...made.problems);
  return undefined;
}
