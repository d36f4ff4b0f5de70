import type { ParseArgsConfig } from "node:util";

/** What a delivery command may touch of the outside world. */
export interface Io {
  /** The project: the folder of `cdktf.json`. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by the first Ctrl-C: what is being applied is finished, and nothing is begun after it. */
  readonly interrupt: AbortSignal;
  /** Aborted by the second: Terraform is asked to stop in the middle. */
  readonly abandon: AbortSignal;
  out(text: string): void;
  err(text: string): void;
  /** Asks a person; undefined where there is none to ask (no terminal, or CI). */
  ask(question: string): Promise<string | undefined>;
}

export type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** 0 done, 1 it failed, 2 bad input. */
export type ExitCode = 0 | 1 | 2;

export interface DeliverCommand {
  readonly usage: string;
  readonly summary: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** Throws `InputError` for bad input and `DeliveryFailure` for what failed. */
  run(io: Io, values: Values, positionals: readonly string[]): Promise<ExitCode>;
}

export function text(value: Values[string]): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function texts(value: Values[string]): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
