import { describeDoubt } from "../decision/doubts";
import type { Decision } from "../decision/types";
import { readAs } from "./reading";
import type { LiveRule } from "./rules";
import { conditionsText } from "./rules";
import type { View } from "./view";

/**
 * Why the decision does not stand for all of the class: a statement of which it cannot be told whether it applies, and
 * that turns it. What cannot be told is read against the decision: every doubtful Deny applies and no doubtful Allow,
 * or the other way round. Where even so it comes out alike, nothing between the two can turn it.
 *
 * @param live the statements in play
 * @param decide decides the same request in another view
 */
export function doubtAbout(
  { outcome }: Decision,
  live: readonly LiveRule[],
  view: View,
  decide: (view: View) => Decision | undefined,
): string | undefined {
  const doubtful = live.filter(({ doubt }) => doubt !== undefined);
  const against = outcome === "allow" ? "Deny" : "Allow";
  const turned = (by: readonly LiveRule[]): boolean => decide(readAs(against, view, live, by))?.outcome !== outcome;
  if (doubtful.length === 0 || !turned(doubtful)) return undefined;
  const turning = doubtful.find((_, index) => turned(doubtful.slice(0, index + 1)));
  if (turning?.doubt === undefined) return undefined;
  return `${describeDoubt({ statement: turning.rule.statement, because: turning.doubt })}.`;
}

/** What the statements in play demand, without where it is written. */
export function fingerprintOf(live: readonly LiveRule[]): string {
  return live
    .map(({ rule, grant }) => {
      const { effect, conditions, resource } = rule.statement;
      const where = rule.variableResource ? resource?.patterns.map(({ source }) => source).sort() : [];
      return JSON.stringify([rule.policy.kind, effect, grant, conditionsText(conditions), where]);
    })
    .sort()
    .join("\n");
}
