import type { Decision, TraceStep } from "../decision/types";
import type { Exchange } from "./exchange";
import type { Reporter } from "./reporter";

/** Steps that let a request pass. */
const passing: ReadonlySet<string> = new Set(["allow", "matched", "hit", "miss", "neither", "assumed", "invoked"]);

/**
 * Tells a person what happens, a line each.
 * @param trace whether every decision is told with all its steps
 */
export function consoleReporter(write: (line: string) => void, trace: boolean): Reporter {
  return {
    denied(exchange, status) {
      const { errorType } = exchange.decision.denial ?? { errorType: "" };
      write(`${line(exchange, status)}  ${errorType}: ${reasonOf(exchange.decision)}  [${exchange.request.requestId}]`);
      if (trace) steps(exchange.decision).forEach(write);
    },
    admitted(exchange, status) {
      if (!trace) return;
      write(`${line(exchange, status)}  [${exchange.request.requestId}]`);
      steps(exchange.decision).forEach(write);
    },
    failed(exchange, status, because) {
      write(`${line(exchange, status)}  ${because}  [${exchange.request.requestId}]`);
    },
    access(_exchange, text) {
      write(text);
    },
    log({ functionName, requestId, line: text }) {
      write(`${functionName}${requestId === "" ? "" : ` ${requestId}`}  ${withoutPrefix(text)}`);
    },
    notice(text) {
      write(`warning: ${text}`);
    },
    defect(error) {
      write(`A defect of the gateway: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    },
  };
}

function line({ request }: Exchange, status: number): string {
  return `${status} ${request.method} ${request.rawPath}`;
}

/** The step that refused the request; where none did by itself, the one that put them together. */
export function reasonOf({ trace, denial }: Decision): string {
  const step = trace.findLast(({ step, result }) => step !== "combine" && !passing.has(result)) ?? trace.at(-1);
  return step === undefined ? (denial?.message ?? "refused") : step.because + where(step);
}

function steps({ trace }: Decision): readonly string[] {
  return trace.map((step) => `    ${step.step.padEnd(20)} ${step.result.padEnd(8)} ${step.because}${where(step)}`);
}

function where({ source }: TraceStep): string {
  if (source === undefined) return "";
  const statement = source.statement === undefined ? "" : ` statement ${source.statement}`;
  return ` (${source.file}: ${source.address}${statement})`;
}

/** A line of Lambda's log format without its time and request id, which stand before it already. */
function withoutPrefix(text: string): string {
  return text.replace(/^\S+\t\S+\t([A-Z]+)\t/, "$1 ");
}
