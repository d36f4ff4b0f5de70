import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { unzipSync } from "fflate";
import { bundleFunction } from "../../../constructs/lambda/bundle";

/** What a function gave back: its result as JSON carries it, or the message of what it threw. */
export type Outcome = { readonly result: unknown } | { readonly error: string };

/** One execution environment of Lambda: the unpacked bundle in a process of its own. */
export interface Container {
  invoke(event: unknown): Promise<Outcome>;
  /** Everything written to stdout and stderr so far. */
  logs(): string;
  stop(): void;
}

const RUNNER = `
const { handler } = require("./index.js");
process.on("message", ({ id, event }) => {
  Promise.resolve().then(() => handler(event, {})).then(
    (result) => process.send({ id, result }),
    (error) => process.send({ id, error: String(error && error.message) }));
});
process.send({ id: 0 });
`;

/** Starts the real bundle of `lambdas/<name>`. Rejects with what it wrote where it cannot start, as Lambda's init does. */
export async function startContainer(name: string, environment: Readonly<Record<string, string>>): Promise<Container> {
  const folder = mkdtempSync(join(tmpdir(), "function-"));
  for (const [file, contents] of Object.entries(unzipSync(bundleFunction(resolve("lambdas", name)).zip))) {
    writeFileSync(join(folder, file), contents);
  }
  writeFileSync(join(folder, "runner.js"), RUNNER);
  const child = fork(join(folder, "runner.js"), { env: { ...environment }, silent: true, execArgv: [] });
  let written = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (written += String(chunk)));
  const stop = (): void => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answer(child, 0, () => written);
  } catch (error) {
    stop();
    throw error;
  }
  let last = 0;
  return {
    invoke: (event) => {
      const id = ++last;
      child.send({ id, event });
      return answer(child, id, () => written);
    },
    logs: () => written,
    stop,
  };
}

function answer(child: ChildProcess, id: number, written: () => string): Promise<Outcome> {
  return new Promise((resolvePromise, reject) => {
    const onExit = (): void => reject(new Error(`The function's process ended: ${written()}`));
    const onMessage = (message: Outcome & { readonly id: number }): void => {
      if (message.id !== id) return;
      child.off("message", onMessage).off("close", onExit);
      resolvePromise("error" in message ? { error: message.error } : { result: message.result });
    };
    child.on("message", onMessage).on("close", onExit);
  });
}
