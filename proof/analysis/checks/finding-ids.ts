import { dirname } from "node:path";
import { digest } from "../accepted";
import type { Finding } from "./finding";

/** A finding with what an allow file can call it by. */
export interface NamedFinding extends Omit<Finding, "says"> {
  /** `stale-deployment:3f1c0d9a7b52` */
  readonly id: string;
}

/**
 * Gives each finding an id of its rule, its severity, its place and what is said of it. It is the same in every run and
 * stays as other things change: where statements are counted anew, a file is renamed or moves on its own. Where more is
 * said of the finding, of another route say, or the statement that it is about says something else, it is another one. Of
 * findings that say the same of one place each has its own.
 */
export function named(findings: readonly Finding[]): readonly NamedFinding[] {
  const seen = new Map<string, number>();
  return findings.map(({ says = "", ...finding }) => {
    const { rule, severity, message, where } = finding;
    // The folder tells the root modules apart. Where invariants stand depends on where the command is run.
    const folder = rule === "invariant" ? "" : dirname(where.file);
    const said = [severity, folder, where.address, message.replace(/\b(statement) \d+/gi, "$1"), says];
    const before = seen.get(said.join("\0")) ?? 0;
    seen.set(said.join("\0"), before + 1);
    return { id: `${rule}:${digest([rule, ...said, before])}`, ...finding };
  });
}
