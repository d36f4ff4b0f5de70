import { accept, readAccepted } from "../../analysis/accepted";
import type { Acceptance, AcceptedEntries, AcceptedEntry, Names } from "../../analysis/accepted";
import { printable } from "../../analysis/printable";
import type { Io, Values } from "../command";
import { readJsonFile } from "../json";

/** @throws InputError with every problem of the file that `--allow` names */
export function readAllowFile(io: Io, { allow }: Values): AcceptedEntries {
  if (typeof allow !== "string") return { changes: [], findings: [] };
  return readAccepted(readJsonFile(io, allow, "The allow file"), allow);
}

/**
 * What is left open as of today. What was accepted, and entries that are of no use, are said on standard error.
 *
 * @param line what was found, in a line
 */
export function acceptToday<T>(
  io: Io,
  found: readonly T[],
  entries: readonly AcceptedEntry[],
  namesOf: (one: T) => Names,
  line: (one: T) => string,
): Acceptance<T>["open"] {
  const today = new Date().toISOString().slice(0, 10);
  const { open, accepted, expired, unmatched } = accept(found, entries, namesOf, today);
  const told = [
    ...accepted.map(({ one, by }) => `accepted until ${by.expires}: ${line(one)} (${by.reason})`),
    ...expired.map((one) => `expired on ${one.expires}, accepts nothing: ${nameOf(one)} (${one.reason})`),
    ...unmatched.map((one) => `matches nothing, can be removed: ${nameOf(one)} (${one.reason})`),
  ];
  for (const text of told) io.err(`${printable(text)}\n`);
  return open;
}

function nameOf(one: AcceptedEntry): string {
  return one.id ?? JSON.stringify({ ...one, reason: undefined, expires: undefined });
}
