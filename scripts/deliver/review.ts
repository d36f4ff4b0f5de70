import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../proof/errors";
import type { PlannedChange } from "./plan";

/** A stack as a reviewer saw it. */
export interface ReviewedStack {
  readonly name: string;
  readonly result: "planned" | "waits" | "not planned" | "failed" | "interrupted";
  /** Of the plan that was shown, where there is one; see `Plan.digest`. */
  readonly digest?: string;
  readonly changes: readonly PlannedChange[];
  /** Why there is no plan. */
  readonly because?: string;
  readonly appliedByPeople: boolean;
  /** Stacks it reads from that change as well: its plan can differ once they are deployed. */
  readonly after: readonly string[];
}

/** What a reviewer was shown of one environment. It holds no values, only addresses and digests. */
export interface Review {
  readonly environment: string;
  readonly stacks: readonly ReviewedStack[];
}

const FILE = "review.json";

/** Writes a review and the full text of each plan into `<folder>/<environment>/`. */
export function writeReview(folder: string, review: Review, texts: ReadonlyMap<string, string>): void {
  const own = join(folder, review.environment);
  mkdirSync(own, { recursive: true });
  for (const [stack, text] of texts) writeFileSync(join(own, `${stack}.txt`), text);
  writeFileSync(join(own, FILE), `${JSON.stringify(review, undefined, 2)}\n`);
}

/** @returns undefined where nothing was reviewed */
export function readReview(folder: string, environment: string): Review | undefined {
  const file = join(folder, environment, FILE);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Review;
  } catch (error) {
    throw new InputError({ what: `It is no review: ${(error as Error).message}.`, where: file });
  }
}

/** A text that a step left for one environment, or undefined. */
export function readText(folder: string, environment: string, name: string): string | undefined {
  const file = join(folder, environment, name);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
