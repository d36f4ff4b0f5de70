import type { Expression } from "./expression";
import { matcherOf, sizeOf } from "./expression";

/** What holds a value against an expression. `source` is the expression without its flag. */
export interface Matcher extends Pick<RegExp, "source" | "test"> {
  readonly expression: Expression;
}

export type Translation = { readonly regex: Matcher } | { readonly refused: string };

/**
 * `.{1,2048}` takes 4,099. Where all states are in play at once, as in `.*.{1,2000}x`, a value of 10,240 bytes, the most
 * that API Gateway takes as headers, is work for a second; what people use has a few in play.
 */
const MOST_STATES = 5_000;
const DEEPEST = 100;

/**
 * API Gateway reads `identityValidationExpression` as a Java regular expression. What is read here means the same, and
 * the rest is refused by name, so that an expression is never enforced with another meaning. Matching takes time that
 * is linear in the value, so that no caller can stop the gateway with one.
 *
 * Whether AWS asks for the whole value to match is UNCONFIRMED; the whole value must match here, which admits no
 * request that a partial match would refuse.
 */
export function translateJavaRegex(expression: string): Translation {
  const ignoreCase = expression.startsWith("(?i)");
  const source = ignoreCase ? expression.slice("(?i)".length) : expression;
  try {
    const parsed = new Reading(source, ignoreCase).whole();
    if (sizeOf(parsed) > MOST_STATES) throw new RefusedError(`counts that come to more than ${MOST_STATES} steps`);
    return { regex: { source, test: matcherOf(parsed), expression: parsed } };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { refused: error.message };
  }
}

class RefusedError extends Error {}

const SPACE = " \\t\\n\\x0B\\f\\r";
const QUANTIFIER = /([*+?])([+?]?)|\{(\d+)(,?)(\d*)\}([+?]?)/y;
const GROUP = /\((?:\?(?::|(<?)([=!])|<[A-Za-z][A-Za-z0-9]*>))?(?!\?)/y;
/** Escapes that mean the same in JavaScript, beside escaped punctuation. */
const ESCAPE = /\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|[dDwWtnrf]|[^A-Za-z0-9])/y;
/** Java's `$` also stands in front of a line end that ends the text. */
const END = /(?:\r\n|(?<!\r)\n|[\r\u0085\u2028\u2029])?$/y;

/** One expression, read from left to right. */
class Reading {
  #at = 0;
  #depth = 0;

  constructor(
    readonly source: string,
    readonly ignoreCase: boolean,
  ) {}

  whole(): Expression {
    const read = this.#choice();
    if (this.#at < this.source.length) throw new RefusedError("a closing parenthesis by itself");
    return read;
  }

  #choice(): Expression {
    const parts = [this.#sequence()];
    while (this.#takes("|")) parts.push(this.#sequence());
    return { kind: "choice", parts };
  }

  #sequence(): Expression {
    const parts: Expression[] = [];
    // At the end there is no character, which is in every text.
    while (!"|)".includes(this.#char)) parts.push(this.#repeated(this.#one()));
    return { kind: "sequence", parts };
  }

  #repeated(part: Expression): Expression {
    const found = this.#match(QUANTIFIER);
    if (found === undefined) return part;
    const [text, sign, signMode, count, comma, bound, countMode] = found;
    if (signMode === "+" || countMode === "+") throw new RefusedError(`the possessive quantifier ${text}`);
    const least = count === undefined ? Number(sign === "+") : Number(count);
    const open = count === undefined ? sign !== "?" : comma === "," && bound === "";
    const most = open ? Infinity : Number(bound || count || 1);
    if (most < least) throw new RefusedError(`the quantifier ${text}, whose bounds are the wrong way round`);
    return { kind: "repeat", part, least, most };
  }

  #one(): Expression {
    const char = this.#char;
    switch (char) {
      case "(":
        return this.#group();
      case "[":
        return this.#characters(this.#class());
      case "\\":
        return this.#characters(this.#escape(false));
      case "*":
      case "+":
      case "?":
        throw new RefusedError(`the quantifier ${char} with nothing to repeat`);
      case "{":
        throw new RefusedError("a brace that is no quantifier");
    }
    this.#at += 1;
    switch (char) {
      case "^":
        return { kind: "place", holds: (_, at) => at === 0 };
      case "$":
        return { kind: "place", holds: isEnd };
      case ".":
        // Java's dot also leaves out the next-line character.
        return this.#characters("[^\\n\\r\\u0085\\u2028\\u2029]");
      default:
        return this.#characters(`\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
    }
  }

  #group(): Expression {
    const [opening, behind, sign] = this.#match(GROUP) ?? [];
    if (opening === undefined) {
      throw new RefusedError(`the group ${this.source.slice(this.#at, this.#at + 4)}…`);
    }
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new RefusedError(`groups more than ${DEEPEST} deep in each other`);
    const part = this.#choice();
    this.#depth -= 1;
    if (!this.#takes(")")) throw new RefusedError("a group without its end");
    return sign === undefined ? part : { kind: "look", part, ahead: behind === "", matches: sign === "=" };
  }

  /** A character class, as JavaScript writes it. */
  #class(): string {
    let written = this.source.startsWith("[^", this.#at) ? "[^" : "[";
    this.#at += written.length;
    if (this.#char === "]") throw new RefusedError("a character class that begins with ]");
    while (!this.#takes("]")) {
      if (this.#char === "") throw new RefusedError("a character class without its end");
      if (this.#char === "[") throw new RefusedError("a character class inside another");
      if (this.source.startsWith("&&", this.#at)) throw new RefusedError("the intersection && of character classes");
      if (this.#char === "\\") written += this.#escape(true);
      else written += this.source.charAt(this.#at++);
    }
    return `${written}]`;
  }

  #escape(inClass: boolean): string {
    const [same] = this.#match(ESCAPE) ?? [];
    if (same !== undefined) return same;
    const [, space] = this.#match(inClass ? /\\(s)/y : /\\([sS])/y) ?? [];
    if (space === undefined) {
      const escaped = this.source.slice(this.#at, this.#at + 2);
      throw new RefusedError(escaped === "\\" ? "a backslash at the end" : escaped);
    }
    if (inClass) return SPACE;
    return space === "s" ? `[${SPACE}]` : `[^${SPACE}]`;
  }

  /** One character of those that a pattern of JavaScript names. Java's (?i) is about letters of ASCII only. */
  #characters(pattern: string): Expression {
    const exact = compile(pattern, "");
    const loose = this.ignoreCase ? compile(pattern, "i") : exact;
    const ascii = Array.from({ length: 128 }, (_, code) => loose.test(String.fromCharCode(code)));
    return { kind: "character", reads: (code) => ascii[code] ?? exact.test(String.fromCharCode(code)) };
  }

  /** The character that comes next; empty at the end. */
  get #char(): string {
    return this.source.charAt(this.#at);
  }

  #takes(char: string): boolean {
    if (this.#char !== char) return false;
    this.#at += 1;
    return true;
  }

  #match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.source);
    if (found === null) return undefined;
    this.#at = sticky.lastIndex;
    return found;
  }
}

function isEnd(text: string, at: number): boolean {
  END.lastIndex = at;
  return END.test(text);
}

function compile(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(`^${pattern}$`, flags);
  } catch (error) {
    throw new RefusedError(`${pattern}, which does not parse (${(error as Error).message})`);
  }
}
