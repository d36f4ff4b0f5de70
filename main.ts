import { SynthesisError } from "./constructs/problems";
import { environments } from "./environments";
import { routes } from "./environments/routes";
import { synthesize } from "./stacks/synthesize";

/** Synthesizes every environment, or the one PORTCULLIS_ENV names, into cdktf.out (or CDKTF_OUTDIR). */
try {
  synthesize(environments(process.env["PORTCULLIS_ENV"]), routes, process.env["CDKTF_OUTDIR"] ?? "cdktf.out");
} catch (error) {
  if (error instanceof SynthesisError) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
