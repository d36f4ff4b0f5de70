import { ExpressionError } from "./syntax";

const identifierStart = /[A-Za-z_\u0080-\uffff]/;
const identifierPart = /[A-Za-z0-9_\u0080-\uffff-]/;

/** Deeper nesting than this is refused, so that no input can exhaust the stack. */
const deepest = 200;

/** A position in a text, with the few steps that both the template and the expression parser take. */
export class Scanner {
  position = 0;
  private depth = 0;

  constructor(readonly text: string) {}

  get done(): boolean {
    return this.position >= this.text.length;
  }

  fail(message: string): never {
    throw new ExpressionError(message, this.position);
  }

  peek(text: string): boolean {
    return this.text.startsWith(text, this.position);
  }

  /** Steps over `text` if it stands here. */
  take(text: string): boolean {
    if (!this.peek(text)) return false;
    this.position += text.length;
    return true;
  }

  expect(text: string): void {
    this.skipSpace();
    if (this.take(text)) return;
    const found = this.done ? "the end" : `"${this.text.charAt(this.position)}"`;
    this.fail(`expected "${text}", found ${found}`);
  }

  /** White space, line breaks and comments. */
  skipSpace(): void {
    for (;;) {
      while (/\s/.test(this.text.charAt(this.position))) this.position += 1;
      if (this.peek("#") || this.peek("//")) this.skipPast("\n");
      else if (this.peek("/*")) this.skipPast("*/");
      else return;
    }
  }

  private skipPast(end: string): void {
    const at = this.text.indexOf(end, this.position);
    this.position = at === -1 ? this.text.length : at + end.length;
  }

  identifier(): string | undefined {
    if (!identifierStart.test(this.text.charAt(this.position))) return undefined;
    const start = this.position;
    while (!this.done && identifierPart.test(this.text.charAt(this.position))) this.position += 1;
    return this.text.slice(start, this.position);
  }

  peekIdentifier(): string | undefined {
    const start = this.position;
    const found = this.identifier();
    this.position = start;
    return found;
  }

  /** The keyword, if it stands here as a whole word. */
  keyword(word: string): boolean {
    if (!this.peek(word) || identifierPart.test(this.text.charAt(this.position + word.length))) return false;
    this.position += word.length;
    return true;
  }

  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  nested<T>(parse: () => T): T {
    this.depth += 1;
    if (this.depth > deepest) this.fail(`nested deeper than ${String(deepest)} levels`);
    const result = parse();
    this.depth -= 1;
    return result;
  }
}
