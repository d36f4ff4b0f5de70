import { join } from "node:path";
import type { CdktfApp } from "./cdktf-app";
import { Synthesizer } from "./synthesizer";
import type { Watch } from "./watch";
import { watch } from "./watch";

export interface ResynthesisOptions {
  /** What the app writes. */
  readonly directory: string;
  /** The environment that is served, where one was named. */
  readonly environment?: string | undefined;
  tell(line: string): void;
  /** The app begins to write. */
  onStart(): void;
  /** It has ended, well or not. */
  onEnd(): void;
}

/** Runs the project's `app` as `cdktf synth` does, whenever one of its source files changes. */
export function resynthesizeOnChange(app: CdktfApp, options: ResynthesisOptions): Pick<Watch, "stop"> {
  const { directory, environment, tell, onStart, onEnd } = options;
  const variables = environment === undefined ? {} : { PORTCULLIS_ENV: environment };
  const synthesizer = new Synthesizer(app, directory, variables);
  void synthesizer.warmUp();
  let stopped = false;
  let running = false;
  let again = false;
  const run = async () => {
    again = running;
    if (running) return;
    running = true;
    tell("Synthesizing.");
    onStart();
    const { ok, said } = await synthesizer.run();
    running = false;
    if (stopped) return;
    if (again) return run();
    if (!ok) tell(`'${app.command}' failed; what was served goes on.\n${said.trimEnd()}`);
    onEnd();
  };
  const includes = (name: string) => /\.(ts|tsx|js|mjs|cjs|json|ya?ml)$/.test(name);
  const excludes = [directory, join(app.root, "test")];
  const watching = watch({ directory: app.root, includes, excludes }, () => void run());
  return {
    stop: () => {
      stopped = true;
      watching.stop();
      synthesizer.stop();
    },
  };
}
