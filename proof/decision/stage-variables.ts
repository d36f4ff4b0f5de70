import type { Stage } from "../model/types";

/** Where a text names a stage variable; API Gateway takes letters, digits and `_` for names, and nothing else is one. */
const VARIABLE = /\$\{stageVariables\.([^}]*)\}/g;

/** The value of a stage variable, or undefined where the stage has none of that name. */
export function stageVariable(stage: Pick<Stage, "variables"> | undefined, name: string): string | undefined {
  return stage !== undefined && Object.hasOwn(stage.variables, name) ? stage.variables[name] : undefined;
}

/**
 * A URI or an ARN with every `${stageVariables.name}` filled in (API Gateway developer guide, "API Gateway stage variables
 * reference").
 *
 * @returns undefined where the stage lacks one of them. What AWS puts in its place is UNCONFIRMED; with nothing there,
 * `function:orders${stageVariables.suffix}` would name another function, so nothing at all is named.
 */
export function withStageVariables(text: string, stage: Pick<Stage, "variables"> | undefined): string | undefined {
  let complete = true;
  const filled = text.replace(VARIABLE, (_, name: string) => {
    const value = stageVariable(stage, name);
    complete &&= value !== undefined;
    return value ?? "";
  });
  return complete ? filled : undefined;
}

/** What is to be said where `withStageVariables` gives nothing. */
export function lacksVariable(text: string, stage: Pick<Stage, "name"> | undefined): string {
  return `'${text}' names a stage variable that the stage '${stage?.name ?? ""}' does not have.`;
}
