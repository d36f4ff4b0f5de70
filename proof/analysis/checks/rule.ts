import type { CheckContext } from "./context";
import type { RuleFinding, Severity } from "./finding";

/** One mistake that people make, and how to find it. */
export interface Rule {
  /** `resource-policy-bypass` */
  readonly name: string;
  /** Of its findings, where one does not say otherwise. */
  readonly severity: Severity;
  /** Pure: the same configuration gives the same findings. */
  find(context: CheckContext): readonly RuleFinding[];
}
