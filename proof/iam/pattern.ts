import { buildGlob, globMatches } from "./glob";
import type { Glob, GlobToken } from "./glob";
import type { ContextKeys } from "./types";

/** `${aws:username}` or `${aws:PrincipalTag/team, 'none'}` */
export interface Variable {
  readonly kind: "variable";
  /** Lower case. */
  readonly key: string;
  readonly fallback?: string;
}

export type PatternToken = GlobToken | Variable;

/** One string of a policy that requests are matched with: an action, a resource, a value of a string or ARN condition. */
export interface Pattern {
  readonly source: string;
  readonly tokens: readonly PatternToken[];
  /** Set where the pattern holds no variable, so that nothing is left to do for a request. */
  readonly glob?: Glob;
}

export interface PatternOptions {
  /** Whether `*` and `?` are wildcards. */
  readonly wildcards: boolean;
  /** Whether `${…}` is a variable: since Version 2012-10-17, and only where IAM allows one. */
  readonly variables: boolean;
}

/** Thrown where a string is no pattern; the message says what is wrong with it. */
export class PatternError extends Error {}

const VARIABLE = /^([^\s,'{}$][^,'{}$]*)(?:,\s*'([^']*)')?$/;

/**
 * Reads wildcards, variables, and the three characters that are written as variables: `${*}`, `${?}`, `${$}`
 * (IAM User Guide, "IAM policy elements: Variables and tags").
 */
export function parsePattern(source: string, options: PatternOptions): Pattern {
  const tokens: PatternToken[] = [];
  let text = "";
  const flush = () => {
    if (text !== "") tokens.push({ kind: "text", value: text });
    text = "";
  };
  for (let at = 0; at < source.length; at++) {
    const character = source.charAt(at);
    if (options.variables && character === "$" && source.charAt(at + 1) === "{") {
      const close = source.indexOf("}", at);
      if (close < 0) throw new PatternError(`the variable in ${JSON.stringify(source)} has no closing brace`);
      const inside = source.slice(at + 2, close);
      if (inside === "*" || inside === "?" || inside === "$") text += inside;
      else {
        flush();
        tokens.push(parseVariable(inside, source));
      }
      at = close;
    } else if (options.wildcards && (character === "*" || character === "?")) {
      flush();
      tokens.push({ kind: character === "*" ? "any" : "one" });
    } else text += character;
  }
  flush();
  return completed(source, tokens);
}

function parseVariable(inside: string, source: string): Variable {
  const match = VARIABLE.exec(inside);
  const key = match?.[1];
  // Every context key has a namespace. One without is an interpolation of another language that was left unresolved.
  if (key === undefined || !key.includes(":") || key.trim() !== key) {
    throw new PatternError(`\${${inside}} in ${JSON.stringify(source)} names no context key`);
  }
  const fallback = match?.[2];
  return { kind: "variable", key: key.toLowerCase(), ...(fallback === undefined ? {} : { fallback }) };
}

function completed(source: string, tokens: readonly PatternToken[]): Pattern {
  if (tokens.some(isVariable)) return { source, tokens };
  return { source, tokens, glob: buildGlob(tokens as readonly GlobToken[]) };
}

export function isVariable(token: PatternToken): token is Variable {
  return token.kind === "variable";
}

/** The same pattern with its own letters in lower case; what its variables stand for is lowered when it is matched. */
export function lowerPattern(pattern: Pattern): Pattern {
  return completed(
    pattern.source,
    pattern.tokens.map((token) => (token.kind === "text" ? { kind: "text", value: token.value.toLowerCase() } : token)),
  );
}

/** Cuts a pattern at its first `count - 1` literal `separator`s; variables and wildcards are never cut. */
export function splitPattern(pattern: Pattern, separator: string, count: number): readonly Pattern[] {
  const parts: PatternToken[][] = [[]];
  for (const token of pattern.tokens) {
    const current = parts.at(-1) ?? [];
    if (token.kind !== "text") {
      current.push(token);
      continue;
    }
    let rest = token.value;
    while (parts.length < count && rest.includes(separator)) {
      const cut = rest.indexOf(separator);
      parts.at(-1)?.push({ kind: "text", value: rest.slice(0, cut) });
      parts.push([]);
      rest = rest.slice(cut + separator.length);
    }
    parts.at(-1)?.push({ kind: "text", value: rest });
  }
  return parts.map((tokens) => completed(pattern.source, tokens));
}

/**
 * Whether `text` matches once the variables stand for their values. A variable whose key is absent, or has several values,
 * stands for nothing, and nothing is equal to or like it (IAM User Guide, "Policy variables with no value").
 * What a variable stands for is literal: a `*` in it is no wildcard (UNCONFIRMED, the side that grants less).
 */
export function patternMatches(pattern: Pattern, text: string, context: ContextKeys, lower = false): boolean {
  if (pattern.glob !== undefined) return globMatches(pattern.glob, text);
  const resolved: GlobToken[] = [];
  for (const token of pattern.tokens) {
    if (token.kind !== "variable") {
      resolved.push(token);
      continue;
    }
    const value = variableValue(token, context);
    if (value === undefined) return false;
    resolved.push({ kind: "text", value: lower ? value.toLowerCase() : value });
  }
  return globMatches(buildGlob(resolved), text);
}

function variableValue(variable: Variable, context: ContextKeys): string | undefined {
  const values = context.get(variable.key);
  if (values === undefined || values.length === 0) return variable.fallback;
  return values.length === 1 ? values[0] : undefined;
}
