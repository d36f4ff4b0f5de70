import { join } from "node:path";
import { bundleAhead } from "./constructs/lambda/bundle";

/** Mistakes in this program rather than in what it was given: only these are worth a stack trace. */
const BUGS = [TypeError, ReferenceError, RangeError];

/** Synthesizes every environment, or the one PORTCULLIS_ENV names, into cdktf.out (or CDKTF_OUTDIR). */
async function main(): Promise<void> {
  // Begun before the rest is loaded, which takes as long.
  const bundled = bundleAhead(join(__dirname, "lambdas"));
  const { synthesize } = await import("./stacks/synthesize.js");
  const { environments } = await import("./environments/index.js");
  const chosen = environments(process.env["PORTCULLIS_ENV"]);
  // Read here, because the table refuses a bad route while it is read.
  const { routes } = await import("./environments/routes.js");
  await bundled;
  synthesize(chosen, routes, { outdir: process.env["CDKTF_OUTDIR"] ?? "cdktf.out" });
}

main().catch((error: unknown) => {
  if (!(error instanceof Error) || BUGS.some((type) => error instanceof type)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
});
