import type { Decision, TraceStep } from "../decision/types";

/** Results of steps that do not refuse a request by themselves. */
const passing: ReadonlySet<string> = new Set([
  "allow",
  "matched",
  "hit",
  "miss",
  "neither",
  "none",
  "assumed",
  "invoked",
  "decoded",
]);

/**
 * Why a request was refused, in one line: the step that refused it, who asked as far as that is known, what to change,
 * and the file and address where it stands.
 */
export function reasonOf({ trace, denial, route, api }: Decision): string {
  const step = refusingStep(trace);
  if (step === undefined) return denial?.message ?? "refused";
  const signature = trace.find(({ step: name }) => name === "signature");
  const who = signature === undefined || signature === step || namesCaller(step) ? "" : ` ${signature.because}`;
  const source = step.source ?? silentPolicy(step, trace) ?? route?.source ?? api.source;
  return step.because + who + where({ source });
}

/** A route that is not there explains what follows; else the last to refuse, or what puts those that did not together. */
function refusingStep(trace: readonly TraceStep[]): TraceStep | undefined {
  return (
    trace.find(({ step, result }) => step === "route" && result === "missing") ??
    trace.findLast(({ step, result }) => step !== "combine" && !passing.has(result)) ??
    trace.at(-1)
  );
}

/** A statement that applies and the sides of a decision say of whom. */
function namesCaller({ step, source }: TraceStep): boolean {
  return step === "combine" || source?.statement !== undefined;
}

/** Where an Allow is missing, the policy that could hold it. */
function silentPolicy({ step }: TraceStep, trace: readonly TraceStep[]): TraceStep["source"] {
  if (step !== "combine") return undefined;
  return trace.findLast(({ result, source }) => result === "neither" && source !== undefined)?.source;
}

/** ` (file: address statement 0)` */
export function where({ source }: Pick<TraceStep, "source">): string {
  if (source === undefined) return "";
  const statement = source.statement === undefined ? "" : ` statement ${source.statement}`;
  return ` (${source.file}: ${source.address}${statement})`;
}
