import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
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
  /** Everything written to stdout and stderr up to the last answer. */
  logs(): string;
  stop(): void;
}

/**
 * An answer and the lines that were written before it take different ways to the parent, so the runner marks on both
 * streams where the answer stands, and the parent waits for the marks.
 */
const RUNNER = `
const { handler } = require("./index.js");
const answer = (message) => {
  for (const stream of [process.stdout, process.stderr]) stream.write("\\u001e" + message.id + "\\u001e");
  process.send(message);
};
process.on("message", ({ id, event }) => {
  Promise.resolve().then(() => handler(event, {})).then(
    (result) => answer({ id, result }),
    (error) => answer({ id, error: String(error && error.message) }));
});
answer({ id: 0 });
`;

const MARK = /\u001e\d+\u001e/g;

/** Starts the real bundle of `lambdas/<name>`. Rejects with what it wrote where it cannot start, as Lambda's init does. */
export async function startContainer(name: string, environment: Readonly<Record<string, string>>): Promise<Container> {
  const folder = mkdtempSync(join(tmpdir(), "function-"));
  for (const [file, contents] of Object.entries(unzipSync(bundleFunction(resolve("lambdas", name)).zip))) {
    writeFileSync(join(folder, file), contents);
  }
  writeFileSync(join(folder, "runner.js"), RUNNER);
  const child = fork(join(folder, "runner.js"), { env: { ...environment }, silent: true, execArgv: [] });
  const streams = [child.stdout, child.stderr].flatMap((stream) => (stream === null ? [] : [stream]));
  const texts = streams.map(() => "");
  streams.forEach((stream, index) => stream.on("data", (chunk) => (texts[index] += String(chunk))));
  const written = (): string => texts.join("").replaceAll(MARK, "");
  const settled = async (id: number): Promise<void> => {
    for (const [index, stream] of streams.entries()) {
      while (texts[index]?.includes(`\u001e${id}\u001e`) !== true) await once(stream, "data");
    }
  };
  const stop = (): void => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answer(child, 0, written);
  } catch (error) {
    stop();
    throw error;
  }
  let last = 0;
  return {
    invoke: async (event) => {
      const id = ++last;
      child.send({ id, event });
      const outcome = await answer(child, id, written);
      await settled(id);
      return outcome;
    },
    logs: written,
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
