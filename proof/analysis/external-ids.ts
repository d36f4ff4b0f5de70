/** The external ids that the conditions of trust policies tell apart. */
import type { Condition } from "../iam";
import { textPatterns, valueClasses } from "./values";

/** A class of external ids, by one of them. */
export interface ExternalIds {
  /** Undefined where none is sent. */
  readonly externalId: string | undefined;
  /** As it follows the name of who sends it; empty where no condition asks. */
  readonly words: string;
}

/** @throws StateBudgetExceeded */
export function externalIdsOf(conditions: readonly Condition[]): readonly ExternalIds[] {
  const asking = conditions.filter(({ lowerKey }) => lowerKey === "sts:externalid");
  if (asking.length === 0) return [{ externalId: undefined, words: "" }];
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  const parts = [{ kind: "characters", count: 2 }, { kind: "anything" }] as const;
  const allowed = (character: string): boolean => /^[\w+=,.@:/-]$/.test(character);
  return valueClasses(textPatterns(asking), parts, "sts:ExternalId", { allowed }).map(({ value, like }) => ({
    externalId: value,
    words: value === undefined ? NONE : like.length === 0 ? ANOTHER : ` with the external id ${like.join(" and ")}`,
  }));
}

const NONE = " without an external id";
const ANOTHER = " with another external id";

/** None and another are told at once where both are answered alike, as where the condition goes. */
export function joinedExternalIds<
  T extends ExternalIds & { readonly changed: readonly { readonly kind: string; readonly who: string }[] },
>(found: readonly T[]): readonly T[] {
  const answers = ({ changed }: T): string => changed.map(({ kind, who }) => `${kind} ${who}`).join("\n");
  const [none, another] = [NONE, ANOTHER].map((wanted) => found.find(({ words }) => words === wanted));
  if (none === undefined || another === undefined || answers(none) !== answers(another)) return found;
  return found
    .filter((one) => one !== another)
    .map((one) => (one === none ? { ...one, words: " without that external id" } : one));
}
