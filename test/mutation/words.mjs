import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** Members of errors and traces that hold sentences for a person. */
const SENTENCES = new Set(["because", "change", "what", "next"]);
/** Functions that take such sentences. */
const TELLERS = new Set(["add", "refuse", "reject", "problem", "suggestion"]);

/**
 * Leaves out mutants that only empty a sentence: they alter no decision. Which sentence is told, and the values in it,
 * stay mutated: conditions, and texts that stand anywhere else.
 */
function isSentence(path) {
  if (!path.isStringLiteral() && !path.isTemplateLiteral()) return false;
  let at = path;
  while (
    at.parentPath?.isTemplateLiteral() ||
    at.parentPath?.isConditionalExpression() ||
    at.parentPath?.isBinaryExpression({ operator: "+" })
  ) {
    // The question is no part of the answer.
    if (at.parentPath.isConditionalExpression() && at.key === "test") return false;
    at = at.parentPath;
  }
  const { parent } = at;
  // The message of an error.
  if (parent?.type === "NewExpression") return /Error$/.test(parent.callee.name ?? "");
  if (parent?.type === "ObjectProperty") return at.key === "value" && SENTENCES.has(parent.key.name);
  if (parent?.type !== "CallExpression" || at.listKey !== "arguments") return false;
  const { callee } = parent;
  return TELLERS.has(callee.type === "MemberExpression" ? callee.property.name : callee.name);
}

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, "words", {
    shouldIgnore: (path) => (isSentence(path) ? "a sentence for a person" : undefined),
  }),
];
