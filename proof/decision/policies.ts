/** How this folder asks `proof/iam`: policies of the model compiled once each, and those that authorizers return. */
import { InputError } from "../errors";
import type { CompiledPolicy } from "../iam";
import { compilePolicy } from "../iam";
import type { PolicyKind } from "../iam/types";
import type { Api, PolicyDocument, Source } from "../model/types";

/** What is made, or what is wrong with the input that it is made of. */
export function madeOf<T>(make: () => T): T | InputError {
  try {
    return make();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** @throws InputError with every problem of the document */
export function compileApiPolicy(policy: PolicyDocument, api: Api): CompiledPolicy {
  const { partition, region, accountId, id: apiId } = api;
  const executeApi = { partition, region, accountId, apiId };
  return compilePolicy(policy.document, { kind: "resource", source: policy.source, executeApi });
}

/** The policy that an authorizer returned, or in words why it is none. @param source the authorizer */
export function compileAuthorizerPolicy(
  document: unknown,
  source: Source,
): { readonly policy: CompiledPolicy } | { readonly invalid: string } {
  const policy = madeOf(() => compilePolicy(document, { kind: "authorizer", source }));
  return policy instanceof InputError ? { invalid: policy.problems.map(({ what }) => what).join(" ") } : { policy };
}

/** Compiled policies by the document they were found in, so that a caller's are compiled at its first request only. */
export class PolicyStore {
  readonly #compiled = new WeakMap<PolicyDocument, Map<PolicyKind, CompiledPolicy>>();

  /** @throws InputError with every problem of the document */
  get(policy: PolicyDocument, kind: PolicyKind): CompiledPolicy {
    let kinds = this.#compiled.get(policy);
    if (kinds === undefined) this.#compiled.set(policy, (kinds = new Map()));
    let compiled = kinds.get(kind);
    if (compiled === undefined) {
      compiled = compilePolicy(policy.document, { kind, source: policy.source });
      kinds.set(kind, compiled);
    }
    return compiled;
  }

  all(policies: readonly PolicyDocument[], kind: PolicyKind): readonly CompiledPolicy[] {
    return policies.map((policy) => this.get(policy, kind));
  }
}
