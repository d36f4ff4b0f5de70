import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { type RouteTable } from "../constructs/routes/route-table";
import type { Environment } from "../environments/schema";
import { addEnvironment } from "./index";

const STACKS = "stacks";

export interface SynthesisOptions {
  /** Directory to write to. */
  readonly outdir: string;
  /**
   * Absolute path of the folder that holds a folder for each function.
   * @default `lambdas/` of this repository
   */
  readonly lambdas?: string;
}

/**
 * Synthesizes environments into a directory: everything or, where anything is wrong, nothing. CDKTF writes stack
 * after stack as it checks them, so it writes elsewhere first.
 *
 * Stacks of an earlier synthesis that are no longer there are removed, so that a reader of the directory cannot
 * take them for deployed.
 *
 * @throws SynthesisError or CDKTF's own error that names the construct; `outdir` is then as it was.
 */
export function synthesize(
  environments: readonly Environment[],
  table: RouteTable,
  { outdir, lambdas = join(__dirname, "..", "lambdas") }: SynthesisOptions,
): void {
  const partial = mkdtempSync(join(tmpdir(), "portcullis-synth-"));
  // CDKTF keeps the stack of every token it makes; to look each line up in a source map is a tenth of the whole time.
  const mapped = process.sourceMapsEnabled;
  process.setSourceMapsEnabled(false);
  try {
    const app = new App({ outdir: partial });
    for (const environment of environments) addEnvironment(app, environment, table, lambdas);
    app.synth();
    replace(partial, outdir);
  } finally {
    process.setSourceMapsEnabled(mapped);
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Puts the new output in place of the old, keeping what `terraform init` left in a stack that is still there. */
function replace(partial: string, outdir: string): void {
  const stacks = join(outdir, STACKS);
  const current = new Set(readdirSync(join(partial, STACKS)));
  mkdirSync(stacks, { recursive: true });
  for (const name of readdirSync(stacks)) {
    const old = join(stacks, name);
    rmSync(current.has(name) ? join(old, "assets") : old, { recursive: true, force: true });
  }
  cpSync(partial, outdir, { recursive: true });
}
