import type { TraceStep } from "../decision/types";
import { reasonOf, where } from "./denied-reason";
import type { Exchange } from "./exchange";
import type { Reporter } from "./reporter";

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

function steps({ trace }: { readonly trace: readonly TraceStep[] }): readonly string[] {
  return trace.map((step) => `    ${step.step.padEnd(20)} ${step.result.padEnd(8)} ${step.because}${where(step)}`);
}

/** A line of Lambda's log format without its time and request id, which stand before it already. */
function withoutPrefix(text: string): string {
  return text.replace(/^\S+\t\S+\t([A-Z]+)\t/, "$1 ");
}
