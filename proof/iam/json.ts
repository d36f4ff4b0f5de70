import { quote } from "./errors";
import type { PolicyProblems } from "./errors";

/**
 * Parses the text of a policy. `JSON.parse` keeps the last of two members with the same name and drops the other without
 * a word, so a second `Condition` would undo the first; the grammar forbids such documents and so does this.
 */
export function parsePolicyText(text: string, problems: PolicyProblems): unknown {
  try {
    const value: unknown = JSON.parse(text);
    for (const name of duplicateNames(text)) problems.add(`the element ${name} stands twice in the same object.`);
    return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    problems.add(`the policy is not JSON (${error.message}): ${quote(text)}.`);
    return undefined;
  }
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/gs;

/** The names that stand twice in one object, quoted. `text` is known to be JSON. */
function duplicateNames(text: string): readonly string[] {
  const duplicates: string[] = [];
  /** For each open bracket the names seen in it; none for a list. */
  const open: (Set<string> | undefined)[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const names = open.at(-1);
      // The same name can be spelt with and without escapes.
      const name: string = JSON.parse(last);
      if (names?.has(name) === true) duplicates.push(last);
      names?.add(name);
    }
    last = token;
  }
  return duplicates;
}
