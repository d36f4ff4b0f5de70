import { parseExpression } from "./parse";
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
  const parts: Expression[] = [];
  let literal = "";
  const flush = (): void => {
    if (literal !== "") parts.push({ kind: "literal", value: literal });
    literal = "";
  };
  for (;;) {
    if (scanner.done) {
      if (end !== undefined) scanner.fail("this string is not closed");
      break;
    }
    if (end !== undefined && scanner.take(end)) break;
    if (scanner.take("$${")) literal += "${";
    else if (scanner.take("%%{")) literal += "%{";
    else if (scanner.take("${")) {
      if (scanner.peek("~")) scanner.fail('the strip marker "~" is not supported');
      flush();
      parts.push(scanner.nested(() => parseExpression(scanner)));
      scanner.expect("}");
    } else if (scanner.peek("%{")) {
      scanner.fail("template directives (%{ if }, %{ for }) are not supported");
    } else if (end !== undefined && scanner.take("\\")) {
      literal += parseEscape(scanner);
    } else {
      literal += scanner.text.charAt(scanner.position);
      scanner.position += 1;
    }
  }
  flush();
  const [only] = parts;
  if (only === undefined) return { kind: "literal", value: "" };
  if (parts.length === 1) {
    // A lone interpolation of a quoted string inside an expression also keeps its type.
    return only;
  }
  return { kind: "template", parts };
}

function parseEscape(scanner: Scanner): string {
  const hex = scanner.match(/u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y);
  if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex.slice(1), 16));
  const escape = escapes[scanner.text.charAt(scanner.position)];
  if (escape === undefined) return scanner.fail(`"\\${scanner.text.charAt(scanner.position)}" is not an escape`);
  scanner.position += 1;
  return escape;
}
