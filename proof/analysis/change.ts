import type { RequestFile } from "../decision/request-file";
import type { Source } from "../model/types";
import type { Demands } from "./behind";
import type { Outcome } from "./verdict";

/** Who gained and who lost access: the JSON form of `diff --json`. */
export interface AccessDiff {
  readonly gained: readonly DiffEntry[];
  readonly lost: readonly DiffEntry[];
  /** How callers authenticate, or for how long an answer stands, with the same callers admitted. */
  readonly changed: readonly DiffEntry[];
  readonly undecided: readonly DiffEntry[];
}

export type DiffKind = keyof AccessDiff;
export const DIFF_KINDS: readonly DiffKind[] = ["gained", "lost", "changed", "undecided"];

export interface DiffEntry {
  readonly api: string;
  readonly stage: string;
  readonly method: string;
  /** Path template. */
  readonly path: string;
  readonly who: string;
  readonly network: string;
  readonly before: SideOutcome;
  readonly after: SideOutcome;
  /** Null where nothing could be enumerated. */
  readonly witness: RequestFile | null;
  /** What brought it about: in the head, and in the base for what was lost. */
  readonly because: Source;
}

export interface SideOutcome {
  readonly outcome: Outcome;
  readonly status: number | null;
}

/** An entry with what text and Markdown tell beyond the JSON form. */
export interface FoundChange extends DiffEntry {
  readonly kind: DiffKind;
  /** In a sentence. */
  readonly reason: string;
  /** Which paths of the template, where they are not all answered alike. */
  readonly paths?: string;
  /** Where a deployed stage of the API is called. */
  readonly host: string;
  /** What a request has to hold beside, to pass what stands behind authorization. */
  readonly demands?: Demands;
}

/** The JSON form of what was found. */
export function diffOf(changes: readonly FoundChange[]): AccessDiff {
  const of = (wanted: DiffKind): DiffEntry[] =>
    changes
      .filter(({ kind }) => kind === wanted)
      .map(({ kind: _kind, reason: _reason, paths: _paths, host: _host, demands: _demands, ...entry }) => entry);
  return { gained: of("gained"), lost: of("lost"), changed: of("changed"), undecided: of("undecided") };
}
