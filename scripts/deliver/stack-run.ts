import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { terraform, type TerraformResult } from "../terraform/terraform";
import type { TerraformTools } from "../terraform/tools";
import type { Deliverable } from "./deliverable";
import { DeliveryFailure } from "./failure";
import { readPlan, type Plan } from "./plan";
import { terraformProblem, type TerraformProblem } from "./terraform-problem";

/** The file in a stack's folder that holds its latest plan, where the CDKTF CLI leaves its own. */
const PLAN_FILE = "plan";
/** Four hours: a custom domain or an edge deployment can take most of one. */
const TIMEOUT_MS = 4 * 3_600_000;

/** What did not work, with what Terraform printed. */
export class StackFailure extends DeliveryFailure {
  constructor(readonly problem: TerraformProblem) {
    super(problem);
    this.name = "StackFailure";
  }
}

export interface StackRunOptions {
  readonly tools: TerraformTools;
  readonly stack: Deliverable;
  readonly interrupt: AbortSignal;
  readonly abandon: AbortSignal;
  /** Each line of Terraform's output. */
  readonly onLine?: (line: string) => void;
}

/** Terraform on one stack, each step as a promise that fails with what is wrong and what to do. */
export class StackRun {
  readonly #options: StackRunOptions;
  #initialized = false;

  constructor(options: StackRunOptions) {
    this.#options = options;
  }

  /** Done once, unless it is asked for with flags: it reads the whole provider, to check it. */
  async init(...more: readonly string[]): Promise<void> {
    if (this.#initialized && more.length === 0) return;
    await this.#run(["init", "-input=false", ...more]);
    this.#initialized = true;
  }

  /**
   * @param lock whether to hold the state's lock while planning: not for a plan that nothing is applied from
   * @param destroy plan to destroy everything
   */
  async plan({ lock, destroy = false }: { lock: boolean; destroy?: boolean }): Promise<Plan> {
    const flags = [`-lock=${lock}`, ...(destroy ? ["-destroy"] : []), ...this.#variables()];
    const { code } = await this.#run(["plan", "-input=false", "-detailed-exitcode", `-out=${PLAN_FILE}`, ...flags]);
    return readPlan((await this.#run(["show", "-json", PLAN_FILE], false)).stdout, code);
  }

  #variables(): string[] {
    return Object.entries(this.#options.stack.variables).map(([name, value]) => `-var=${name}=${value}`);
  }

  /** The latest plan for people, secrets masked by Terraform. */
  async planText(): Promise<string> {
    return (await this.#run(["show", "-no-color", PLAN_FILE], false)).stdout;
  }

  /** Applies the latest plan and nothing else: Terraform refuses it where the state has moved on. */
  async applyPlan(): Promise<void> {
    await this.#run(["apply", "-input=false", PLAN_FILE]);
  }

  /** What the state holds. Pulled rather than shown: to show it, Terraform starts the provider for its schema. */
  async state(): Promise<State> {
    const text = await this.pullState();
    return text === "" ? { resources: [] } : (JSON.parse(text) as State);
  }

  /** The raw state; empty text where there is none. */
  async pullState(): Promise<string> {
    return (await this.#run(["state", "pull"], false)).stdout.trim();
  }

  async pushState(file: string): Promise<void> {
    await this.#run(["state", "push", file]);
  }

  /**
   * Takes away what keeps data from being destroyed, in the synthesized JSON and, where the service itself protects
   * it, by an apply.
   */
  async liftProtection(): Promise<void> {
    const file = join(this.#options.stack.folder, "cdk.tf.json");
    const before = readFileSync(file, "utf8");
    const after = before
      .replaceAll('"prevent_destroy": true', '"prevent_destroy": false')
      .replaceAll('"deletion_protection": "ACTIVE"', '"deletion_protection": "INACTIVE"');
    if (before === after) return;
    writeFileSync(file, after);
    if (before.includes('"deletion_protection": "ACTIVE"')) await this.#run(["apply", "-input=false", "-auto-approve"]);
  }

  /**
   * Keeps what is protected and was cut off while it was being made. Terraform marks such a resource to be replaced,
   * which its protection forbids for ever; unmarked, the next plan puts right whatever it still lacks.
   *
   * @returns the addresses
   */
  async keepCutOff(): Promise<readonly string[]> {
    const state = await this.pullState();
    if (!state.includes('"tainted"')) return [];
    const { resource = {} } = JSON.parse(
      readFileSync(join(this.#options.stack.folder, "cdk.tf.json"), "utf8"),
    ) as Blocks;
    const tainted = (JSON.parse(state) as State).resources
      .filter(({ instances }) => instances.some(({ status }) => status === "tainted"))
      .filter(({ type, name }) => resource[type]?.[name]?.lifecycle?.prevent_destroy === true)
      .map(({ type, name }) => `${type}.${name}`);
    for (const address of tainted) await this.#run(["untaint", address]);
    return tainted;
  }

  async #run(args: readonly string[], shown = true): Promise<TerraformResult> {
    const { tools, stack, interrupt, abandon, onLine } = this.#options;
    const [step = ""] = args;
    const program = basename(tools.binary);
    const stopped: TerraformProblem = {
      kind: "interrupted",
      where: stack.name,
      what: `It was stopped during ${program} ${step}. What was done until then is in its state.`,
      next: "Run the same command again: it goes on where it stopped.",
    };
    if (interrupt.aborted) throw new StackFailure(stopped);
    const lines = new LineSplitter((line) => onLine?.(line));
    const result = await terraform(tools, stack.folder, args, {}, TIMEOUT_MS, {
      // Only a step that changes something is worth waiting for.
      interrupt: step === "apply" ? abandon : interrupt,
      ...(shown ? { onOutput: (text: string) => lines.write(text) } : {}),
    });
    lines.end();
    // 2 is how a plan says that something would change.
    if (result.code === 0 || (step === "plan" && result.code === 2)) return result;
    throw new StackFailure(
      (step === "apply" ? abandon : interrupt).aborted
        ? stopped
        : terraformProblem(stack, step, result.output, program),
    );
  }
}

/** What `terraform state pull` prints, as far as it is read. */
export interface State {
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly status?: string;
      readonly attributes?: Readonly<Record<string, unknown>>;
    }[];
  }[];
}

/** `cdk.tf.json`, as far as it is read. */
interface Blocks {
  readonly resource?: Readonly<
    Record<string, Readonly<Record<string, { readonly lifecycle?: { readonly prevent_destroy?: boolean } }>>>
  >;
}

class LineSplitter {
  #rest = "";

  constructor(private readonly onLine: (line: string) => void) {}

  write(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    lines.forEach((line) => this.onLine(line));
  }

  end(): void {
    if (this.#rest !== "") this.onLine(this.#rest);
    this.#rest = "";
  }
}
