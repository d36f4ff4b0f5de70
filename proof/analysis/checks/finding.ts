import type { RequestFile } from "../../decision/request-file";
import type { Source } from "../../model/types";

export type Severity = "error" | "warning";

/** One known mistake, as `check --json` writes it beside its id. */
export interface Finding {
  /** Name of the rule, `resource-policy-bypass`. */
  readonly rule: string;
  /** Whether `check` fails for it. */
  readonly severity: Severity;
  /** What is wrong, with the offending value, and what the witness shows. */
  readonly message: string;
  readonly where: Source;
  /** All that the statement says which it is about, for its id alone. */
  readonly says?: string | undefined;
  /** A request that shows it, for `explain`; null where no single request does. It was decided before it was given. */
  readonly witness: RequestFile | null;
  /** What to change. */
  readonly fix: string;
}

/** What a rule says of one mistake; its name is added for it. */
export type RuleFinding = Omit<Finding, "rule" | "severity"> & { readonly severity?: Severity };
