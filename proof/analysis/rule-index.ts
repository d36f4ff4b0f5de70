import type { Pattern } from "../iam";
import { coversResource } from "./rules";
import type { Rule } from "./rules";

/**
 * Statements by the text that their resources begin with, so that those about one path are found without asking all.
 *
 * @returns for a resource, what covers it, in the order given; a rule with variables in its resource is there where it may
 */
export function ruleIndex<T extends { readonly rule: Rule }>(
  entries: readonly T[],
): (resource: string) => readonly T[] {
  const anywhere: number[] = [];
  const byLength = new Map<number, Map<string, number[]>>();
  entries.forEach(({ rule }, at) => {
    const { resource } = rule.statement;
    if (resource === undefined || resource.negated) anywhere.push(at);
    else {
      for (const head of new Set(resource.patterns.map(headOf))) {
        let heads = byLength.get(head.length);
        if (heads === undefined) byLength.set(head.length, (heads = new Map()));
        const list = heads.get(head);
        if (list === undefined) heads.set(head, [at]);
        else list.push(at);
      }
    }
  });
  return (resource) => {
    const found = new Set(anywhere);
    for (const [length, heads] of byLength) {
      for (const at of heads.get(resource.slice(0, length)) ?? []) found.add(at);
    }
    return [...found]
      .sort((a, b) => a - b)
      .flatMap((at) => entries[at] ?? [])
      .filter(({ rule }) => rule.variableResource || coversResource(rule, resource));
  };
}

/** What a pattern begins with, up to its first wildcard or variable. */
function headOf({ tokens: [first] }: Pattern): string {
  return first?.kind === "text" ? first.value : "";
}
