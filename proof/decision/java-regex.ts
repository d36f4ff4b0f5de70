/**
 * API Gateway reads `identityValidationExpression` as a Java regular expression. This translates what means the same
 * in JavaScript and refuses the rest by name, so that an expression is never enforced with another meaning.
 *
 * Whether AWS asks for the whole value to match is UNCONFIRMED; the whole value must match here, which admits no
 * request that a partial match would refuse.
 */
export type Translation = { readonly regex: RegExp } | { readonly refused: string };

const SPACE = " \\t\\n\\x0B\\f\\r";
/** Escapes that mean the same in both, beside escaped punctuation. */
const SAME_ESCAPES = new Set(["d", "D", "w", "W", "t", "n", "r", "f"]);
const SAME_GROUPS = /^\(\?(?::|=|!|<=|<!|<[A-Za-z][A-Za-z0-9]*>)/;
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})/;

export function translateJavaRegex(expression: string): Translation {
  const flagged = expression.startsWith("(?i)");
  const body = flagged ? expression.slice("(?i)".length) : expression;
  if (flagged && /[^\x20-\x7e]/.test(body)) return { refused: "(?i) together with letters outside ASCII" };
  const translated = translate(body);
  if (typeof translated !== "string") return translated;
  try {
    return { regex: new RegExp(`^(?:${translated})$`, flagged ? "i" : "") };
  } catch (error) {
    return { refused: `it does not parse (${(error as Error).message})` };
  }
}

function translate(body: string): string | { readonly refused: string } {
  let out = "";
  let at = 0;
  while (at < body.length) {
    const rest = body.slice(at);
    const step = one(rest);
    if ("refused" in step) return step;
    out += step.out;
    at += step.length;
  }
  return out;
}

type Step = { readonly out: string; readonly length: number } | { readonly refused: string };

function one(rest: string): Step {
  const char = rest.charAt(0);
  if (char === "\\") return escape(rest, false);
  if (char === "[") return characterClass(rest);
  // Java's dot also leaves out the next-line character.
  if (char === ".") return { out: "[^\\n\\r\\u0085\\u2028\\u2029]", length: 1 };
  if (rest.startsWith("(?")) {
    const group = SAME_GROUPS.exec(rest);
    return group === null ? { refused: `the group ${rest.slice(0, 4)}…` } : { out: group[0], length: group[0].length };
  }
  const quantifier = QUANTIFIER.exec(rest);
  if (quantifier !== null) {
    const [text] = quantifier;
    const next = rest.charAt(text.length);
    if (next === "+") return { refused: `the possessive quantifier ${text}+` };
    return next === "?" ? { out: `${text}?`, length: text.length + 1 } : { out: text, length: text.length };
  }
  if (char === "{") return { refused: "a brace that is no quantifier" };
  return { out: char === "}" || char === "]" ? `\\${char}` : char, length: 1 };
}

function escape(rest: string, inClass: boolean): Step {
  const char = rest.charAt(1);
  if (char === "") return { refused: "a backslash at the end" };
  if (char === "s") return { out: inClass ? SPACE : `[${SPACE}]`, length: 2 };
  if (char === "S" && !inClass) return { out: `[^${SPACE}]`, length: 2 };
  const code = /^\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})/.exec(rest);
  if (code !== null) return { out: code[0], length: code[0].length };
  if (SAME_ESCAPES.has(char) || !/[A-Za-z0-9]/.test(char)) return { out: `\\${char}`, length: 2 };
  return { refused: `\\${char}` };
}

function characterClass(rest: string): Step {
  let out = "[";
  let at = 1;
  if (rest.charAt(at) === "^") {
    out += "^";
    at++;
  }
  if (rest.charAt(at) === "]") return { refused: "a character class that begins with ]" };
  while (at < rest.length) {
    const char = rest.charAt(at);
    if (char === "]") return { out: `${out}]`, length: at + 1 };
    if (char === "[") return { refused: "a character class inside another" };
    if (rest.startsWith("&&", at)) return { refused: "the intersection && of character classes" };
    if (char === "\\") {
      const step = escape(rest.slice(at), true);
      if ("refused" in step) return step;
      out += step.out;
      at += step.length;
    } else {
      out += char;
      at++;
    }
  }
  return { refused: "a character class without its end" };
}
