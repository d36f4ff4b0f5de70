import type { TraceStep } from "../../decision/types";
import type { Explanation } from "./explainer";

/** An explanation for people: the outcome first, then each step with the place it stands at. */
export function readable(answer: Explanation): string {
  const denial = answer.errorType === null ? "" : ` ${answer.errorType}`;
  const steps = answer.trace.flatMap(stepLines);
  return [
    `${answer.outcome.toUpperCase()} ${answer.status}${denial}`,
    ...(answer.body === null ? [] : [`  ${answer.body}`]),
    `  route  ${answer.route ?? "none"}`,
    `  arn    ${answer.methodArn}`,
    "",
    ...steps,
    "",
  ].join("\n");
}

function stepLines({ step, result, because, source }: TraceStep, index: number): string[] {
  const head = `${String(index + 1).padStart(2)}. ${step}: ${result}`;
  const place = source === undefined ? [] : [`    at ${source.file}: ${source.address}${statementOf(source)}`];
  return [head, `    ${because}`, ...place];
}

function statementOf({ statement }: NonNullable<TraceStep["source"]>): string {
  return statement === undefined ? "" : `, statement ${statement}`;
}
