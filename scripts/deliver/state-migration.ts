import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { InputError } from "../../proof/errors";
import type { Deliverable } from "./deliverable";
import { DeliveryFailure } from "./failure";
import type { StackRun } from "./stack-run";

interface State {
  readonly lineage: string;
  readonly resources: readonly unknown[];
}

/** Where a stack with local state keeps it: beside the folder it is synthesized to. */
export function localStateFile(root: string, stack: Pick<Deliverable, "name">): string {
  return join(root, `terraform.${stack.name}.tfstate`);
}

/**
 * Moves the state of a stack into the bucket that the stack itself made. Safe to start again at any point: the local
 * state is kept until the bucket's copy was read back, and then only renamed.
 *
 * @throws DeliveryFailure where bucket and local file hold two different histories
 */
export async function migrateState(run: StackRun, file: string, stack: string): Promise<"moved" | "already there"> {
  await run.init("-reconfigure");
  if (!existsSync(file)) return "already there";
  const local = parse(readFileSync(file, "utf8"));
  const before = parse(await run.pullState());
  if (local === undefined) return "already there";
  // Terraform gives a state that is pushed into an empty bucket a lineage of its own, so what it holds is compared.
  const there = before !== undefined && holdsTheSame(before, local);
  if (before !== undefined && !there && before.lineage !== local.lineage) {
    throw new DeliveryFailure({
      what: `The state bucket holds another history (${before.lineage}) than ${file} (${local.lineage}).`,
      where: stack,
      next: "One of the two belongs to another deployment. Find out which, and move the wrong one away.",
    });
  }
  if (!there) await run.pushState(file);
  const after = parse(await run.pullState());
  if (after === undefined || !holdsTheSame(after, local)) {
    throw new DeliveryFailure({
      what: "The state read back from the bucket is not the one that was written.",
      where: stack,
      next: `${file} is still there and still right: run the same command again.`,
    });
  }
  renameSync(file, `${file}.migrated`);
  return "moved";
}

/**
 * Writes into an environment's file that its delivery stack now keeps its own state in the bucket.
 *
 * @returns the file's path, for the message that it has to be committed
 */
export function markBootstrapped(root: string, environment: string): string {
  const file = join(root, "environments", `${environment}.ts`);
  const source = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (source.split("bootstrapped: false").length !== 2) {
    throw new InputError({
      what: "'bootstrapped: false' does not stand there exactly once, so it cannot be changed for you.",
      where: file,
      next: "Set state.bootstrapped to true by hand, and run the same command again.",
    });
  }
  writeFileSync(file, source.replace("bootstrapped: false", "bootstrapped: true"));
  return file;
}

function holdsTheSame(one: State, other: State): boolean {
  return isDeepStrictEqual(one.resources, other.resources);
}

function parse(text: string): State | undefined {
  if (text.trim() === "") return undefined;
  const state = JSON.parse(text) as State;
  return state.resources.length === 0 ? undefined : state;
}
