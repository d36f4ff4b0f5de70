import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../proof/errors";
import { readSources } from "../../proof/probe/sources";
import { portcullis, type Proof } from "./access";
import type { Session } from "./session";
import type { LiveStage } from "./stages";

/** The variable that holds the probe's sources, the text of a file for `probe --sources`: secrets, in a pipeline. */
const SOURCES = "PROBE_SOURCES";

/** Holds the probe's sources to their form before a release begins. @throws InputError with every problem */
export function checkSources(env: NodeJS.ProcessEnv): void {
  const text = env[SOURCES] ?? "";
  if (text === "") return;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A parser quotes what it could not read, which may be a secret.
    throw new InputError({ what: "It is not JSON.", where: SOURCES, next: "docs/delivery.md shows its form." });
  }
  readSources(value, SOURCES, env);
}

/** Stages that can be probed from here. */
export function reachable(stages: readonly LiveStage[]): readonly LiveStage[] {
  return stages.filter(({ isPrivate }) => !isPrivate);
}

/**
 * Probes stages as they are served now.
 *
 * @param options further options of `portcullis probe`; a `--target` among them goes before the stage's own address
 */
export function probeLive(session: Session, stages: readonly LiveStage[], options: readonly string[]): Proof {
  const { root, env } = session.io;
  const { [SOURCES]: sources = "", ...rest } = env;
  const targets = stages.flatMap(({ apiName, url }) => ["--target", `${apiName}=${url}`]);
  const folder = mkdtempSync(join(tmpdir(), "portcullis-probe-"));
  try {
    const file = join(folder, "sources.json");
    if (sources !== "") writeFileSync(file, sources, { mode: 0o600 });
    const given = sources === "" ? [] : ["--sources", file];
    return portcullis(root, ["probe", session.directory, ...targets, ...given, ...options], rest);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
