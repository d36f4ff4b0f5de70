import { parseTemplateBody } from "./template";
import type { Scanner } from "./scanner";
import type { BinaryOperator, Expression, ForExpression } from "./syntax";

/** Operators from the loosest to the tightest binding; longer ones first within a level. */
const levels: readonly (readonly BinaryOperator[])[] = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<=", ">=", "<", ">"],
  ["+", "-"],
  ["*", "/", "%"],
];

/** Parses one expression and stops behind it. Throws `ExpressionError`. */
export function parseExpression(scanner: Scanner): Expression {
  return scanner.nested(() => {
    const test = parseBinary(scanner, 0);
    scanner.skipSpace();
    if (!scanner.take("?")) return test;
    const yes = parseExpression(scanner);
    scanner.expect(":");
    const no = parseExpression(scanner);
    return { kind: "conditional", test, yes, no };
  });
}

function parseBinary(scanner: Scanner, level: number): Expression {
  const operators = levels[level];
  if (operators === undefined) return parseUnary(scanner);
  let left = parseBinary(scanner, level + 1);
  for (;;) {
    scanner.skipSpace();
    const operator = operators.find((candidate) => scanner.take(candidate));
    if (operator === undefined) return left;
    left = { kind: "binary", operator, left, right: parseBinary(scanner, level + 1) };
  }
}

function parseUnary(scanner: Scanner): Expression {
  scanner.skipSpace();
  if (scanner.take("!")) return { kind: "unary", operator: "!", of: scanner.nested(() => parseUnary(scanner)) };
  if (scanner.take("-")) return { kind: "unary", operator: "-", of: scanner.nested(() => parseUnary(scanner)) };
  return parseTraversal(scanner, parsePrimary(scanner), true);
}

/** The `.name`, `[key]`, `.0` and splat steps behind an expression. */
function parseTraversal(scanner: Scanner, start: Expression, indexes: boolean): Expression {
  let of = start;
  for (;;) {
    if (scanner.take(".*")) {
      // The older splat takes attributes only: an index behind it picks from the result.
      of = { kind: "splat", of, each: parseTraversal(scanner, { kind: "splat-item" }, false) };
    } else if (scanner.peek(".") && !scanner.peek("...")) {
      scanner.take(".");
      of = parseAttribute(scanner, of);
    } else if (indexes && scanner.take("[")) {
      scanner.skipSpace();
      if (scanner.take("*")) {
        scanner.expect("]");
        of = { kind: "splat", of, each: parseTraversal(scanner, { kind: "splat-item" }, true) };
      } else {
        const key = parseExpression(scanner);
        scanner.expect("]");
        of = { kind: "index", of, key };
      }
    } else return of;
  }
}

function parseAttribute(scanner: Scanner, of: Expression): Expression {
  const digits = scanner.match(/[0-9]+/y);
  if (digits !== undefined) return { kind: "index", of, key: { kind: "literal", value: Number(digits) } };
  const name = scanner.identifier();
  if (name === undefined) return scanner.fail('expected a name after "."');
  return { kind: "attribute", of, name };
}

function parsePrimary(scanner: Scanner): Expression {
  scanner.skipSpace();
  if (scanner.take('"')) return scanner.nested(() => parseTemplateBody(scanner, '"'));
  if (scanner.take("(")) {
    const inner = parseExpression(scanner);
    scanner.expect(")");
    return inner;
  }
  if (scanner.take("[")) return parseTuple(scanner);
  if (scanner.take("{")) return parseObject(scanner);
  if (scanner.peek("<<")) return scanner.fail("a heredoc is not supported inside an expression");
  const number = scanner.match(/[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/y);
  if (number !== undefined) return { kind: "literal", value: Number(number) };
  const name = scanner.identifier();
  if (name === undefined) {
    return scanner.fail(
      scanner.done
        ? "an expression is missing"
        : `"${scanner.text.charAt(scanner.position)}" cannot start an expression`,
    );
  }
  if (scanner.take("(")) return parseCall(scanner, name);
  if (name === "true" || name === "false") return { kind: "literal", value: name === "true" };
  if (name === "null") return { kind: "literal", value: null };
  return { kind: "variable", name };
}

function parseCall(scanner: Scanner, name: string): Expression {
  const args: Expression[] = [];
  let spread = false;
  for (;;) {
    scanner.skipSpace();
    if (scanner.take(")")) return { kind: "call", name, args, spread };
    args.push(parseExpression(scanner));
    scanner.skipSpace();
    if (scanner.take("...")) spread = true;
    scanner.skipSpace();
    if (!scanner.take(",") && !scanner.peek(")")) scanner.expect(")");
  }
}

function parseTuple(scanner: Scanner): Expression {
  const loop = parseFor(scanner, "]");
  if (loop !== undefined) return loop;
  const items: Expression[] = [];
  for (;;) {
    scanner.skipSpace();
    if (scanner.take("]")) return { kind: "tuple", items };
    items.push(parseExpression(scanner));
    scanner.skipSpace();
    if (!scanner.take(",") && !scanner.peek("]")) scanner.expect("]");
  }
}

function parseObject(scanner: Scanner): Expression {
  const loop = parseFor(scanner, "}");
  if (loop !== undefined) return loop;
  const entries: (readonly [Expression, Expression])[] = [];
  for (;;) {
    scanner.skipSpace();
    if (scanner.take("}")) return { kind: "object", entries };
    const key = parseExpression(scanner);
    scanner.skipSpace();
    if (!scanner.take(":")) scanner.expect("=");
    // A bare word is the key itself, not a reference.
    entries.push([key.kind === "variable" ? { kind: "literal", value: key.name } : key, parseExpression(scanner)]);
    scanner.skipSpace();
    scanner.take(",");
  }
}

function parseFor(scanner: Scanner, end: "]" | "}"): Expression | undefined {
  scanner.skipSpace();
  const start = scanner.position;
  if (!scanner.keyword("for")) return undefined;
  scanner.skipSpace();
  if (scanner.peekIdentifier() === undefined) {
    scanner.position = start;
    return undefined;
  }
  const names = parseForNames(scanner);
  const over = parseExpression(scanner);
  scanner.expect(":");
  let value = parseExpression(scanner);
  let key: Expression | undefined;
  if (end === "}") {
    scanner.expect("=>");
    key = value;
    value = parseExpression(scanner);
  }
  scanner.skipSpace();
  const group = scanner.take("...");
  scanner.skipSpace();
  const condition = scanner.keyword("if") ? parseExpression(scanner) : undefined;
  scanner.expect(end);
  return {
    kind: "for",
    ...names,
    over,
    ...(key === undefined ? {} : { key }),
    value,
    ...(condition === undefined ? {} : { condition }),
    group,
  };
}

/** `value in` or `key, value in`. */
export function parseForNames(scanner: Scanner): Pick<ForExpression, "keyName" | "valueName"> {
  const name = (): string => {
    scanner.skipSpace();
    return scanner.identifier() ?? scanner.fail("expected a name behind for");
  };
  const first = name();
  scanner.skipSpace();
  const second = scanner.take(",") ? name() : undefined;
  scanner.skipSpace();
  if (!scanner.keyword("in")) scanner.fail('expected "in"');
  return second === undefined ? { valueName: first } : { keyName: first, valueName: second };
}
