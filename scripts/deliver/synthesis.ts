import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { InputError } from "../../proof/errors";

export interface SynthesisOptions {
  /** The project to synthesize: its own `main.ts` and packages. */
  readonly root: string;
  readonly environment: string;
  /** Directory to write to; what it held of other environments goes. */
  readonly outdir: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Where an environment is synthesized to: the folder the CDKTF CLI uses, so that its commands go on from there. */
export function outputDirectory(root: string, env: NodeJS.ProcessEnv): string {
  return resolve(root, env["CDKTF_OUTDIR"] ?? "cdktf.out");
}

/**
 * Synthesizes one environment as `cdktf synth` does, in a process of its own.
 *
 * @throws InputError with what the synthesis said
 */
export function synthesize({ root, environment, outdir, env }: SynthesisOptions): void {
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: root,
    env: { ...env, PORTCULLIS_ENV: environment, CDKTF_OUTDIR: outdir },
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status === 0) return;
  throw new InputError({ what: `${environment} cannot be synthesized, so nothing was touched:\n${stderr.trim()}` });
}
