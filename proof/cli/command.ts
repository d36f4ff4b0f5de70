import type { ParseArgsConfig } from "node:util";

export type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** What a command may touch of the outside world; tests pass their own. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  err(text: string): void;
  stdin(): Promise<string>;
  /** Standard input as it arrives, for commands that answer while they read. */
  stdinChunks?(): AsyncIterable<Uint8Array>;
}

/** 0 done, 1 the proof failed, 2 bad input. */
export type ExitCode = 0 | 1 | 2;

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** `credentials ROLE [--dir DIR]` */
  readonly usage: string;
  /** One line for each option, for `--help`. */
  readonly help?: readonly string[];
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** How many positional arguments are allowed, least and most. */
  readonly positionals: readonly [least: number, most: number];
  /** Throws `InputError` for bad input. With `--json`, writes exactly one JSON document to `io.out`. */
  run(io: Io, values: Values, positionals: readonly string[]): Promise<ExitCode>;
}
