import type { Io } from "./command";

/** One line of the summary: a stack, what became of it, and how long that took. */
export interface Row {
  readonly stack: string;
  readonly result: string;
  /** Counts, or why. */
  readonly detail: string;
  readonly seconds?: number;
}

/** What Terraform says when a resource starts, goes on, or is done. */
const STEP =
  /: (Creating|Creation complete|Modifying|Modifications complete|Destroying|Destruction complete|Still \w+)/;

/** What a person sees while stacks are delivered. */
export class Progress {
  readonly #rows: Row[] = [];

  constructor(
    private readonly io: Pick<Io, "err">,
    private readonly verbose: boolean,
  ) {}

  /** Everything goes to standard error: standard output is for results. */
  say(line: string): void {
    this.io.err(`${line}\n`);
  }

  terraform(stack: string, line: string): void {
    if (line.trim() !== "" && (this.verbose || STEP.test(line))) this.say(`  ${stack}  ${line.trimEnd()}`);
  }

  done(row: Row): void {
    this.#rows.push(row);
    this.say(`${row.stack}: ${row.result}${row.detail === "" ? "" : `, ${row.detail}`}`);
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** The table of everything that was done. */
  summary(): string {
    const cells = this.#rows.map(({ stack, result, detail, seconds }) => [
      stack,
      result,
      seconds === undefined ? "" : `${seconds.toFixed(1)} s`,
      detail,
    ]);
    const table = [["stack", "result", "time", "detail"], ...cells];
    const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
    return `\n${table
      .map((row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd(),
      )
      .join("\n")}\n`;
  }
}

/** Runs something and answers with how many seconds it took. */
export async function timed<T>(run: () => Promise<T>): Promise<readonly [result: T, seconds: number]> {
  const started = process.hrtime.bigint();
  const result = await run();
  return [result, Number(process.hrtime.bigint() - started) / 1e9];
}
