import { quote } from "./errors";
import type { PolicyProblems } from "./errors";
import { PatternError, parsePattern, splitPattern } from "./pattern";
import type { Pattern } from "./pattern";
import { expandShorthand, isShorthand } from "./shorthand";
import type { ExecuteApi } from "./shorthand";
import type { PolicyKind } from "./types";

export interface ResourceRules {
  readonly kind: PolicyKind;
  /** Whether `${…}` is a variable. */
  readonly variables: boolean;
  readonly executeApi?: ExecuteApi | undefined;
}

/** `arn:partition:service:` and something behind it; the partition may be a wildcard. */
const ARN_START = /^arn:(?:aws[a-z-]*|\*):[^:]+:.+$/s;

/** Reads one entry of `Resource` or `NotResource`. */
export function parseResource(written: string, rules: ResourceRules, problems: PolicyProblems): Pattern | undefined {
  const resource = expand(written, rules, problems);
  if (resource === undefined) return undefined;
  try {
    const pattern = parsePattern(resource, { wildcards: true, variables: rules.variables });
    // "You can't use a variable to replace parts of the ARN before the fifth colon."
    const misplaced = splitPattern(pattern, ":", 6)
      .slice(0, 5)
      .some((part) => part.glob === undefined);
    if (!misplaced) return { ...pattern, source: written };
    problems.add(`the resource ${quote(written)} has a variable before its fifth colon, where IAM allows none.`);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    problems.add(`in a resource, ${error.message}.`);
  }
  return undefined;
}

function expand(written: string, rules: ResourceRules, problems: PolicyProblems): string | undefined {
  if (written === "*" || ARN_START.test(written)) return written;
  if (rules.kind !== "resource" || !isShorthand(written)) {
    problems.add(
      `the resource ${quote(written)} is neither an ARN nor "*".`,
      isShorthand(written) ? "The short form execute-api:/… is only for the resource policy of an API." : undefined,
    );
    return undefined;
  }
  if (rules.executeApi !== undefined) return expandShorthand(written, rules.executeApi);
  problems.add(
    `the resource ${quote(written)} is short for an ARN of an API that is not known here.`,
    "Write the ARN.",
  );
  return undefined;
}
