import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InputError } from "../errors";

/** The CDKTF project that writes a directory. */
export interface CdktfApp {
  /** Folder of its `cdktf.json`. */
  readonly root: string;
  /** What `cdktf synth` runs. */
  readonly command: string;
  readonly context: unknown;
}

/**
 * The CDKTF project beside a directory whose output the directory is; undefined where there is none.
 * @throws InputError where its `cdktf.json` is no JSON
 */
export function cdktfAppOf(directory: string): CdktfApp | undefined {
  const root = dirname(directory);
  const file = join(root, "cdktf.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  let settings: { app?: unknown; output?: unknown; context?: unknown };
  try {
    settings = JSON.parse(text) as typeof settings;
  } catch (error) {
    throw new InputError({ what: `It is not JSON: ${(error as Error).message}.`, where: file });
  }
  const output = typeof settings.output === "string" ? settings.output : "cdktf.out";
  if (typeof settings.app !== "string" || resolve(root, output) !== directory) return undefined;
  return { root, command: settings.app, context: settings.context ?? {} };
}
