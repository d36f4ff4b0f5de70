import { executionArn } from "../decision/arn";
import type { Pattern } from "../iam";
import { globMachine } from "./automata/glob-machine";
import { isPathCharacter, languageMachine, templateParts } from "./automata/language";
import { ALL, DEAD } from "./automata/machine";
import type { Machine } from "./automata/machine";
import { partition } from "./automata/partition";
import { StateBudgetExceeded } from "./budget";
import type { View } from "./view";

/** Requests with one verb to paths of one template that no pattern and no other template tells apart. */
export interface PathCell {
  readonly verb: string;
  /** One path of the cell. */
  readonly path: string;
  /** Which paths of the template, in words; empty where it is all of them. */
  readonly words: string;
}

/** A resource pattern of a policy of one view, without variables. */
export interface ViewPattern {
  readonly view: View;
  readonly pattern: Pattern;
}

/** A pattern behind the part of the ARN that is the same for all paths of one verb. */
export interface PatternCutter {
  readonly prefix: string;
  readonly pattern: Pattern;
}

export interface PathTests {
  readonly patterns: readonly PatternCutter[];
  /** Templates of all views that have the verb. */
  readonly templates: readonly string[];
}

/**
 * Cuts the paths of a template by resource patterns and by the other templates, more specific ones among them, so that
 * all requests of a cell reach one route and are covered by the same statements.
 *
 * @throws StateBudgetExceeded
 */
export function pathCells(verb: string, template: string, tests: PathTests, states: number): readonly PathCell[] {
  if (!template.includes("{")) return [{ verb, path: template, words: "" }];
  const parts = templateParts(template);
  const language = languageMachine(parts, isPathCharacter);
  const head = template.slice(0, template.indexOf("{"));
  const oneSegment = /^[^{]*\{[^{}+]+\}$/.test(template);
  const machines = new Map<string, { readonly machine: Machine; readonly words: string }>();
  for (const other of tests.templates) {
    if (other === template || !overlap(other, template)) continue;
    machines.set(other, { machine: languageMachine(templateParts(other), isPathCharacter), words: other });
  }
  const heads = new Map<string, string>();
  for (const { prefix, pattern } of tests.patterns) {
    let below = heads.get(prefix);
    if (below === undefined) heads.set(prefix, (below = prefix + head));
    if (farFrom(pattern, below, oneSegment)) continue;
    const machine = globMachine(pattern.tokens, { prefix });
    if (machine.start === DEAD || machine.start === ALL) continue;
    if ((partition(language, [machine], { budget: states })?.length ?? 2) < 2) continue;
    machines.set(`${prefix}\n${pattern.source}`, { machine, words: shortened(wordsOf(pattern.tokens), prefix) });
  }
  const found = [...machines.values()];
  const cells = partition(
    language,
    found.map(({ machine }) => machine),
    { budget: states },
  );
  if (cells === undefined) {
    throw new StateBudgetExceeded(`the resource patterns for ${verb} ${template} overlap in too many ways`);
  }
  return cells.map(({ witness, accepted }) => {
    const like = new Set(found.filter((_, index) => accepted[index] === true).map(({ words }) => words));
    const words = like.size === 0 ? "any other" : `like ${[...like].join(" and ")}`;
    return { verb, path: witness, words: cells.length === 1 ? "" : words };
  });
}

/** Every pattern once for each part of an ARN that the paths of a verb are behind. */
export function patternCutters(patterns: readonly ViewPattern[], verb: string): readonly PatternCutter[] {
  const prefixes = new Map<View, string | undefined>();
  const found = new Map<string, PatternCutter>();
  for (const { view, pattern } of patterns) {
    if (!prefixes.has(view)) prefixes.set(view, arnPrefix(view, verb));
    const prefix = prefixes.get(view);
    if (prefix !== undefined) found.set(`${prefix}\n${pattern.source}`, { prefix, pattern });
  }
  return [...found.values()];
}

/** `arn:aws:execute-api:us-east-1:111122223333:abcdefghij/dev/GET`, which a path is added to. */
export function arnPrefix({ prepared, stage }: View, verb: string): string | undefined {
  return prepared === undefined ? undefined : `${executionArn(prepared.api)}/${stage}/${verb}`;
}

/**
 * Whether texts of a pattern already tell that nothing, or everything, below `head` matches.
 *
 * @param oneSegment whether one segment follows the head, and nothing else
 */
function farFrom({ tokens }: Pattern, head: string, oneSegment: boolean): boolean {
  const [first, second] = tokens;
  if (first?.kind === "text") {
    const { value } = first;
    if (!(value.length >= head.length ? value.startsWith(head) : head.startsWith(value))) return true;
    if (value.length <= head.length && (tokens.length === 1 || (second?.kind === "any" && tokens.length === 2)))
      return true;
  }
  return oneSegment && tokens.some((token) => token.kind === "text" && !fits(token.value, head));
}

/** Whether a text can stand somewhere in `head` and one segment behind it: what goes beyond `head` has no slash. */
function fits(text: string, head: string): boolean {
  if (head.includes(text)) return true;
  for (let at = text.lastIndexOf("/") + 1; at <= text.length; at++) if (head.endsWith(text.slice(0, at))) return true;
  return false;
}

function wordsOf(tokens: Pattern["tokens"]): string {
  return tokens.map((token) => (token.kind === "text" ? token.value : token.kind === "any" ? "*" : "?")).join("");
}

function shortened(source: string, prefix: string): string {
  if (source.startsWith(prefix)) return source.slice(prefix.length);
  const slash = source.indexOf("/");
  return slash < 0 ? source : source.slice(slash);
}

/** Whether two templates share a path. */
function overlap(one: string, other: string): boolean {
  const [a, b] = [one, other].map((template) => template.split("/").filter((segment) => segment !== ""));
  for (let index = 0; ; index++) {
    const [left, right] = [a?.[index], b?.[index]];
    if (left === undefined || right === undefined) return left === right;
    if (left.endsWith("+}") || right.endsWith("+}")) return true;
    if (!left.startsWith("{") && !right.startsWith("{") && left !== right) return false;
  }
}

/** Whether a path is one of a template: `{id}` is one segment, `{rest+}` one or more. */
export function isOfTemplate(template: string, path: string): boolean {
  const [wanted = [], given = []] = [template, path].map((text) => text.split("/").filter((segment) => segment !== ""));
  const greedy = wanted.at(-1)?.endsWith("+}") === true;
  if (greedy ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((segment, index) => segment.startsWith("{") || segment === given[index]);
}
