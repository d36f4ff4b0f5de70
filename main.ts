import { environments } from "./environments";
import { routes } from "./environments/routes";
import { synthesize } from "./stacks/synthesize";

/** Mistakes in this program rather than in what it was given: only these are worth a stack trace. */
const BUGS = [TypeError, ReferenceError, RangeError];

/** Synthesizes every environment, or the one PORTCULLIS_ENV names, into cdktf.out (or CDKTF_OUTDIR). */
try {
  synthesize(environments(process.env["PORTCULLIS_ENV"]), routes, {
    outdir: process.env["CDKTF_OUTDIR"] ?? "cdktf.out",
  });
} catch (error) {
  if (!(error instanceof Error) || BUGS.some((type) => error instanceof type)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
