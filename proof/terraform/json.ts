import { readFileSync } from "node:fs";
import { InputError } from "../errors";

export interface JsonObject {
  readonly [key: string]: unknown;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A record's own member: names from the input must not reach what every object inherits. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/**
 * Reads a JSON file whose top is an object.
 *
 * @param shown The name of the file in errors.
 * @throws InputError with file, line and column.
 */
export function readJsonObject(file: string, shown: string): JsonObject {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new InputError({
      what: `cannot be read (${code})`,
      where: shown,
      next: "Check the path and its permissions.",
    });
  }
  return parseJsonObject(text, shown);
}

export function parseJsonObject(text: string, shown: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text);
  } catch {
    const { position, message } = locate(text);
    const before = text.slice(0, position).split("\n");
    const where = `${shown}:${String(before.length)}:${String((before.at(-1) ?? "").length + 1)}`;
    throw new InputError({
      what: `is no valid JSON: ${message}`,
      where,
      next: "Synthesize again, or correct the file.",
    });
  }
  if (isJsonObject(value)) return value;
  throw new InputError({ what: "holds JSON that is not an object", where: shown });
}

interface Mistake {
  readonly position: number;
  readonly message: string;
}

const literal = /(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.+-])/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const space = /[ \t\r\n]*/y;

/**
 * Where a text stops being JSON. Node 20's own message does not always say, and never as line and column.
 * The stack is a list, so that no nesting can exhaust it.
 */
function locate(text: string): Mistake {
  let position = text.startsWith("\ufeff") ? 1 : 0;
  const step = (pattern: RegExp): boolean => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found !== null) position += found[0].length;
    return found !== null;
  };
  const take = (character: string): boolean => {
    if (text.charAt(position) !== character) return false;
    position += 1;
    return true;
  };
  const mistake = (expected: string): Mistake => ({
    position,
    message: `expected ${expected}, found ${position >= text.length ? "the end of the file" : JSON.stringify(text.charAt(position))}`,
  });
  const open: ("}" | "]")[] = [];
  let state: "value" | "first" | "key" | "after" = "value";
  for (;;) {
    step(space);
    const inside = open.at(-1);
    if (state === "first" && inside !== undefined && take(inside)) {
      open.pop();
      state = "after";
    } else if (state === "after") {
      if (inside === undefined) return mistake("nothing more");
      if (take(inside)) open.pop();
      else if (take(",")) state = inside === "}" ? "key" : "value";
      else return mistake(`"," or "${inside}"`);
    } else if (state === "key" || (state === "first" && inside === "}")) {
      if (!step(string)) return mistake("a name in double quotes");
      step(space);
      if (!take(":")) return mistake('":"');
      state = "value";
    } else if (take("{")) {
      open.push("}");
      state = "first";
    } else if (take("[")) {
      open.push("]");
      state = "first";
    } else if (step(string) || step(literal)) state = "after";
    else return mistake("a value");
  }
}
