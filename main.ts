import { environments } from "./environments";
import { synthesize } from "./stacks/synthesize";

/** Mistakes in this program rather than in what it was given: only these are worth a stack trace. */
const BUGS = [TypeError, ReferenceError, RangeError];

/** Synthesizes every environment, or the one PORTCULLIS_ENV names, into cdktf.out (or CDKTF_OUTDIR). */
async function main(): Promise<void> {
  const chosen = environments(process.env["PORTCULLIS_ENV"]);
  // Read here, because the table refuses a bad route while it is read.
  const { routes } = await import("./environments/routes.js");
  synthesize(chosen, routes, { outdir: process.env["CDKTF_OUTDIR"] ?? "cdktf.out" });
}

main().catch((error: unknown) => {
  if (!(error instanceof Error) || BUGS.some((type) => error instanceof type)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
});
