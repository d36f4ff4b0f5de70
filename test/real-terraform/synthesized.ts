import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

/** Runs the app as `cdktf synth` does and answers the folder it wrote. */
export function synthesize(env: Readonly<Record<string, string>> = {}): string {
  const outdir = realpathSync(mkdtempSync(join(tmpdir(), "portcullis-synth-")));
  execFileSync(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: root,
    env: { ...process.env, ...env, CDKTF_OUTDIR: outdir },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return outdir;
}
