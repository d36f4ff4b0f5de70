import { existsSync } from "node:fs";
import type { LambdaFunction, Problem } from "../model/types";

/** Why this machine cannot run the function, or undefined where it can. */
export function cannotRun(fn: LambdaFunction): string | undefined {
  if (fn.zipFile === undefined) {
    return `The code of function '${fn.name}' is not a zip file in this directory, so it cannot run here.`;
  }
  if (!fn.runtime.startsWith("nodejs")) {
    return `The runtime '${fn.runtime}' of function '${fn.name}' cannot run here: only Node.js runtimes (nodejs20.x, nodejs22.x, …) can.`;
  }
  return undefined;
}

/** Functions that a served route needs and that cannot run here, each at its address. */
export function runtimeProblems(functions: readonly LambdaFunction[]): readonly Problem[] {
  return functions.flatMap((fn) => {
    const missing = fn.zipFile !== undefined && !existsSync(fn.zipFile);
    const message = missing ? `The code of function '${fn.name}' is not there: ${fn.zipFile}.` : cannotRun(fn);
    return message === undefined ? [] : [{ message, source: fn.source, severity: "warning" as const }];
  });
}
