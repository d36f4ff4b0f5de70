import { existsSync } from "node:fs";
import { InputError } from "../../errors";
import type { Invariant } from "./invariant";

/**
 * The invariants that a file exports by default.
 *
 * @param file absolute path of a module that the running Node can load
 * @throws InputError where it cannot be loaded, or exports something else
 */
export function readInvariants(file: string): readonly Invariant[] {
  if (!existsSync(file)) throw new InputError({ what: "There is no such file of invariants.", where: file });
  let loaded: unknown;
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    loaded = require(file);
  } catch (error) {
    throw new InputError({ what: `The invariants cannot be loaded: ${(error as Error).message}`, where: file });
  }
  const listed = (loaded as { readonly default?: unknown } | null)?.default;
  if (Array.isArray(listed) && listed.length > 0 && listed.every(isInvariant)) return listed;
  throw new InputError({
    what: "The file does not export a list of invariants by default.",
    where: file,
    next: 'Write, for example: export default [nobody(anonymous()).reachesAnythingBut("GET /health")];',
  });
}

function isInvariant(value: unknown): value is Invariant {
  if (typeof value !== "object" || value === null) return false;
  const { sentence, paths, concerns, covers, brokenBy } = value as Partial<Record<keyof Invariant, unknown>>;
  const functions = [concerns, covers, brokenBy].every((member) => typeof member === "function");
  return typeof sentence === "string" && Array.isArray(paths) && functions;
}
