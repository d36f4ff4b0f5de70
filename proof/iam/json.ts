import { repeatedMembers } from "../json-members";
import { quote } from "./errors";
import type { PolicyProblems } from "./errors";

/**
 * Parses the text of a policy. `JSON.parse` keeps the last of two members with the same name and drops the other without
 * a word, so a second `Condition` would undo the first; the grammar forbids such documents and so does this.
 */
export function parsePolicyText(text: string, problems: PolicyProblems): unknown {
  try {
    const value: unknown = JSON.parse(text);
    for (const place of repeatedMembers(text, value))
      problems.add(`the element ${place} stands twice in the same object.`);
    return value;
  } catch (error) {
    if (error instanceof RangeError) problems.add("the policy is nested too deep.");
    else if (error instanceof SyntaxError) problems.add(`the policy is not JSON (${error.message}): ${quote(text)}.`);
    else throw error;
    return undefined;
  }
}
