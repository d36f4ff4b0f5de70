import type { Environment } from "../../environments/schema";
import type { TerraformTools } from "../terraform/tools";
import { checkAccounts, refuseUnassumable, type Unassumable } from "./accounts";
import type { Io } from "./command";
import { deliverables, type Deliverable } from "./deliverable";
import { Progress } from "./progress";
import { StackRun } from "./stack-run";
import { outputDirectory, synthesize } from "./synthesis";
import { requireTerraform } from "./tools";

/** One environment, synthesized, with what it takes to deliver it. */
export class Session {
  readonly progress: Progress;
  #tools: TerraformTools | undefined;
  readonly #runs = new Map<string, StackRun>();

  constructor(
    readonly io: Io,
    readonly environment: Environment,
    /** Whether to show every line of Terraform's output. */
    readonly verbose: boolean,
  ) {
    this.progress = new Progress(io, verbose);
  }

  /** `<project>-<environment>` */
  get namePrefix(): string {
    return `${this.environment.project}-${this.environment.name}`;
  }

  get directory(): string {
    return outputDirectory(this.io.root, this.io.env);
  }

  /** Finds Terraform first, so that its absence is told before a minute of work. @throws InputError */
  synthesize(): readonly Deliverable[] {
    this.#tools ??= requireTerraform(this.io.env);
    this.progress.say(`Synthesizing ${this.environment.name} …`);
    const { root, env } = this.io;
    synthesize({ root, environment: this.environment.name, outdir: this.directory, env });
    this.#runs.clear();
    return deliverables(this.directory, this.namePrefix);
  }

  /** @throws InputError where the credentials are missing, expired, of another account, or may not take on a role */
  async requireAccounts(stacks: readonly Deliverable[]): Promise<void> {
    refuseUnassumable(await this.checkAccounts(stacks));
  }

  /** As `requireAccounts`, but roles that cannot be taken on are the caller's to report. */
  checkAccounts(stacks: readonly Deliverable[]): Promise<Unassumable> {
    return checkAccounts(stacks, this.environment.region);
  }

  /** The one run of a stack, so that what was prepared once is not prepared again. */
  run(stack: Deliverable): StackRun {
    const known = this.#runs.get(stack.name);
    if (known !== undefined) return known;
    const tools = (this.#tools ??= requireTerraform(this.io.env));
    const { interrupt, abandon } = this.io;
    const run = new StackRun({
      tools,
      stack,
      interrupt,
      abandon,
      onLine: (line) => this.progress.terraform(stack.name, line),
    });
    this.#runs.set(stack.name, run);
    return run;
  }
}
