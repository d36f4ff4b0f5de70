import { join } from "node:path";
import { bundleAhead } from "./constructs/lambda/bundle";

/** Mistakes in this program rather than in what it was given: only these are worth a stack trace. */
const BUGS = [TypeError, ReferenceError, RangeError];

/** Synthesizes every environment, or the one PORTCULLIS_ENV names, into cdktf.out (or CDKTF_OUTDIR). */
async function main(): Promise<void> {
  // Begun before the rest is loaded, which takes as long.
  const bundled = bundleAhead(join(__dirname, "lambdas"));
  const { synthesize } = await import("./stacks/synthesize.js");
  const { together } = await import("./constructs/problems.js");
  const [chosen, routes] = await together(
    import("./environments/index.js").then(({ environments }) => environments(process.env["PORTCULLIS_ENV"])),
    // The table refuses a bad route while it is read.
    import("./environments/routes.js").then((table) => table.routes),
  );
  await bundled;
  synthesize(chosen, routes, { outdir: process.env["CDKTF_OUTDIR"] ?? "cdktf.out" });
}

main().catch((error: unknown) => {
  if (!(error instanceof Error) || BUGS.some((type) => error instanceof type)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
});
