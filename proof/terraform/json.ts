import { readFileSync } from "node:fs";
import { InputError } from "../errors";
import { locate } from "./json-mistake";

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
    throw mistaken(text, shown, "is no valid JSON");
  }
  // Terraform reads members of one name as so many blocks; the parser above keeps only the last of them.
  if (repeatsMember(text, value, shown)) throw mistaken(text, shown, "has two members of one name");
  if (isJsonObject(value)) return value;
  throw new InputError({ what: "holds JSON that is not an object", where: shown });
}

/** Whether an object in valid JSON text has two members of one name, of which `value`, parsed from it, holds one. */
export function repeatsMember(text: string, value: unknown, shown: string): boolean {
  return membersIn(text) !== members(value, shown);
}

function mistaken(text: string, shown: string, what: string): InputError {
  const { position, message } = locate(text);
  const before = text.slice(0, position).split("\n");
  const where = `${shown}:${String(before.length)}:${String((before.at(-1) ?? "").length + 1)}`;
  return new InputError({ what: `${what}: ${message}`, where, next: "Synthesize again, or correct the file." });
}

/** In valid JSON, a string before a colon is a member's name. */
function membersIn(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)) if (colon !== undefined) count += 1;
  return count;
}

/** Deeper nesting than this is refused, so that no input can exhaust the stack. */
const deepest = 300;

function members(value: unknown, shown: string): number {
  let count = 0;
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest)
      throw new InputError({ what: `is nested deeper than ${String(deepest)} levels`, where: shown });
    level = level.flatMap((item): unknown[] => {
      if (Array.isArray(item)) return item.filter((inner) => typeof inner === "object");
      if (!isJsonObject(item)) return [];
      const inner = Object.values(item);
      count += inner.length;
      return inner.filter((one) => typeof one === "object");
    });
  }
  return count;
}
