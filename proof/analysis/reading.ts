/** How a configuration reads where it cannot be told of some statements whether they apply. */
import { PolicyStore } from "../decision/policies";
import type { CompiledPolicy, CompiledStatement } from "../iam";
import { checksOf } from "../iam";
import type { Effect, PolicyKind } from "../iam/types";
import type { PolicyDocument } from "../model/types";
import type { LiveRule } from "./rules";
import type { View } from "./view";

/**
 * The view in which doubtful statements of one effect apply as far as can be told of them, and no others.
 *
 * @param live what is in play for the caller at the path: of a policy with a doubtful statement, nothing else counts
 */
export function readAs(applying: Effect, view: View, live: readonly LiveRule[], doubtful: readonly LiveRule[]): View {
  const { prepared, side } = view;
  if (prepared === undefined) return view;
  const { engine } = side;
  const read = (policy: CompiledPolicy): CompiledPolicy => {
    if (!doubtful.some(({ rule }) => rule.policy === policy)) return policy;
    const statements = live.flatMap((one): readonly CompiledStatement[] => {
      const { statement } = one.rule;
      if (one.rule.policy !== policy) return [];
      if (!doubtful.includes(one)) return [statement];
      // That it covers the path is known of it, or is what cannot be told.
      const rest = { ...statement, resource: undefined, conditions: one.open };
      return statement.effect === applying ? [{ ...rest, checks: checksOf(rest) }] : [];
    });
    return { ...policy, statements };
  };
  const own = { ...prepared, policy: prepared.policy && read(prepared.policy) };
  const apis = new Map([...engine.apis, [own.api.address, own] as const]);
  const endpointPolicies = new Map([...engine.endpointPolicies].map(([id, policy]) => [id, read(policy)]));
  const policies = new ReadStore(engine.policies, read);
  return { ...view, prepared: own, side: { ...side, engine: { ...engine, apis, endpointPolicies, policies } } };
}

class ReadStore extends PolicyStore {
  readonly #written: PolicyStore;
  readonly #read: (policy: CompiledPolicy) => CompiledPolicy;

  constructor(written: PolicyStore, read: (policy: CompiledPolicy) => CompiledPolicy) {
    super();
    this.#written = written;
    this.#read = read;
  }

  override get(policy: PolicyDocument, kind: PolicyKind): CompiledPolicy {
    return this.#read(this.#written.get(policy, kind));
  }
}
