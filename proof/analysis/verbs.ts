import type { Pattern } from "../iam";
import type { Api } from "../model/types";
import { globMachine } from "./automata/glob-machine";
import { run } from "./automata/machine";
import { arnPrefix } from "./paths";
import type { View } from "./view";

/** The verbs that a method `ANY` stands for. */
export const VERBS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] as const;

/** Verbs that neither a route nor a pattern tells apart, and the templates of their routes. */
export interface VerbClass {
  readonly verbs: readonly string[];
  readonly templates: readonly string[];
}

/** Cuts the verbs by the methods that are defined and by the resource patterns of the policies. */
export function verbClasses(
  apis: readonly Api[],
  patterns: readonly { readonly view: View; readonly pattern: Pattern }[],
): readonly VerbClass[] {
  const groups = new Map<string, { readonly verbs: string[]; readonly templates: readonly string[] }>();
  const readers = readersOf(patterns);
  for (const verb of VERBS) {
    const served = apis.map(({ routes }) => routes.filter(({ method }) => method === verb || method === "ANY"));
    const named = apis.some(({ routes }) => routes.some(({ method }) => method === verb));
    const templates = [...new Set(served.flat().map(({ path }) => path))];
    if (templates.length === 0) continue;
    const key = named ? verb : `any ${readers.map((reader) => reader(verb)).join()}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { verbs: [verb], templates });
    else group.verbs.push(verb);
  }
  return [...groups.values()];
}

/** For each pattern, where a verb leads: equal for verbs that it does not tell apart. */
function readersOf(
  patterns: readonly { readonly view: View; readonly pattern: Pattern }[],
): ((verb: string) => string)[] {
  const seen = new Set<string>();
  return patterns.flatMap(({ view, pattern }) => {
    const prefix = arnPrefix(view, "");
    const [first] = pattern.tokens;
    const key = `${prefix}\n${pattern.source}`;
    if (prefix === undefined || seen.has(key)) return [];
    seen.add(key);
    if (first?.kind === "text") {
      const { value } = first;
      if (!prefix.startsWith(value) && !value.startsWith(prefix)) return [];
      const named = value.startsWith(prefix) ? /^([A-Z]+)\//.exec(value.slice(prefix.length))?.[1] : undefined;
      if (named !== undefined) return [(verb: string) => (verb === named ? `=${verb}` : "")];
    }
    const machine = globMachine(pattern.tokens, { prefix });
    return [(verb: string) => String(run(machine, verb))];
  });
}
