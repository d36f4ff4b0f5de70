import type { Source } from "./source";

/** A policy document as found, not yet checked: `proof/iam` compiles it. */
export interface PolicyDocument {
  readonly document: unknown;
  readonly source: Source;
  /**
   * Why the document could not be read, where it could not: `document` is null then and a problem says the same.
   * Nothing may be allowed on the strength of such a policy, nor of its absence.
   */
  readonly unresolved?: string;
}
