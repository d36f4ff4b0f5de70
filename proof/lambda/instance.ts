import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { join } from "node:path";
import type { LambdaFunction } from "../model/types";
import { functionEnvironment } from "./environment";
import type { InvocationResult, RuntimeOptions } from "./types";

/** Lambda gives a function's module ten seconds to load (docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html). */
const initMs = 10_000;

interface Reply {
  readonly type: "ready" | "init-error" | "result" | "error";
  readonly requestId?: string;
  readonly payload?: unknown;
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
}

/** One process that runs one function, one invocation at a time. Once it is not alive it stays so. */
export class Instance {
  /** Milliseconds of `performance.now()`. */
  readonly startedAt = performance.now();
  readonly #child: ChildProcess;
  readonly #fn: LambdaFunction;
  readonly #ready: Promise<Reply>;
  #onReply: (reply: Reply) => void = () => undefined;
  #requestId = "";
  #exit: string | undefined;

  constructor(fn: LambdaFunction, folder: string, options: RuntimeOptions) {
    this.#fn = fn;
    this.#child = fork(join(__dirname, "bootstrap.js"), [], {
      cwd: folder,
      env: functionEnvironment(fn, options, folder),
      // Lambda leaves a tenth of the memory to what is not the heap.
      execArgv: [`--max-old-space-size=${Math.floor(fn.memoryMb * 0.9)}`],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#readLines(this.#child.stdout, "stdout", options.log);
    this.#readLines(this.#child.stderr, "stderr", options.log);
    this.#ready = this.#next(
      initMs,
      "Sandbox.Timedout",
      `Error: Task timed out after ${(initMs / 1000).toFixed(2)} seconds`,
    );
    this.#child.on("message", (reply) => this.#onReply(reply as Reply));
    this.#child.once("error", (error) => this.#end(`Error: Runtime failed to start: ${error.message}`));
    this.#child.once("exit", (code, signal) =>
      this.#end(`Error: Runtime exited with error: ${signal === null ? `exit status ${code}` : `signal: ${signal}`}`),
    );
    this.#child.send({
      type: "init",
      folder,
      handler: fn.handler,
      fallbackFolder: __dirname,
      redirects: options.redirects ?? [],
      functionName: fn.name,
      memoryMb: String(fn.memoryMb),
      logGroupName: `/aws/lambda/${fn.name}`,
      logStreamName: "local",
    });
  }

  get alive(): boolean {
    return this.#exit === undefined;
  }

  /** Runs the handler once. Never rejects. */
  async invoke(functionArn: string, event: unknown, requestId: string): Promise<InvocationResult> {
    const ready = await this.#ready;
    const started = performance.now();
    const seconds = this.#fn.timeoutSeconds;
    const reply =
      ready.type !== "ready"
        ? ready
        : this.#exit !== undefined
          ? { type: "error" as const, error: { errorType: "Runtime.ExitError", errorMessage: this.#exit } }
          : await this.#run(functionArn, event, requestId, seconds);
    const durationMs = performance.now() - started;
    if (reply.type === "result") return { kind: "payload", payload: reply.payload ?? null, durationMs };
    const { errorType, errorMessage } = reply.error ?? { errorType: "Runtime.Unknown", errorMessage: "Unknown error" };
    const ofTheSandbox = errorType === "Runtime.ExitError" || errorType === "Sandbox.Timedout";
    return {
      kind: "error",
      errorType,
      errorMessage: ofTheSandbox ? `RequestId: ${requestId} ${errorMessage}` : errorMessage,
      durationMs,
    };
  }

  stop(): void {
    this.#exit ??= "Error: Runtime was stopped";
    this.#child.kill("SIGKILL");
  }

  #run(functionArn: string, event: unknown, requestId: string, seconds: number): Promise<Reply> {
    this.#requestId = requestId;
    const reply = this.#next(
      seconds * 1000,
      "Sandbox.Timedout",
      `Error: Task timed out after ${seconds.toFixed(2)} seconds`,
    );
    this.#child.send({ type: "invoke", requestId, functionArn, event, deadline: Date.now() + seconds * 1000 });
    return reply;
  }

  /** The next reply, or an error once the time is over; then the process is killed, as Lambda does. */
  #next(limitMs: number, errorType: string, errorMessage: string): Promise<Reply> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#onReply({ type: "error", error: { errorType, errorMessage } });
        this.stop();
      }, limitMs);
      this.#onReply = (reply) => {
        clearTimeout(timer);
        this.#onReply = () => undefined;
        resolve(reply);
      };
    });
  }

  #end(how: string): void {
    this.#exit ??= how;
    this.#onReply({ type: "error", error: { errorType: "Runtime.ExitError", errorMessage: how } });
  }

  #readLines(stream: Readable | null, name: "stdout" | "stderr", log: RuntimeOptions["log"]): void {
    if (stream === null) return;
    if (log === undefined) {
      stream.resume();
      return;
    }
    let requestId = "";
    createInterface({ input: stream, crlfDelay: Infinity }).on("line", (line) => {
      // `time TAB request id TAB level TAB message`: the first line of an entry names its invocation.
      const named = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t([^\t]+)\t[A-Z]+\t/.exec(line)?.[1];
      if (named !== undefined) requestId = named === "undefined" ? "" : named;
      log({ functionName: this.#fn.name, requestId: requestId || this.#requestId, stream: name, line });
    });
  }
}
