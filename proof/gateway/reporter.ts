import type { LogLine } from "../lambda/types";
import type { Exchange } from "./exchange";

/** What the gateway tells the person who runs it, besides its answers. */
export interface Reporter {
  /** A request was refused by a decision. */
  denied(exchange: Exchange, status: number, body: string): void;
  /** A request was admitted and answered. */
  admitted(exchange: Exchange, status: number): void;
  /** Something behind an admitted request went wrong. */
  failed(exchange: Exchange, status: number, because: string): void;
  /** A line of a stage's access log. */
  access(exchange: Exchange, line: string): void;
  /** A line that a function wrote. */
  log(line: LogLine): void;
  /** Something a person should know, once. */
  notice(text: string): void;
  /** A defect of the gateway itself. */
  defect(error: unknown): void;
}

export const silent: Reporter = {
  denied: () => undefined,
  admitted: () => undefined,
  failed: () => undefined,
  access: () => undefined,
  log: () => undefined,
  notice: () => undefined,
  defect: () => undefined,
};
