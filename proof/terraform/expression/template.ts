import { parseExpression, parseForNames } from "./parse";
import { Scanner } from "./scanner";
import type { Expression } from "./syntax";

/**
 * Parses a JSON string the way Terraform reads it: as a template.
 *
 * A template that is one interpolation and nothing else stands for that expression's value, not for a string
 * (Terraform, "JSON Configuration Syntax", Expression Mapping).
 */
export function parseTemplate(text: string): Expression {
  if (!text.includes("${") && !text.includes("%{")) return { kind: "literal", value: text };
  return parseTemplateBody(new Scanner(text), undefined);
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

/**
 * @param end The closing quote of a quoted template, whose backslash escapes are read too; without it the template
 *   runs to the end of the text.
 */
export function parseTemplateBody(scanner: Scanner, end: '"' | undefined): Expression {
  const { parts, directives } = parseParts(scanner, { end, trim: false }, []);
  const [only] = parts;
  if (only === undefined) return { kind: "literal", value: "" };
  // A lone interpolation, also in a quoted string inside an expression, keeps its type; a directive makes text.
  return parts.length === 1 && !directives ? only : { kind: "template", parts };
}

interface Reading {
  readonly end: '"' | undefined;
  /** The sequence before ended in a strip marker: white space goes, to the end of its line at most. */
  trim: boolean;
}

interface Parts {
  readonly parts: readonly Expression[];
  readonly directives: boolean;
  /** The directive that ended these parts, of those that may. */
  readonly closer: string;
}

/** Literals, interpolations and directives, up to the end of the template or to one of the closing directives. */
function parseParts(scanner: Scanner, reading: Reading, closers: readonly string[]): Parts {
  const parts: Expression[] = [];
  let directives = false;
  let literal = "";
  const flush = (strip: boolean): void => {
    // Terraform reads literals line by line, and a marker reaches no further than the line beside it.
    const lines: string[] = literal.match(/[^\n]*\n|[^\n]+/g) ?? [];
    if (reading.trim && lines[0] !== undefined) lines[0] = lines[0].trimStart();
    if (strip && lines.length > 0) lines.push(lines.pop()?.trimEnd() ?? "");
    if (literal !== "") reading.trim = false;
    const value = lines.join("");
    if (value !== "") parts.push({ kind: "literal", value });
    literal = "";
  };
  const close = (): void => {
    scanner.skipSpace();
    reading.trim = scanner.take("~");
    if (!scanner.take("}")) scanner.expect("}");
  };
  for (;;) {
    const ended = reading.end === undefined ? scanner.done : scanner.take(reading.end);
    if (ended && closers.length === 0) break;
    if (ended || scanner.done) {
      scanner.fail(closers.length === 0 ? "this string is not closed" : `%{ ${closers.at(-1) ?? ""} } is missing`);
    }
    if (scanner.take("$${")) literal += "${";
    else if (scanner.take("%%{")) literal += "%{";
    else if (scanner.take("${")) {
      flush(scanner.take("~"));
      parts.push(scanner.nested(() => parseExpression(scanner)));
      close();
    } else if (scanner.take("%{")) {
      flush(scanner.take("~"));
      scanner.skipSpace();
      const word = scanner.identifier() ?? "";
      if (closers.includes(word)) {
        close();
        return { parts, directives, closer: word };
      }
      directives = true;
      parts.push(scanner.nested(() => parseDirective(scanner, reading, word, close)));
    } else if (reading.end !== undefined && scanner.take("\\")) {
      literal += parseEscape(scanner);
    } else {
      literal += scanner.text.charAt(scanner.position);
      scanner.position += 1;
    }
  }
  flush(false);
  return { parts, directives, closer: "" };
}

/** `%{ if }` and `%{ for }` with all up to their end (Terraform, "Strings and Templates", Directives). */
function parseDirective(scanner: Scanner, reading: Reading, word: string, close: () => void): Expression {
  const text = ({ parts }: Parts): Expression => ({ kind: "template", parts });
  if (word === "if") {
    const test = parseExpression(scanner);
    close();
    const yes = parseParts(scanner, reading, ["else", "endif"]);
    const no = yes.closer === "else" ? parseParts(scanner, reading, ["endif"]) : undefined;
    return {
      kind: "conditional",
      test,
      yes: text(yes),
      no: no === undefined ? { kind: "literal", value: "" } : text(no),
    };
  }
  if (word === "for") {
    const names = parseForNames(scanner);
    const over = parseExpression(scanner);
    close();
    const value = text(parseParts(scanner, reading, ["endfor"]));
    const each: Expression = { kind: "for", ...names, over, value, group: false };
    return { kind: "call", name: "join", args: [{ kind: "literal", value: "" }, each], spread: false };
  }
  return scanner.fail(`%{ ${word} } does not belong here`);
}

function parseEscape(scanner: Scanner): string {
  const hex = scanner.match(/u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y);
  if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex.slice(1), 16));
  const escape = escapes[scanner.text.charAt(scanner.position)];
  if (escape === undefined) return scanner.fail(`"\\${scanner.text.charAt(scanner.position)}" is not an escape`);
  scanner.position += 1;
  return escape;
}
