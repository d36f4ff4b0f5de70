import { conditionHolds } from "../iam";
import type { Condition } from "../iam";
import { parseInstant } from "../iam/instant";
import type { AccessRequest } from "../iam/types";
import { textPatterns, valueClasses } from "./values";

/** What else a request's answer can depend on: the time, and headers that the caller writes. */
export interface Circumstance {
  /** In words; empty where nothing depends on it. */
  readonly words: readonly string[];
  /** ISO 8601. */
  readonly time?: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

export const NO_CIRCUMSTANCE: Circumstance = { words: [], headers: {} };

const HEADERS: Readonly<Record<string, string>> = { "aws:referer": "Referer", "aws:useragent": "User-Agent" };

/**
 * Every combination of times and headers that the conditions tell apart.
 *
 * @param expect is told how many they are before they are made, and may throw
 */
export function circumstancesOf(
  conditions: readonly Condition[],
  expect: (count: number) => void = () => undefined,
): readonly Circumstance[] {
  let all: Circumstance[] = [NO_CIRCUMSTANCE];
  const times = timesOf(
    conditions.filter(({ lowerKey }) => lowerKey === "aws:currenttime" || lowerKey === "aws:epochtime"),
  );
  if (times.length > 1) all = times.map(({ time, words }) => ({ words: [words], time, headers: {} }));
  for (const [key, header] of Object.entries(HEADERS)) {
    const asked = conditions.filter(({ lowerKey }) => lowerKey === key);
    if (asked.length === 0) continue;
    const classes = valueClasses(textPatterns(asked), [{ kind: "anything" }], key);
    expect(all.length * classes.length);
    all = all.flatMap(({ words, time, headers }) =>
      classes.map(({ value, like }) => ({
        words: [...words, headerWords(header, value, like)],
        ...(time === undefined ? {} : { time }),
        headers: value === undefined ? headers : { ...headers, [header]: [value] },
      })),
    );
  }
  expect(all.length);
  return all;
}

function headerWords(header: string, value: string | undefined, like: readonly string[]): string {
  if (value === undefined) return `without ${header}`;
  if (value === "" && like.includes("")) return `with an empty ${header}`;
  if (like.length === 0) return `with another ${header}`;
  return `with ${header} ${like.includes(value) ? value : `like ${like.join(" and ")}`}`;
}

export interface Span {
  readonly time: string;
  readonly words: string;
}

const SECOND = 1000;

/** Spans of time in which all the conditions answer the same, each by an instant in it. */
export function timesOf(conditions: readonly Condition[]): readonly Span[] {
  const limits = [...new Set(conditions.flatMap(({ values }) => values.map(({ source }) => parseInstant(source))))]
    .filter((limit) => limit !== undefined)
    .sort((a, b) => a - b);
  const instants = [...new Set(limits.flatMap((limit) => [limit - SECOND, limit, limit + SECOND]))].sort(
    (a, b) => a - b,
  );
  const runs: { readonly answers: string; readonly first: number; last: number }[] = [];
  for (const instant of instants) {
    const request = at(instant);
    const answers = conditions.map((condition) => Number(conditionHolds(condition, "Allow", request))).join("");
    const before = runs.at(-1);
    if (before?.answers === answers) before.last = instant;
    else runs.push({ answers, first: instant, last: instant });
  }
  return runs.map(({ first, last }, index) => ({
    time: iso(index === 0 ? first : last),
    words: spanWords(index === 0 ? undefined : first, index === runs.length - 1 ? undefined : last, new Set(limits)),
  }));
}

function spanWords(first: number | undefined, last: number | undefined, limits: ReadonlySet<number>): string {
  const from = first === undefined ? "" : limits.has(first) ? `from ${iso(first)}` : `after ${iso(first - SECOND)}`;
  const until = last === undefined ? "" : limits.has(last) ? `until ${iso(last)}` : `before ${iso(last + SECOND)}`;
  if (first !== undefined && first === last) return `at ${iso(first)}`;
  return [from, until].filter((text) => text !== "").join(" and ");
}

function at(instant: number): AccessRequest {
  const context = new Map([
    ["aws:currenttime", [new Date(instant).toISOString()]],
    ["aws:epochtime", [String(Math.floor(instant / SECOND))]],
    ["aws:tokenissuetime", [new Date(instant).toISOString()]],
  ]);
  return { principal: { kind: "anonymous" }, action: "", resource: "", context };
}

function iso(instant: number): string {
  return new Date(instant).toISOString().replace(".000Z", "Z");
}
