import type { Matrix } from "../analysis/matrix";

export type MatrixEntry = Matrix["routes"][number]["entries"][number];

/** One row of the matrix, with the route it belongs to. */
export interface Row {
  readonly api: string;
  readonly stage: string;
  readonly method: string;
  readonly path: string;
  readonly who: string;
  readonly network: string;
  readonly entry: MatrixEntry;
  /** The networks that other rows of the same callers name. */
  readonly otherNetworks: readonly string[];
}

/** What came of one row. */
export interface Result {
  readonly api: string;
  readonly stage: string;
  readonly method: string;
  readonly path: string;
  readonly who: string;
  readonly network: string;
  readonly result: "agrees" | "differs" | "no answer" | "not probed";
  readonly predicted: { readonly outcome: string; readonly status: number | null };
  /** Absent where it was not probed, or not answered. */
  readonly answered?: {
    readonly outcome: "allow" | "deny";
    readonly status: number;
    readonly errorType: string | null;
  };
  readonly because: string;
  readonly milliseconds?: number;
}

/** The rows of a matrix, one after the other. */
export function rowsOf({ routes }: Matrix): readonly Row[] {
  return routes.flatMap(({ api, stage, method, path, entries }) =>
    entries.map((entry) => ({
      api,
      stage,
      method,
      path,
      who: entry.who,
      network: entry.network,
      entry,
      otherNetworks: entries.filter(({ who }) => who === entry.who).map(({ network }) => network),
    })),
  );
}
