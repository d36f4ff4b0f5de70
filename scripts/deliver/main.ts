import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Io } from "./command";
import { runDelivery } from "./run";

/** Terraform cancels the calls it has under way, and what AWS did all the same is then in no state. Hence two steps. */
const [interrupt, abandon] = [new AbortController(), new AbortController()];
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (!interrupt.signal.aborted) {
      process.stderr.write("\nStopping when this stack is done. Once more stops Terraform in the middle of it.\n");
      interrupt.abort();
    } else if (!abandon.signal.aborted) {
      process.stderr.write("\nStopping Terraform. It may have made things that are in no state yet.\n");
      abandon.abort();
    }
  });
}

const io: Io = {
  root: join(__dirname, "..", ".."),
  env: process.env,
  interrupt: interrupt.signal,
  abandon: abandon.signal,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  ask: async (question) => {
    if (process.env["CI"] !== undefined || !process.stdin.isTTY) return undefined;
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(question, { signal: interrupt.signal });
    } finally {
      lines.close();
    }
  },
};

process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
void runDelivery(process.argv.slice(2), io).then((code) => {
  process.exitCode = code;
});
