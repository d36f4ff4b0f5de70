import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Io } from "./command";
import { runDelivery } from "./run";

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (interruption.signal.aborted) return;
    process.stderr.write("\nStopping at the next safe point, so that no state is lost …\n");
    interruption.abort();
  });
}

const io: Io = {
  root: join(__dirname, "..", ".."),
  env: process.env,
  interrupt: interruption.signal,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  ask: async (question) => {
    if (process.env["CI"] !== undefined || !process.stdin.isTTY) return undefined;
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(question, { signal: interruption.signal });
    } finally {
      lines.close();
    }
  },
};

void runDelivery(process.argv.slice(2), io).then((code) => {
  process.exitCode = code;
});
