import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { InputError } from "../errors";
import { repeatedMembers } from "../json-members";
import { locate } from "../terraform/json-mistake";
import type { Io } from "./command";

/**
 * What a file that an option names holds.
 *
 * @param what what it is: `The allow file`
 * @throws InputError where it cannot be read, and as `parseJson`
 */
export function readJsonFile({ cwd }: Io, file: string, what: string): unknown {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), "utf8");
  } catch (error) {
    throw new InputError({ what: `${what} cannot be read: ${(error as Error).message}.`, where: file });
  }
  return parseJson(text, file);
}

/** @throws InputError without quoting the text, which may hold a token; also where a member stands twice */
export function parseJson(text: string, where: string): unknown {
  const json = text.replace(/^\ufeff/, "");
  try {
    const value: unknown = JSON.parse(json);
    const repeated = repeatedMembers(json, value);
    if (repeated.length === 0) return value;
    throw new InputError({ what: `Stands twice in one object: ${repeated.join(", ")}.`, where });
  } catch (error) {
    if (error instanceof RangeError) throw new InputError({ what: "It is nested too deep.", where });
    if (!(error instanceof SyntaxError)) throw error;
    const before = json.slice(0, locate(json).position).split("\n");
    const at = `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
    throw new InputError({ what: `It is not JSON, from ${at} on.`, where });
  }
}
