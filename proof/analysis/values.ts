import type { Condition, Pattern } from "../iam";
import { globMachine } from "./automata/glob-machine";
import { languageMachine } from "./automata/language";
import type { Part } from "./automata/language";
import { partition } from "./automata/partition";
import { StateBudgetExceeded } from "./budget";

/** Values of a text key that the same patterns match, by one of them. */
export interface ValueClass {
  /** Undefined where the key is absent. */
  readonly value: string | undefined;
  /** Patterns that match, as written; none for every other value. */
  readonly like: readonly string[];
}

export interface TextPattern {
  readonly pattern: Pattern;
  /** Letters count alike. */
  readonly lower: boolean;
}

const EMPTY: TextPattern = { pattern: { source: "", tokens: [] }, lower: false };
/** Keys whose values are whatever somebody writes. */
const MAY_BE_EMPTY = /^aws:(principaltag\/|referer$|useragent$)/;

/** The patterns that conditions hold a text key against, each once; variables are left to the caller. */
export function textPatterns(conditions: Iterable<Condition>): readonly TextPattern[] {
  const found = new Map<string, TextPattern>();
  for (const { operator, values, set, lowerKey } of conditions) {
    // To a set operator an empty value is none (IAM User Guide, multivalued context keys).
    if (set !== undefined && MAY_BE_EMPTY.test(lowerKey)) found.set("empty", EMPTY);
    for (const { pattern } of values) {
      if (pattern?.glob === undefined) continue;
      const lower = operator.name.endsWith("IgnoreCase") || operator.type === "bool";
      found.set(`${lower}${JSON.stringify(pattern.tokens)}`, { pattern, lower });
    }
  }
  return [...found.values()];
}

/** The pattern that matches one text alone. */
export function textPattern(text: string): TextPattern {
  return { pattern: { source: text, tokens: [{ kind: "text", value: text }] }, lower: false };
}

/** The one text that a pattern matches; undefined where it matches several. */
export function textOf({ pattern: { tokens }, lower }: TextPattern): string | undefined {
  const [first, ...more] = tokens;
  return !lower && more.length === 0 && first?.kind === "text" ? first.value : undefined;
}

function isPrintable(character: string): boolean {
  return /^[\x20-\x7e]$/.test(character);
}

/** The characters of the ids that AWS gives. */
export function isIdCharacter(character: string): boolean {
  return /^[a-z0-9-]$/.test(character);
}

/**
 * Every class of values of a text key, the absent one first.
 *
 * @param parts what values there can be
 * @throws StateBudgetExceeded
 */
export function valueClasses(
  patterns: readonly TextPattern[],
  parts: readonly Part[],
  what: string,
  { fresh, allowed = isPrintable }: { readonly fresh?: string; readonly allowed?: (character: string) => boolean } = {},
): readonly ValueClass[] {
  const machines = patterns.map(({ pattern, lower }) => globMachine(pattern.tokens, { lower }));
  const cells = partition(languageMachine(parts, allowed), machines, {
    budget: 20_000,
    ...(fresh === undefined ? {} : { fresh }),
  });
  if (cells === undefined) throw new StateBudgetExceeded(`the patterns for ${what} overlap in too many ways`);
  return [
    { value: undefined, like: [] },
    ...cells.map(({ witness, accepted }) => ({
      value: witness,
      like: patterns.filter((_, index) => accepted[index] === true).map(({ pattern }) => pattern.source),
    })),
  ];
}
