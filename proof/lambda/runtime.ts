import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { LambdaFunction } from "../model/types";
import { splitQualifier } from "./arn";
import { Pool } from "./pool";
import { cannotRun } from "./runtimes";
import type { Invocation, InvocationResult, RuntimeOptions } from "./types";

/** Runs the functions of a model from their zips, each in processes of its own. */
export class LambdaRuntime {
  readonly #options: RuntimeOptions;
  readonly #functions = new Map<string, LambdaFunction>();
  readonly #pools = new Map<string, Pool>();
  /** Those that the next runtime closes. */
  readonly #handedOn = new Set<Pool>();
  readonly #killAll = () => this.close();

  /** @param before a runtime whose warm instances go on where nothing about their function has changed */
  constructor(functions: readonly LambdaFunction[], options: RuntimeOptions = {}, before?: LambdaRuntime) {
    this.#options = options;
    for (const fn of functions) this.#functions.set(fn.arn, fn);
    if (before !== undefined) this.#takeOver(before);
    process.once("exit", this.#killAll);
  }

  /** The function behind an ARN, with or without a qualifier; undefined where there is none. */
  find(functionArn: string): LambdaFunction | undefined {
    const { unqualified, qualifier } = splitQualifier(functionArn);
    const fn = this.#functions.get(unqualified);
    if (fn === undefined || qualifier === undefined || qualifier === "$LATEST") return fn;
    return fn.qualifiers.includes(qualifier) ? fn : undefined;
  }

  /** Runs a function once. Never rejects. */
  async invoke(invocation: Invocation): Promise<InvocationResult> {
    const { functionArn, event, giveUpAfterMs } = invocation;
    const fn = this.find(functionArn);
    if (fn === undefined)
      return { kind: "cannot-invoke", because: `There is no function with the ARN '${functionArn}'.` };
    const because = cannotRun(fn);
    if (because !== undefined || fn.zipFile === undefined) {
      return { kind: "cannot-invoke", because: because ?? `Function '${fn.name}' has no code.` };
    }
    let pool = this.#pools.get(fn.arn);
    if (pool === undefined) {
      pool = new Pool(fn, fn.zipFile, this.#options);
      this.#pools.set(fn.arn, pool);
    }
    const running = pool
      .invoke(functionArn, event, randomUUID())
      .catch((error: Error): InvocationResult => ({ kind: "cannot-invoke", because: error.message }));
    return giveUpAfterMs === undefined ? running : orGiveUp(running, giveUpAfterMs);
  }

  /** Ends every process. Invocations under way end with an error. */
  close(): void {
    process.removeListener("exit", this.#killAll);
    for (const pool of this.#pools.values()) if (!this.#handedOn.has(pool)) pool.close();
    this.#pools.clear();
  }

  #takeOver(before: LambdaRuntime): void {
    if (!isDeepStrictEqual(settings(this.#options), settings(before.#options))) return;
    for (const [arn, pool] of before.#pools) {
      if (!isDeepStrictEqual(this.#functions.get(arn), before.#functions.get(arn))) continue;
      pool.use(this.#options);
      this.#pools.set(arn, pool);
      before.#handedOn.add(pool);
    }
  }
}

/** What an instance is started with and keeps. */
function settings({ redirects, endpointUrl, maxInstances }: RuntimeOptions): object {
  return { redirects, endpointUrl, maxInstances };
}

function orGiveUp(running: Promise<InvocationResult>, ms: number): Promise<InvocationResult> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: "gave-up" }), ms);
    void running.then((result) => {
      clearTimeout(timer);
      resolve(result);
    });
  });
}
