import { prepareChecks } from "./context";
import type { CheckContext } from "./context";
import type { Finding } from "./finding";
import type { Rule } from "./rule";
import { rules } from "./rules";

/**
 * The findings of all rules: errors first, then in the order of the rules.
 *
 * @param context what `prepareChecks` gives
 */
export function runChecks(context: CheckContext, asked: readonly Rule[] = rules): readonly Finding[] {
  const found = asked.flatMap((rule) => findingsOf(rule, context));
  return [...found.filter(({ severity }) => severity === "error"), ...found.filter((one) => one.severity !== "error")];
}

/** The same mistake seen at several stages is one. */
function findingsOf(rule: Rule, context: CheckContext): readonly Finding[] {
  const seen = new Map<string, Finding>();
  for (const found of rule.find(context)) {
    const key = `${found.where.file}\0${found.where.address}\0${found.message}`;
    if (!seen.has(key)) seen.set(key, { rule: rule.name, severity: rule.severity, ...found });
  }
  return [...seen.values()];
}

export { prepareChecks };
export type { CheckContext, Finding, Rule };
