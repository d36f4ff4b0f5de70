import type { IdentitySource } from "../decision/identity-source";
import type { Matcher } from "../decision/java-regex";
import { globMachine } from "./automata/glob-machine";
import { DEAD } from "./automata/machine";
import type { Machine } from "./automata/machine";
import { partition } from "./automata/partition";
import { regexMachines } from "./automata/regex-machine";

/** A validation expression, as written and as enforced. */
export interface WrittenExpression {
  readonly text: string;
  readonly matcher: Matcher;
}

/** Values that the same expressions match, by one of them. */
export interface IdentityValue {
  readonly value: string;
  /** Expressions that match, as written. */
  readonly like: readonly string[];
  readonly unlike: readonly string[];
}

const STATES = 20_000;

/**
 * Every class of values that expressions tell apart, those that none of them matches among them.
 *
 * @param expressions any of them several times; without one there is one class of values
 * @param except values that are in no class
 * @returns undefined where it cannot be told which values match
 */
export function identityValues(
  expressions: readonly WrittenExpression[],
  except: readonly string[] = [],
): readonly IdentityValue[] | undefined {
  const distinct = [...new Map(expressions.map((one) => [one.text, one])).values()];
  const machines = regexMachines(distinct.map(({ matcher }) => matcher.expression));
  const named = except.map((value) => globMachine([{ kind: "text", value }]));
  const cells = machines && partition(HEADER_VALUE, [...machines, ...named], { budget: STATES });
  const classOf = (value: string): IdentityValue => {
    const [like, unlike] = [true, false].map((wanted) =>
      distinct.filter(({ matcher }) => matcher.test(value) === wanted).map(({ text }) => text),
    );
    return { value, like: like ?? [], unlike: unlike ?? [] };
  };
  const usual = USUAL.filter((value) => !except.includes(value)).map(classOf);
  // Of one expression it is enough to know a value that it matches.
  if (cells === undefined)
    return distinct.length > 1 ? undefined : usual.filter(({ unlike }) => unlike.length === 0).slice(0, 1);
  return cells
    .filter(({ accepted }) => !accepted.slice(distinct.length).includes(true))
    .map(({ witness }) => classOf(witness))
    .map((found) => usual.find(({ like }) => like.join("\n") === found.like.join("\n")) ?? found);
}

/** Preferred, so that a witness looks like what a caller sends. */
const USUAL = ["Bearer token", "token", "Bearer aaa.bbb.ccc", "aaa.bbb.ccc", "Basic dXNlcjpwYXNz", "allow"];

const [NOTHING, WITHIN, AFTER_SPACE] = [0, 1, 2];

/** What a header can hold: printable ASCII, not empty, without space at its ends, which HTTP does not transfer. */
const HEADER_VALUE: Machine = {
  start: NOTHING,
  step(state, character) {
    if (state === DEAD || !/^[\x20-\x7e]$/.test(character)) return DEAD;
    if (character !== " ") return WITHIN;
    return state === NOTHING ? DEAD : AFTER_SPACE;
  },
  accepts: (state) => state === WITHIN,
  live: (state) => (state === DEAD ? [] : [" "]),
};

/** What a request sends for an identity source, or undefined for one that every request has. */
export function sourceInRequest(
  { expression }: IdentitySource,
  value: string,
): { readonly headers: [string, string[]][]; readonly query: [string, string[]][] } | undefined {
  const [, kind, name] = /^method\.request\.(header|querystring)\.(.+)$/.exec(expression.trim()) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  return kind === "header" ? { headers: [[name, [value]]], query: [] } : { headers: [], query: [[name, [value]]] };
}
