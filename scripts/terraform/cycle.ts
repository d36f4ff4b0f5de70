import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SynthesizedStack } from "./stacks";
import { terraform, type TerraformResult } from "./terraform";
import type { TerraformTools } from "./tools";

/** Terraform on one synthesized stack, against whatever `env` points at. */
export class StackCycle {
  readonly #tools: TerraformTools;
  readonly #env: NodeJS.ProcessEnv;
  readonly stack: SynthesizedStack;

  constructor(tools: TerraformTools, stack: SynthesizedStack, env: NodeJS.ProcessEnv) {
    this.#tools = tools;
    this.#env = env;
    this.stack = stack;
  }

  init(): Promise<TerraformResult> {
    return this.#run("init", "-input=false");
  }

  apply(): Promise<TerraformResult> {
    return this.#run("apply", "-input=false", "-auto-approve");
  }

  /** 0 nothing to change, 2 changes, 1 an error. */
  plan(): Promise<TerraformResult> {
    return this.#run("plan", "-input=false", "-detailed-exitcode");
  }

  /** Without a look at what is there first: an apply or a plan has just been. */
  destroy(): Promise<TerraformResult> {
    return this.#run("destroy", "-input=false", "-auto-approve", "-refresh=false");
  }

  /** Addresses in the state; empty where there is no state. */
  async resources(): Promise<readonly string[]> {
    if (!existsSync(join(this.stack.folder, ".terraform"))) return [];
    const { code, output } = await this.#run("state", "list");
    return code === 0 ? output.split("\n").filter((line) => line !== "" && !line.startsWith("data.")) : [];
  }

  #run(...args: readonly string[]): Promise<TerraformResult> {
    return terraform(this.#tools, this.stack.folder, args, this.#env);
  }
}
