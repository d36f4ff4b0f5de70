import { statSync } from "node:fs";
import type { LambdaFunction } from "../model/types";
import type { Code } from "./code";
import { unpack } from "./code";
import { Instance } from "./instance";
import type { InvocationResult, RuntimeOptions } from "./types";

/** How often the zip of a function in use is looked at, in ms: short enough that an edit is seen at the next try. */
const lookMs = 100;

/** An instance is let go before the local credentials in its environment expire, which last an hour at least. */
const oldestMs = 45 * 60 * 1000;

/** The warm instances of one function. Each invocation has one for itself; at the limit further ones wait in line. */
export class Pool {
  readonly #fn: LambdaFunction;
  readonly #zipFile: string;
  #options: RuntimeOptions;
  readonly #instances = new Set<Instance>();
  readonly #waiting: ((instance: Instance) => void)[] = [];
  /** The last used first, so that the rest may be let go. */
  #idle: Instance[] = [];
  #code: Code | undefined;
  #stamp = "";
  #lookedAt = 0;
  #closed = false;

  constructor(fn: LambdaFunction, zipFile: string, options: RuntimeOptions) {
    this.#fn = fn;
    this.#zipFile = zipFile;
    this.#options = options;
  }

  /** @throws Error where the zip cannot be read or unpacked */
  async invoke(functionArn: string, event: unknown, requestId: string): Promise<InvocationResult> {
    const code = this.#currentCode();
    const instance = await this.#take(code);
    const result = await instance.invoke(functionArn, event, requestId);
    this.#giveBack(instance, code);
    return result;
  }

  /** Instances from now on are started with these options. */
  use(options: RuntimeOptions): void {
    this.#options = options;
  }

  /** Ends every process; what runs or waits ends with an error. */
  close(): void {
    this.#closed = true;
    for (const instance of this.#instances) instance.stop();
    this.#instances.clear();
    this.#idle = [];
  }

  async #take(code: Code): Promise<Instance> {
    const idle = this.#idle.pop();
    if (idle?.alive === true && performance.now() - idle.startedAt < oldestMs) return idle;
    if (idle !== undefined) {
      idle.stop();
      this.#instances.delete(idle);
      return this.#take(code);
    }
    if (this.#instances.size < (this.#options.maxInstances ?? 10)) return this.#start(code);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #start(code: Code): Instance {
    const instance = new Instance(this.#fn, code.folder, this.#options);
    this.#instances.add(instance);
    return instance;
  }

  #giveBack(instance: Instance, code: Code): void {
    const current = instance.alive && code.hash === this.#code?.hash && this.#instances.has(instance);
    if (!current) {
      instance.stop();
      this.#instances.delete(instance);
    }
    const next = this.#waiting.shift();
    if (this.#closed) next?.(instance);
    else if (next !== undefined) next(current ? instance : this.#start(this.#code ?? code));
    else if (current) this.#idle.push(instance);
  }

  /** The zip as it is now. While a new one is being written, the last that was whole goes on. */
  #currentCode(): Code {
    const now = performance.now();
    if (this.#code !== undefined && now - this.#lookedAt < lookMs) return this.#code;
    this.#lookedAt = now;
    try {
      const { mtimeMs, size } = statSync(this.#zipFile);
      const stamp = `${mtimeMs} ${size}`;
      if (this.#code !== undefined && stamp === this.#stamp) return this.#code;
      const code = unpack(this.#zipFile);
      this.#stamp = stamp;
      if (code.hash !== this.#code?.hash) this.#retire();
      this.#code = code;
      return code;
    } catch (error) {
      if (this.#code !== undefined) return this.#code;
      const absent = (error as NodeJS.ErrnoException).code === "ENOENT";
      throw absent ? new Error(`The zip with the function's code is not there: ${this.#zipFile}.`) : error;
    }
  }

  #retire(): void {
    for (const instance of this.#idle) {
      instance.stop();
      this.#instances.delete(instance);
    }
    this.#idle = [];
  }
}
